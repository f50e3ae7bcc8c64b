package dev.sluice.sample;

import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.field.FieldValue;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.sample.Created.Example;
import dev.sluice.sample.Created.Quarantined;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Runs admission on a sample as Transform does, and keeps a few events for a test case: the first
/// ones of each type, those with a field that the others do not have, and the first one for each
/// reason of quarantine.
final class CaseMessages {
  private static final int FIRST = 3;
  private static final int MAX_PER_TYPE = 5;
  private static final int MAX_QUARANTINED = 3;

  /// Longer events make a case hard to read.
  private static final int MAX_LENGTH = 10_000;

  private final Admitter admitter;
  private final Instant sentAt;
  private final SequencedMap<String, Example> reasons = new LinkedHashMap<>();
  private final Map<String, Kept> types = new HashMap<>();
  private final List<String> messages = new ArrayList<>();
  private long events;
  private long quarantined;

  /// What is kept of a type.
  private static final class Kept {
    private int count;
    private final BitSet fields = new BitSet();
  }

  /// @param sentAt when all messages are sent
  CaseMessages(Pipeline pipeline, Instant sentAt) {
    this.admitter = new Admitter(pipeline.admissionRules());
    this.sentAt = sentAt;
  }

  void add(String body) {
    for (Admission admission : admitter.admit(new Envelope("m", sentAt, body))) {
      events++;
      switch (admission) {
        case Rejected rejected ->
            quarantined(rejected.text(), rejected.reason().label(), rejected.detail());
        case Admitted event when !event.broken().isEmpty() ->
            quarantined(event.text(), event.broken().getFirst(), event.detail());
        case Admitted event -> loaded(event);
      }
    }
  }

  private void quarantined(String text, String reason, String detail) {
    quarantined++;
    boolean isNew = !reasons.containsKey(reason);
    reasons.merge(
        reason,
        new Example(reason, 1, events, detail),
        (first, _) -> new Example(reason, first.events() + 1, first.number(), first.detail()));
    if (isNew && reasons.size() <= MAX_QUARANTINED && text.length() <= MAX_LENGTH) {
      messages.add(text);
    }
  }

  private void loaded(Admitted event) {
    Kept kept = types.computeIfAbsent(event.type(), _ -> new Kept());
    if (kept.count >= MAX_PER_TYPE || event.text().length() > MAX_LENGTH) {
      return;
    }
    BitSet fields = new BitSet();
    for (int i = 0; i < event.fields().size(); i++) {
      fields.set(i, !(event.fields().get(i) instanceof FieldValue.Absent));
    }
    fields.andNot(kept.fields);
    if (kept.count < FIRST || !fields.isEmpty()) {
      kept.count++;
      kept.fields.or(fields);
      messages.add(event.text());
    }
  }

  /// The texts of the events for the case, in the order of the sample.
  List<String> messages() {
    return messages;
  }

  Quarantined quarantined() {
    return new Quarantined(quarantined, List.copyOf(reasons.values()));
  }
}
