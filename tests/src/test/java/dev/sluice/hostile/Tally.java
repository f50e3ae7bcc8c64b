package dev.sluice.hostile;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What came of the events of each class.
final class Tally {
  private final Map<String, Map<String, Long>> became = new TreeMap<>();
  private final Map<String, Long> events = new TreeMap<>();
  private long sent;

  void count(Sent message, List<Row> rows) {
    sent += message.fates().size();
    events.merge(message.kind(), (long) message.fates().size(), Long::sum);
    Map<String, Long> own = became.computeIfAbsent(message.kind(), _ -> new TreeMap<>());
    rows.forEach(row -> own.merge(row.became(), 1L, Long::sum));
  }

  /// In events.
  long sent() {
    return sent;
  }

  /// One line for each class.
  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder("%-30s %10s %10s  %s%n".formatted("class", "sent", "loaded", "others"));
    became.forEach((kind, own) ->
        table.append(
            "%-30s %,10d %,10d  %s%n"
                .formatted(
                    kind,
                    events.get(kind),
                    own.getOrDefault("loaded", 0L),
                    others(events.getOrDefault(kind, 0L), own))));
    return table.toString();
  }

  private static String others(long events, Map<String, Long> own) {
    long rows = own.values().stream().mapToLong(Long::longValue).sum();
    String reasons =
        own.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("loaded"))
            .map(entry -> "%s %,d".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(", "));
    String uncounted = rows < events ? "no row %,d".formatted(events - rows) : "";
    return reasons + (reasons.isEmpty() || uncounted.isEmpty() ? "" : ", ") + uncounted;
  }
}
