package dev.sluice.fakes;

import dev.sluice.reference.ReferenceTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// An in-memory [ReferenceTable].
public final class MemoryReferenceTable implements ReferenceTable {
  private final String key;
  private final Map<String, Map<String, String>> rows = new ConcurrentHashMap<>();

  public MemoryReferenceTable(String key) {
    this.key = key;
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  @Override
  public List<Map<String, String>> get(List<String> keys) {
    return keys.stream()
        .distinct()
        .map(value -> Optional.ofNullable(rows.get(value)))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public List<Map<String, String>> scan() {
    return List.copyOf(rows.values());
  }

  @Override
  public void put(Stream<Map<String, String>> all) {
    all.forEach(row -> rows.put(Objects.requireNonNull(row.get(key)), Map.copyOf(row)));
  }
}
