/// What stages report while they run, for logs and metrics.
@NullMarked
package dev.sluice.observe;

import org.jspecify.annotations.NullMarked;
