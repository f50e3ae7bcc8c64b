package dev.sluice.fakes;

import dev.sluice.contracts.LedgerContract;
import dev.sluice.ledger.Ledger;

final class MemoryLedgerTest extends LedgerContract {
  @Override
  protected Ledger empty() {
    return new MemoryLedger();
  }
}
