/// The deterministic simulation: runs the stages on a simulated AWS, injects a fault of each kind
/// into each of their calls, and checks the invariants of docs/protocol.md after each run.
@NullMarked
package dev.sluice.simulation;

import org.jspecify.annotations.NullMarked;
