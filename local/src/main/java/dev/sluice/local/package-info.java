/// AWS in one process, the data folder, and the ticker that runs the stages on them.
@NullMarked
package dev.sluice.local;

import org.jspecify.annotations.NullMarked;
