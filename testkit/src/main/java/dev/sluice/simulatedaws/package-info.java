/// An AWS in memory, behind the SDK's own HTTP interface: the real clients marshal, sign, retry and
/// parse, and only the wire is simulated. Time is a clock that stands until it is told to go.
@NullMarked
package dev.sluice.simulatedaws;

import org.jspecify.annotations.NullMarked;
