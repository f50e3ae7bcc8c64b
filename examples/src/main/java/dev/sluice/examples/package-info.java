/// Generators of realistic events for the example pipelines.
@NullMarked
package dev.sluice.examples;

import org.jspecify.annotations.NullMarked;
