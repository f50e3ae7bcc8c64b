package dev.sluice.transform;

final class MemoryReferenceTableTest extends ReferenceTableContract {
  private final ReferenceTable table = new MemoryReferenceTable(KEY);

  @Override
  protected ReferenceTable table() {
    return table;
  }
}
