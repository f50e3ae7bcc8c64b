/// The first stage: from the queue to staged chunks.
@NullMarked
package dev.sluice.extract;

import org.jspecify.annotations.NullMarked;
