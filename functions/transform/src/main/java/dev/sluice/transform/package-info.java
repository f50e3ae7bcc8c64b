/// The second stage: from staged chunks to the files of a batch that is ready to be committed.
@NullMarked
package dev.sluice.transform;

import org.jspecify.annotations.NullMarked;
