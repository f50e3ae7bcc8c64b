package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NamesTest {
  private static final String X40 = "x".repeat(40);
  private static final String X60 = "x".repeat(60);

  @ParameterizedTest
  @ValueSource(strings = {"a", "z", "a0", "a_", "orders_2026"})
  void acceptsNames(String name) {
    assertName(name, true);
    assertName(name.charAt(0) + X40, true);
    assertName(name.charAt(0) + X40 + "x", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "_a", "0", "aB", "a-b", "a.b", "a ", "ä", "a\n"})
  void rejectsOtherNames(String name) {
    assertName(name, false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A", "_", "z9", "orderId", "__other"})
  void acceptsColumns(String name) {
    assertColumn(name, true);
    assertColumn(name.charAt(0) + X60, true);
    assertColumn(name.charAt(0) + X60 + "x", false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "9a", "a-b", "a.b", "a b", "ä", "a\n"})
  void rejectsOtherColumns(String name) {
    assertColumn(name, false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "n",
        "N",
        "event",
        "event_id",
        "event_type",
        "event_time",
        "message_id",
        "sent_at",
        "batch",
        "dt",
        "Dt",
        "hour"
      })
  void reservesTheColumnsThatSluiceAdds(String name) {
    assertThat(Names.isReservedColumn(name)).isTrue();
    assertThat(Names.isReservedColumn(name + "_")).isFalse();
  }

  private static void assertName(String name, boolean valid) {
    assertThat(Names.isName(name)).as(name).isEqualTo(valid);
    assertThat(Names.parse(name).filter(name::equals).isPresent()).as(name).isEqualTo(valid);
  }

  private static void assertColumn(String name, boolean valid) {
    assertThat(Names.isColumn(name)).as(name).isEqualTo(valid);
    assertThat(Names.parseColumn(name).filter(name::equals).isPresent()).as(name).isEqualTo(valid);
  }
}
