package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SpellingTest {
  @ParameterizedTest
  @CsvSource({
    "tables, tables",
    "tabels, tables",
    "table, tables",
    "tabless, tables",
    "tadles, tables",
    "ables, tables",
    "atbles, tables",
    "TABLES, tables",
    "max-bytes, max_bytes",
    "aab, ab",
    "a, ab",
    "x, a",
  })
  void findsANameThatDiffersByOneEdit(String name, String known) {
    assertThat(Spelling.nearest(name, List.of(known))).contains(known);
  }

  @ParameterizedTest
  @CsvSource({
    "tabl, tables",
    "tablesss, tables",
    "tadlas, tables",
    "atblse, tables",
    "sablet, tables",
    "aaab, ab",
    "abab, ab",
    "xy, ab",
    "'', ab",
  })
  void doesNotFindANameThatDiffersMore(String name, String known) {
    assertThat(Spelling.nearest(name, List.of(known))).isEmpty();
  }

  @Test
  void prefersTheFirstKnownName() {
    assertThat(Spelling.nearest("tables", List.of("other", "table", "tables"))).contains("table");
  }
}
