/// The port of the state machine, whose executions are ticks.
@NullMarked
package dev.sluice.tick;

import org.jspecify.annotations.NullMarked;
