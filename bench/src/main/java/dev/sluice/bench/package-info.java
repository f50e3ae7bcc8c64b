/// Measures CPU, memory and lag of the stages.
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
