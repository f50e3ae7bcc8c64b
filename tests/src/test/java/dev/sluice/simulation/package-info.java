/// Breaks every call that the stages make, in every way that a call can break, and checks that each
/// event is in the lake or in quarantine exactly once all the same.
@NullMarked
package dev.sluice.simulation;

import org.jspecify.annotations.NullMarked;
