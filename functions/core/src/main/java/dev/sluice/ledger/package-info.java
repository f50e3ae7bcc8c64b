/// The ledger port: the single authority on what is staged, planned and committed.
@NullMarked
package dev.sluice.ledger;

import org.jspecify.annotations.NullMarked;
