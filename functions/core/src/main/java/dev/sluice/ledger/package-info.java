/// The one place that decides what is staged, open and committed.
@NullMarked
package dev.sluice.ledger;

import org.jspecify.annotations.NullMarked;
