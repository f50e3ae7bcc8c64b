package dev.sluice.hostile;

import dev.sluice.hostile.ExpectedOutcome.Duplicate;
import dev.sluice.hostile.ExpectedOutcome.Filtered;
import dev.sluice.hostile.ExpectedOutcome.Loaded;
import dev.sluice.hostile.ExpectedOutcome.Parcel;
import dev.sluice.hostile.ExpectedOutcome.Quarantined;
import dev.sluice.hostile.ExpectedOutcome.Thing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private long longLabels;

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
      case Loaded(String id, Optional<Thing> thing, Optional<Parcel> parcel) -> {
        loaded++;
        thing.ifPresent(row ->
            messageRows.add(
                new OutputRow("loaded", id, row.note(), row.country(), partition(row.country()))));
        parcel.ifPresent(row -> {
          messageRows.add(new OutputRow(OutputRow.PARCEL, id, row.label(), row.weight(), ""));
          longLabels += isLong(row.label()) ? 1 : 0;
        });
      }
      case Quarantined(String reason, String text) -> {
        quarantined++;
        messageRows.add(new OutputRow(reason, text, "", "", ""));
      }
      case Duplicate() -> duplicate++;
      case Filtered() -> filtered++;
    }
  }

  private static boolean isLong(String label) {
    return !label.equals(Loaded.NULL) && label.codePointCount(0, label.length()) > 3;
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

  /// The number of parcels that violate the expectation with `otherwise: warn`.
  long longLabels() {
    return longLabels;
  }

  /// The numbers of loaded, quarantined, duplicate and filtered events.
  List<Long> counts() {
    return List.of(loaded, quarantined, duplicate, filtered);
  }
}
