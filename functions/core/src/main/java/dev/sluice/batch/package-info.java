/// What a batch is: its plan, its manifest, its receipt.
@NullMarked
package dev.sluice.batch;

import org.jspecify.annotations.NullMarked;
