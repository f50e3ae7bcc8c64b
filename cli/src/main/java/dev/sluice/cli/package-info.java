/// The `sluice` command: one class for each command, with its arguments and its output.
@NullMarked
package dev.sluice.cli;

import org.jspecify.annotations.NullMarked;
