package dev.sluice.hostile;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Counts the events of each class by outcome.
final class OutcomeCounts {
  private final Map<String, Map<String, Long>> rowsByOutcome = new TreeMap<>();
  private final Map<String, Long> events = new TreeMap<>();
  private long allEvents;

  void count(SentMessage message, List<OutputRow> rows) {
    allEvents += message.outcomes().size();
    events.merge(message.kind(), (long) message.outcomes().size(), Long::sum);
    Map<String, Long> ofClass = rowsByOutcome.computeIfAbsent(message.kind(), _ -> new TreeMap<>());
    rows.forEach(row -> ofClass.merge(row.outcome(), 1L, Long::sum));
  }

  /// The number of events sent.
  long events() {
    return allEvents;
  }

  /// A table with one line for each class.
  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder("%-36s %10s %10s  %s%n".formatted("class", "sent", "loaded", "others"));
    rowsByOutcome.forEach((kind, rows) -> {
      long sent = events.getOrDefault(kind, 0L);
      long loaded = rows.getOrDefault("loaded", 0L);
      table.append("%-36s %,10d %,10d  %s%n".formatted(kind, sent, loaded, others(sent, rows)));
    });
    return table.toString();
  }

  private static String others(long sent, Map<String, Long> rows) {
    long allRows = rows.values().stream().mapToLong(Long::longValue).sum();
    String reasons =
        rows.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("loaded"))
            .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    String withoutRow = allRows < sent ? "no row %,d".formatted(sent - allRows) : "";
    return reasons + (reasons.isEmpty() || withoutRow.isEmpty() ? "" : ", ") + withoutRow;
  }
}
