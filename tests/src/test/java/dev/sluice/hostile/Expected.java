package dev.sluice.hostile;

import dev.sluice.hostile.Fate.Duplicate;
import dev.sluice.hostile.Fate.Filtered;
import dev.sluice.hostile.Fate.Loaded;
import dev.sluice.hostile.Fate.Quarantined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a batch must leave, worked out from its messages alone.
final class Expected {
  /// As `pipeline.yaml` of the hostile pipeline has it.
  private static final int MAX_COUNTRIES = 12;

  private static final int LONGEST_PARTITION = 100;

  private final Map<String, List<Row>> rows = new HashMap<>();
  private final Set<String> countries = new HashSet<>();
  private long loaded;
  private long quarantined;
  private long duplicate;
  private long filtered;

  Expected(List<Sent> messages) {
    for (Sent message : messages) {
      List<Row> own = rows.computeIfAbsent(message.envelope().messageId(), _ -> new ArrayList<>());
      message.fates().forEach(fate -> count(fate, own));
    }
    rows.values().forEach(own -> own.sort(Row.ORDER));
  }

  private void count(Fate fate, List<Row> own) {
    switch (fate) {
      case Loaded(String id, String note, String country) -> {
        loaded++;
        own.add(new Row("loaded", id, note, country, partition(country)));
      }
      case Quarantined(String reason, String text) -> {
        quarantined++;
        own.add(new Row(reason, text, "", "", ""));
      }
      case Duplicate() -> duplicate++;
      case Filtered() -> filtered++;
    }
  }

  private String partition(String country) {
    boolean isFolder =
        isPlain(country) && (countries.size() < MAX_COUNTRIES || countries.contains(country));
    if (isFolder) {
      countries.add(country);
    }
    return isFolder ? country : "__other";
  }

  private static boolean isPlain(String value) {
    String plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return value.length() <= LONGEST_PARTITION
        && !value.startsWith("__")
        && !value.equalsIgnoreCase("null")
        && !value.startsWith(".")
        && !value.endsWith(".")
        && !value.contains("..")
        && value.chars().allMatch(c -> c == '.' || plain.indexOf(c) >= 0);
  }

  /// The rows of each message, by its id, in [Row#ORDER].
  Map<String, List<Row>> rows() {
    return rows;
  }

  /// Loaded, quarantined, duplicate and filtered, in events.
  List<Long> counts() {
    return List.of(loaded, quarantined, duplicate, filtered);
  }
}
