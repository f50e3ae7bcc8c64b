/// The port of reference tables.
@NullMarked
package dev.sluice.reference;

import org.jspecify.annotations.NullMarked;
