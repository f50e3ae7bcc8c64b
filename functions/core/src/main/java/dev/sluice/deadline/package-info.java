/// The time limit of a function.
@NullMarked
package dev.sluice.deadline;

import org.jspecify.annotations.NullMarked;
