package dev.sluice.hostile;

import dev.sluice.hostile.ExpectedOutcome.Duplicate;
import dev.sluice.hostile.ExpectedOutcome.Filtered;
import dev.sluice.hostile.ExpectedOutcome.Loaded;
import dev.sluice.hostile.ExpectedOutcome.Quarantined;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rows and counts that one batch must produce, computed from its messages only.
final class ExpectedBatch {
  /// Same as in the hostile `pipeline.yaml`.
  private static final int MAX_COUNTRIES = 12;

  private static final int MAX_PARTITION_LENGTH = 100;

  private final Map<String, List<OutputRow>> rows = new HashMap<>();
  private final Set<String> countries = new HashSet<>();
  private long loaded;
  private long quarantined;
  private long duplicate;
  private long filtered;

  ExpectedBatch(List<SentMessage> messages) {
    for (SentMessage message : messages) {
      List<OutputRow> messageRows =
          rows.computeIfAbsent(message.envelope().messageId(), _ -> new ArrayList<>());
      message.outcomes().forEach(outcome -> count(outcome, messageRows));
    }
    rows.values().forEach(messageRows -> messageRows.sort(OutputRow.ORDER));
  }

  private void count(ExpectedOutcome outcome, List<OutputRow> messageRows) {
    switch (outcome) {
      case Loaded(String id, String note, String country) -> {
        loaded++;
        messageRows.add(new OutputRow("loaded", id, note, country, partition(country)));
      }
      case Quarantined(String reason, String text) -> {
        quarantined++;
        messageRows.add(new OutputRow(reason, text, "", "", ""));
      }
      case Duplicate() -> duplicate++;
      case Filtered() -> filtered++;
    }
  }

  private String partition(String country) {
    boolean isFolder =
        isValidPartition(country)
            && (countries.size() < MAX_COUNTRIES || countries.contains(country));
    if (isFolder) {
      countries.add(country);
    }
    return isFolder ? country : "__other";
  }

  private static boolean isValidPartition(String value) {
    String allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return value.length() <= MAX_PARTITION_LENGTH
        && !value.startsWith("__")
        && !value.equalsIgnoreCase("null")
        && !value.startsWith(".")
        && !value.endsWith(".")
        && !value.contains("..")
        && value.chars().allMatch(c -> c == '.' || allowed.indexOf(c) >= 0);
  }

  /// The rows of each message, by message id, in [OutputRow#ORDER].
  Map<String, List<OutputRow>> rows() {
    return rows;
  }

  /// The numbers of loaded, quarantined, duplicate and filtered events.
  List<Long> counts() {
    return List.of(loaded, quarantined, duplicate, filtered);
  }
}
