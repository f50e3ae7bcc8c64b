/// The ports in memory, for the tests of every module.
@NullMarked
package dev.sluice.fakes;

import org.jspecify.annotations.NullMarked;
