package dev.sluice.fakes;

import dev.sluice.contracts.ReferenceTableContract;
import dev.sluice.reference.ReferenceTable;

final class MemoryReferenceTableTest extends ReferenceTableContract {
  private final ReferenceTable table = new MemoryReferenceTable(KEY);

  @Override
  protected ReferenceTable table() {
    return table;
  }
}
