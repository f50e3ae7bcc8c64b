package dev.sluice.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.reference.ReferenceTable;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The contract of [ReferenceTable].
public abstract class ReferenceTableContract {
  /// The table under test, with the key [#KEY]. It is empty at the start of each test, and the same
  /// one throughout the test.
  protected abstract ReferenceTable table();

  protected static final String KEY = "customer_id";

  @Test
  void returnsExistingRowsAndOmitsMissingOnes() {
    table().put(Stream.of(row("a"), row("b")));

    assertThat(table().get(List.of("a", "missing"))).containsExactly(row("a"));
    assertThat(table().get(List.of("missing"))).isEmpty();
  }

  @Test
  void getsMoreKeysThanFitInOneRequest() {
    List<String> keys = IntStream.range(0, 250).mapToObj(i -> "customer-" + i).toList();
    table().put(keys.stream().map(ReferenceTableContract::row));

    assertThat(table().get(keys))
        .containsExactlyInAnyOrderElementsOf(
            keys.stream().map(ReferenceTableContract::row).toList());
  }

  @Test
  void isEmptyUntilARowIsWritten() {
    assertThat(table().isEmpty()).isTrue();

    table().put(Stream.of(row("a")));

    assertThat(table().isEmpty()).isFalse();
  }

  @Test
  void returnsTheRowOfARepeatedKeyOnce() {
    table().put(Stream.of(row("a")));

    assertThat(table().get(List.of("a", "a"))).containsExactly(row("a"));
  }

  @Test
  void findsTheLongestKey() {
    String longest = "k".repeat(ReferenceTable.MAX_KEY_BYTES);
    table().put(Stream.of(row(longest)));

    assertThat(table().get(List.of(longest))).containsExactly(row(longest));
  }

  @Test
  void putReplacesARowWithTheSameKey() {
    table().put(Stream.of(Map.of(KEY, "a", "tier", "old", "country", "FR")));

    table().put(Stream.of(Map.of(KEY, "a", "tier", "new")));

    assertThat(table().scan()).containsExactly(Map.of(KEY, "a", "tier", "new"));
  }

  @Test
  void scansEveryPage() {
    List<Map<String, String>> rows =
        IntStream.range(0, 60)
            .mapToObj(i -> Map.of(KEY, "customer-" + i, "notes", "n".repeat(20_000)))
            .toList();
    table().put(rows.stream());

    assertThat(table().scan()).containsExactlyInAnyOrderElementsOf(rows);
  }

  private static Map<String, String> row(String key) {
    return Map.of(KEY, key, "tier", "gold");
  }
}
