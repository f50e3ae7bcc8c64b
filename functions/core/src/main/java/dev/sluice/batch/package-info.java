/// The records of a batch: its plan, its manifest and its receipt.
@NullMarked
package dev.sluice.batch;

import org.jspecify.annotations.NullMarked;
