/// Measures CPU, memory and delay of the stages.
@NullMarked
package dev.sluice.bench;

import org.jspecify.annotations.NullMarked;
