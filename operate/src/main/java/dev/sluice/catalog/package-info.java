/// Table definitions for Athena.
@NullMarked
package dev.sluice.catalog;

import org.jspecify.annotations.NullMarked;
