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

/// Checks the mapping `Batches` in `template.yaml` (settings per batch size) against the
/// measurements in `bench/README.md`, Lambda's limits, and the relations between its values.
final class BatchSizesTest {
  private static final JsonNode TEMPLATE = Template.read("template.yaml");

  private static final int MAX_LAMBDA_SECONDS = 900;

  /// SnapStart does not support a larger `/tmp`.
  private static final int MAX_SNAP_START_STORAGE_MB = 512;

  private static final int SMALL_EVENT_BYTES = 100;

  static Stream<Map.Entry<String, JsonNode>> sizes() {
    return TEMPLATE.at("/Mappings/Batches").propertyStream();
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void transformHasThreeTimesTheDurationOfABatchOfSmallEvents(Map.Entry<String, JsonNode> size) {
    double microsecondsPerEvent = BenchFigures.measured("transform, one batch of 1,000,000");
    double events = size.getValue().get("Bytes").asDouble() / SMALL_EVENT_BYTES;

    assertThat(size.getValue().get("TransformTimeout").asDouble())
        .isBetween(3 * events * microsecondsPerEvent / 1e6, (double) MAX_LAMBDA_SECONDS);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void memoryIsMoreThanTwiceTheMeasuredMemoryAndTheEngineGetsLessThanHalf(
      Map.Entry<String, JsonNode> size) {
    int megabytes = size.getValue().get("Memory").asInt();
    // A million events of the benchmark are 500 MB. Memory is proportional to the bytes of a batch.
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
  void aLaneHasTimeToStageAndTheVisibilityTimeoutIsTwiceItsTimeout(
      Map.Entry<String, JsonNode> size) {
    int timeout = size.getValue().get("ExtractTimeout").asInt();

    assertThat(timeout).isBetween(size.getValue().get("Receive").asInt() + 40, MAX_LAMBDA_SECONDS);
    assertThat(size.getValue().get("Visibility").asInt()).isEqualTo(2 * timeout);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void theLeaseIsLongerThanTransformAndLoad(Map.Entry<String, JsonNode> size) {
    assertThat(size.getValue().get("Lease").asInt())
        .as("both timeouts and one minute for retries")
        .isEqualTo(
            size.getValue().get("TransformTimeout").asInt()
                + size.getValue().get("LoadTimeout").asInt()
                + 60);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void snapStartIsUsedIfItSupportsTheStorage(Map.Entry<String, JsonNode> size) {
    assertThat(size.getValue().get("SnapStart").asString())
        .isEqualTo(
            size.getValue().get("Storage").asInt() > MAX_SNAP_START_STORAGE_MB
                ? "None"
                : "PublishedVersions");
  }

  /// Otherwise Lambda would not publish a version for a different size, because nothing has
  /// changed.
  @ParameterizedTest
  @ValueSource(strings = {"Bytes", "TransformTimeout", "LoadTimeout"})
  void everySizeChangesTheConfigurationOfEachFunction(String setting) {
    assertThat(sizes().map(size -> size.getValue().get(setting).asInt())).doesNotHaveDuplicates();
  }

  @Test
  void theDocsListTheSizes() {
    List<String> rows =
        sizes()
            .map(size -> {
              JsonNode settings = size.getValue();
              return "| %s | %d MiB | %s MB, %s s | %s | %s MB%s | %s s | %s s, receives %s s | %s s | %s s |"
                  .formatted(
                      size.getKey(),
                      settings.get("Bytes").asLong() >> 20,
                      settings.get("Memory").asString(),
                      settings.get("TransformTimeout").asString(),
                      settings.get("EngineLimit").asString(),
                      settings.get("Storage").asString(),
                      settings.get("SnapStart").asString().equals("None") ? ", no SnapStart" : "",
                      settings.get("LoadTimeout").asString(),
                      settings.get("ExtractTimeout").asString(),
                      settings.get("Receive").asString(),
                      settings.get("Visibility").asString(),
                      settings.get("Lease").asString());
            })
            .toList();

    GeneratedTable.of("docs/deploy.md", "batches").hasRows(rows);
  }

  @Test
  void allSettingsComeFromTheMapping() {
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
