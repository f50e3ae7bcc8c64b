package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Holds what `template.yaml` gives to batches of each size (the mapping `Batches`) to what was
/// measured (`bench/README.md`), to Lambda's limits, and its parts to one another.
final class BatchSizesTest {
  private static final JsonNode TEMPLATE = Template.read("template.yaml");

  /// The most that Lambda has for a function, in seconds.
  private static final int LAMBDAS_MOST = 900;

  /// What SnapStart allows at most, in megabytes of `/tmp`.
  private static final int SNAP_STARTS_MOST = 512;

  private static final int SMALL_EVENT_BYTES = 100;

  static Stream<Map.Entry<String, JsonNode>> sizes() {
    return TEMPLATE.at("/Mappings/Batches").propertyStream();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void transformHasThreeTimesTheTimeThatSmallEventsTake(Map.Entry<String, JsonNode> size) {
    double microsecondsAnEvent = BenchFigures.measured("transform, one batch of 1,000,000");
    double events = size.getValue().get("Bytes").asDouble() / SMALL_EVENT_BYTES;

    assertThat(size.getValue().get("TransformTimeout").asDouble())
        .isBetween(3 * events * microsecondsAnEvent / 1e6, (double) LAMBDAS_MOST);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void memoryIsOverTwiceWhatWasMeasuredAndTheEngineHasLessThanHalf(
      Map.Entry<String, JsonNode> size) {
    int megabytes = size.getValue().get("Memory").asInt();
    // Of the benchmark's events a million are 500 MB; a batch that holds fewer bytes takes less.
    double measured =
        Math.max(
            BenchFigures.measured("peak memory, batches of 10,000"),
            1000
                * BenchFigures.measured("peak memory, 1,000,000 events in one batch")
                * Math.min(1, size.getValue().get("Bytes").asDouble() / 500e6));

    assertThat((double) megabytes).isGreaterThan(2.5 * measured);
    assertThat(
            2 * Integer.parseInt(size.getValue().get("EngineLimit").asString().replace("MB", "")))
        .isLessThan(megabytes);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void aLaneEndsInTimeAndItsMessagesStayHiddenForTwiceThat(Map.Entry<String, JsonNode> size) {
    int timeout = size.getValue().get("ExtractTimeout").asInt();

    assertThat(timeout).isBetween(size.getValue().get("Receive").asInt() + 40, LAMBDAS_MOST);
    assertThat(size.getValue().get("Visibility").asInt()).isEqualTo(2 * timeout);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void theLeaseOutlivesTransformAndLoad(Map.Entry<String, JsonNode> size) {
    assertThat(size.getValue().get("Lease").asInt())
        .as("both timeouts, and a minute for retries")
        .isEqualTo(
            size.getValue().get("TransformTimeout").asInt()
                + size.getValue().get("LoadTimeout").asInt()
                + 60);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void onlyWhatSnapStartTakesIsRestored(Map.Entry<String, JsonNode> size) {
    assertThat(size.getValue().get("SnapStart").asString())
        .isEqualTo(
            size.getValue().get("Storage").asInt() > SNAP_STARTS_MOST
                ? "None"
                : "PublishedVersions");
  }

  /// Or Lambda would refuse to publish a version for another size: to it nothing has changed.
  @ParameterizedTest
  @ValueSource(strings = {"Bytes", "TransformTimeout", "LoadTimeout"})
  void everySizeIsAnotherConfigurationOfEachFunction(String what) {
    assertThat(sizes().map(size -> size.getValue().get(what).asInt())).doesNotHaveDuplicates();
  }

  @Test
  void theDocsListTheSizes() {
    List<String> rows =
        sizes()
            .map(size -> {
              JsonNode given = size.getValue();
              return "| %s | %d MiB | %s MB, %s s | %s | %s MB%s | %s s | %s s, receives %s s | %s s | %s s |"
                  .formatted(
                      size.getKey(),
                      given.get("Bytes").asLong() >> 20,
                      given.get("Memory").asString(),
                      given.get("TransformTimeout").asString(),
                      given.get("EngineLimit").asString(),
                      given.get("Storage").asString(),
                      given.get("SnapStart").asString().equals("None") ? ", no SnapStart" : "",
                      given.get("LoadTimeout").asString(),
                      given.get("ExtractTimeout").asString(),
                      given.get("Receive").asString(),
                      given.get("Visibility").asString(),
                      given.get("Lease").asString());
            })
            .toList();

    GeneratedTable.of("docs/deploy.md", "batches").hasRows(rows);
  }

  @Test
  void everyPlaceAsksTheMapping() {
    assertThat(
            List.of(
                TEMPLATE.at("/Resources/Tick/Properties/DefinitionSubstitutions/LeaseSeconds"),
                TEMPLATE.at("/Resources/Queue/Properties/Parameters/VisibilityTimeout"),
                TEMPLATE.at("/Resources/ExtractFunction/Properties/Timeout"),
                TEMPLATE.at("/Resources/TransformFunction/Properties/Timeout"),
                TEMPLATE.at("/Resources/LoadFunction/Properties/Timeout"),
                TEMPLATE.at("/Resources/Monitoring/Properties/Parameters/TransformSeconds")))
        .extracting(JsonNode::toString)
        .containsExactly(
            "[\"Batches\",\"MaxMessages\",\"Lease\"]",
            "[\"Batches\",\"MaxMessages\",\"Visibility\"]",
            "[\"Batches\",\"MaxMessages\",\"ExtractTimeout\"]",
            "[\"Batches\",\"MaxMessages\",\"TransformTimeout\"]",
            "[\"Batches\",\"MaxMessages\",\"LoadTimeout\"]",
            "[\"Batches\",\"MaxMessages\",\"TransformTimeout\"]");
  }
}
