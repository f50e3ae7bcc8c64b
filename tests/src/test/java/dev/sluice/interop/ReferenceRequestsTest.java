package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.InvalidReference;
import dev.sluice.failure.TransientFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The requests of a reference table: their sizes, what they repeat, and the attributes of rows.
final class ReferenceRequestsTest {
  private final SimulatedAdapters aws = new SimulatedAdapters();

  @ParameterizedTest
  @CsvSource({"0, ''", "1, 1", "99, 99", "100, 100", "101, 100 1", "250, 100 100 50"})
  void readsAtMostAHundredKeysInARequest(int keys, String sizes) {
    aws.call(aws.aws, () -> aws.accounts().get(names(keys)));

    assertThat(sizes("Keys")).isEqualTo(sizes);
  }

  @Test
  void readsARepeatedKeyOnce() {
    List<String> twice = new ArrayList<>(names(75));
    twice.addAll(names(75));
    twice.addAll(List.of("a", "b", "a"));

    List<Map<String, String>> rows = aws.call(aws.aws, () -> aws.accounts().get(twice));

    assertThat(rows)
        .containsExactlyInAnyOrder(Map.of("account", "a", "tier", "gold"), Map.of("account", "b"));
    assertThat(sizes("Keys")).isEqualTo("77");
  }

  @ParameterizedTest
  @CsvSource({"0, ''", "1, 1", "24, 24", "25, 25", "26, 25 1", "60, 25 25 10"})
  void writesAtMostTwentyFiveRowsInARequest(int rows, String sizes) {
    aws.call(
        aws.aws,
        () -> {
          aws.accounts().put(names(rows).stream().map(name -> Map.of("account", name)));
          return true;
        });

    assertThat(sizes("accounts")).isEqualTo(sizes);
    assertThat(aws.aws.dynamodb.items("accounts")).hasSize(rows + 2);
  }

  /// The sizes of the arrays in the requests that have the given name.
  private String sizes(String name) {
    return String.join(
        " ",
        aws.bodies().stream()
            .flatMap(body -> body.findValues(name).stream())
            .filter(JsonNode::isArray)
            .map(array -> Integer.toString(array.size()))
            .toList());
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj("n%03d"::formatted).toList();
  }

  /// Only the unprocessed keys are read again.
  @Test
  void unprocessedKeysAreReadAgainAlone() {
    List<Map<String, String>> rows =
        aws.call(
            request -> aws.aws.answer(request, aws.requests.size() <= 2),
            () -> aws.accounts().get(List.of("a", "b", "c", "d")));

    assertThat(rows)
        .containsExactlyInAnyOrder(Map.of("account", "a", "tier", "gold"), Map.of("account", "b"));
    assertThat(sizes("Keys")).isEqualTo("4 2 1");
  }

  @Test
  void keysThatStayUnprocessedFailAfterEightTries() {
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() ->
            aws.call(
                request -> aws.aws.answer(request, true), () -> aws.accounts().get(List.of("a"))))
        .withMessage("table accounts left keys unprocessed 8 times: increase its capacity");

    assertThat(aws.requests).hasSize(8);
  }

  @Test
  void rowsThatStayUnprocessedFailAfterEightTries() {
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(
            () -> aws.call(request -> aws.aws.answer(request, true), () -> AdapterCall.PUT.on(aws)))
        .withMessage("table accounts left rows unprocessed 8 times: increase its capacity");

    assertThat(aws.requests).hasSize(8);
  }

  /// The pauses are random, up to a limit that doubles with each try. The longest of 60 exceeds
  /// half of the limit, except with a probability of 2^-60.
  @Test
  void pausesAreUpToTwiceAsLongAfterEachTry() {
    for (int i = 0; i < 60; i++) {
      assertThatThrownBy(() ->
              aws.call(
                  request -> aws.aws.answer(request, true), () -> aws.accounts().get(List.of("a"))))
          .isInstanceOf(TransientFailure.class);
    }

    assertThat(aws.pauses).hasSize(60 * 7);
    for (int tries = 1; tries <= 7; tries++) {
      int place = tries - 1;
      Duration longest =
          IntStream.range(0, 60)
              .mapToObj(i -> aws.pauses.get(7 * i + place))
              .max(Duration::compareTo)
              .orElseThrow();
      Duration limit = Duration.ofMillis(25L << tries);
      assertThat(longest).as("after %d tries", tries).isBetween(limit.dividedBy(2), limit);
    }
  }

  /// The policy of the role Viewer allows only counting.
  @Test
  void anEmptyTableIsDetectedByCounting() {
    assertThat(aws.call(aws.aws, () -> aws.accounts().isEmpty())).isFalse();

    JsonNode scan = aws.bodies().getFirst();
    assertThat(scan.path("Select").asString()).isEqualTo("COUNT");
    assertThat(scan.path("Limit").asInt()).isEqualTo(1);
    assertThat(aws.requests).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "B | \"eA==\" | binary data",
        "SS | [\"x\"] | a set of strings",
        "NS | [\"1\"] | a set of numbers",
        "BS | [\"eA==\"] | a set of binary data",
        "L | [] | a list",
        "M | {} | a map"
      })
  void rejectsAColumnThatIsNoScalar(String type, String value, String words) {
    setTier(type, value);
    String message =
        "attribute tier of the item with account 'a' is %s; a column holds a string, a number or a boolean: correct the item"
            .formatted(words);

    Stream.of(AdapterCall.GET, AdapterCall.SCAN)
        .forEach(call ->
            assertThatThrownBy(() -> aws.call(aws.aws, () -> call.on(aws)))
                .isInstanceOf(InvalidReference.class)
                .hasMessage(message));
  }

  @ParameterizedTest
  @CsvSource({
    "S, '\"gold\"', gold",
    "N, '\"1.50\"', 1.50",
    "BOOL, true, true",
    "BOOL, false, false"
  })
  void readsAScalarAsText(String type, String value, String text) {
    setTier(type, value);

    assertThat(aws.call(aws.aws, () -> aws.accounts().get(List.of("a"))))
        .containsExactly(Map.of("account", "a", "tier", text));
  }

  @Test
  void readsNullAsAnAbsentAttribute() {
    setTier("NULL", "true");

    assertThat(aws.call(aws.aws, () -> aws.accounts().get(List.of("a"))))
        .containsExactly(Map.of("account", "a"));
  }

  private void setTier(String type, String value) {
    ObjectNode item = aws.aws.dynamodb.items("accounts").iterator().next();
    item.putObject("tier").set(type, SimulatedAdapters.JSON.readTree(value));
  }
}
