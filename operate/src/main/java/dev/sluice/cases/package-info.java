/// Runs a pipeline on files without AWS: the cases in its `tests` folder, and a preview of a file.
@NullMarked
package dev.sluice.cases;

import org.jspecify.annotations.NullMarked;
