/// The third stage: commit, publication, receipt, metrics.
@NullMarked
package dev.sluice.load;

import org.jspecify.annotations.NullMarked;
