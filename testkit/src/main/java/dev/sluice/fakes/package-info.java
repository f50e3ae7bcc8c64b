/// In-memory implementations of the ports, and helpers for the tests of every module.
@NullMarked
package dev.sluice.fakes;

import org.jspecify.annotations.NullMarked;
