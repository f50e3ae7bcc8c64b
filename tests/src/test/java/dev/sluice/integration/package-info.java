/// Tests across modules.
@NullMarked
package dev.sluice.integration;

import org.jspecify.annotations.NullMarked;
