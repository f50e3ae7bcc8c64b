/// What a stage tells while it runs, for those who operate it.
@NullMarked
package dev.sluice.watch;

import org.jspecify.annotations.NullMarked;
