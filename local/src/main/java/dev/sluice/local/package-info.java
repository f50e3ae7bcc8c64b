/// The `sluice` command: the same stages as in Lambda, on an AWS that runs in this process.
@NullMarked
package dev.sluice.local;

import org.jspecify.annotations.NullMarked;
