package dev.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.field.FieldValue.Unreadable;
import dev.sluice.json.JsonPath;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ViolationsTest {
  @Test
  void reasonsAndDetailsKeepTheOrderOfTheRules() {
    List<String> names = IntStream.range(0, 12).mapToObj(i -> "f" + (i * 7) % 12).toList();
    Violations violations = new Violations();
    violations.add(Reason.BAD_TIME, "late");
    violations.add(Reason.MISSING_EVENT_ID);

    names.forEach(name ->
        violations.addUnreadable(
            new Field.Rule(
                JsonPath.parse("$." + name).orElseThrow(),
                new FieldType.Flag(),
                false,
                "bad_" + name,
                false),
            new Unreadable("[0]", "x", "true or false")));

    assertThat(violations.reasons())
        .startsWith("missing_event_id", "bad_time")
        .endsWith(names.stream().map(name -> "bad_" + name).toArray(String[]::new))
        .hasSize(14);
    assertThat(violations.detail())
        .isEqualTo(
            "late; "
                + String.join(
                    "; ", names.stream().map(n -> n + "[0]: 'x' is not true or false").toList()));
  }
}
