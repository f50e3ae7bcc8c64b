/// The third stage: commit, publish, receipt, metrics.
@NullMarked
package dev.sluice.load;

import org.jspecify.annotations.NullMarked;
