package dev.sluice.event;

import dev.sluice.field.Field;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.JsonPath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects the rules of admission that one event violates.
final class Violations {
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);
  private final Set<String> ofFields = new LinkedHashSet<>(0);
  private final Set<String> details = new LinkedHashSet<>(0);

  void add(Reason reason) {
    reasons.add(reason);
  }

  void add(Reason reason, String detail) {
    reasons.add(reason);
    details.add(detail);
  }

  void addMissing(JsonPath path) {
    add(Reason.MISSING_FIELD, path.dotted());
  }

  void addUnreadable(Field.Rule field, Unreadable value) {
    ofFields.add(field.reason());
    details.add(
        "%s%s: '%s' is not %s"
            .formatted(field.path().dotted(), value.place(), value.value(), value.expected()));
  }

  /// The reasons in the order of [Reason], then those of the fields in the order of the fields.
  List<String> reasons() {
    if (reasons.isEmpty() && ofFields.isEmpty()) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    reasons.forEach(reason -> all.add(reason.label()));
    all.addAll(ofFields);
    return List.copyOf(all);
  }

  String detail() {
    return String.join("; ", details);
  }
}
