/// The second stage: from staged chunks to a batch's files, ready to be committed.
@NullMarked
package dev.sluice.transform;

import org.jspecify.annotations.NullMarked;
