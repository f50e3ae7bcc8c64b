package dev.sluice.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /// Metaspace, compiled code, stacks, buffers, and what DuckDB allocates outside of its limit.
  private static final int NATIVE_MB = 400;

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
    assertThat(2 * megabytes(size.getValue(), "EngineLimit", "MB")).isLessThan(megabytes);
  }

  /// Otherwise Lambda ends the function, and a valid chunk may be parked.
  @ParameterizedTest
  @MethodSource("sizes")
  void theMemoryHasSpaceForTheHeapTheEngineAndNativeMemory(Map.Entry<String, JsonNode> size) {
    assertThat(
            megabytes(size.getValue(), "Heap", "m")
                + megabytes(size.getValue(), "EngineLimit", "MB")
                + NATIVE_MB)
        .isLessThanOrEqualTo(size.getValue().get("Memory").asInt());
  }

  /// The native memory that the reserve must cover: the measured peak without the heap and the
  /// limit of DuckDB, with which it was measured.
  @Test
  void theNativeMemoryIsMeasured() {
    assertThat(
            1000 * BenchFigures.measured("peak memory, 1,000,000 events in one batch") - 192 - 800)
        .isLessThan(NATIVE_MB);
  }

  private static int megabytes(JsonNode size, String setting, String unit) {
    return Integer.parseInt(size.get(setting).asString().replace(unit, ""));
  }

  /// A call of a service may take less than the time that is kept for the engine, so that its
  /// failure is reported.
  @ParameterizedTest
  @MethodSource("sizes")
  void theLongestCallIsShorterThanHalfOfTransform(Map.Entry<String, JsonNode> size) {
    assertThat(Duration.ofSeconds(size.getValue().get("TransformTimeout").asInt()).dividedBy(2))
        .isGreaterThan(Duration.ofSeconds(50));
  }

  @Test
  void theFunctionAndTheBenchmarksHaveTheHeapOfTheMapping() throws IOException {
    JsonNode variables =
        TEMPLATE.at("/Resources/TransformFunction/Properties/Environment/Variables");

    assertThat(variables.get("HEAP").toString())
        .isEqualTo("[\"Batches\",\"MaxMessages\",\"Heap\"]");
    assertThat(variables.get("AWS_LAMBDA_EXEC_WRAPPER").asString()).isEqualTo("/var/task/jvm");
    assertThat(sizes().map(size -> size.getValue().get("Heap").asString()).distinct())
        .as("one heap, which bench/run.sh reads")
        .containsExactly("512m");
    assertThat(Files.readString(Path.of("../bench/run.sh")))
        .contains("grep -om1 'Heap: [0-9]*m' template.yaml")
        .doesNotContainPattern("-Xmx\\d+m");
  }

  /// Lambda's command line sets another heap, which the script must override.
  @Test
  void theScriptOfTheArtifactSetsTheHeap() throws Exception {
    Path script = Path.of("../functions/transform/src/main/lambda/jvm").toAbsolutePath();
    ProcessBuilder process =
        new ProcessBuilder(
            script.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:MaxHeapSize=1539686k",
            "-XX:+PrintFlagsFinal",
            "-version");
    process.environment().put("HEAP", "96m");
    String flags = new String(process.start().getInputStream().readAllBytes(), UTF_8);

    assertThat(flags).containsPattern("MaxHeapSize += " + (96 << 20));
    assertThat(Files.readString(Path.of("../functions/transform/src/main/assembly/lambda.xml")))
        .contains("<file><source>src/main/lambda/jvm</source><fileMode>0755</fileMode></file>");
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
              return "| %s | %d MiB | %s MB, %s s | %s | %s | %s MB%s | %s s | %s s, receives %s s | %s s | %s s |"
                  .formatted(
                      size.getKey(),
                      settings.get("Bytes").asLong() >> 20,
                      settings.get("Memory").asString(),
                      settings.get("TransformTimeout").asString(),
                      settings.get("Heap").asString().replace("m", "MB"),
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

  /// `/tmp` has space for one batch of the size that it is made for, and for the documented ids.
  @ParameterizedTest
  @CsvSource({
    "512, 256",
    "1024, 256",
    "2048, 1024",
    "4096, 1024",
    "10240, 1024",
  })
  void theDocumentedIdsFitIntoTmp(long megabytes, long batchMegabytes) throws IOException {
    Matcher row =
        Pattern.compile(
                "^\\| %d MB \\| (\\d+) million \\|$".formatted(megabytes), Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/deploy.md")));
    assertThat(row.find()).isTrue();
    double free = (megabytes - 0.35 * batchMegabytes) * (1 << 20);

    assertThat(Long.parseLong(row.group(1))).isEqualTo((long) (free / 32 / 1e6));
  }

  @Test
  void everySizeOfTmpIsDocumented() {
    assertThat(
            TEMPLATE
                .at("/Parameters/TransformStorage/AllowedValues")
                .valueStream()
                .map(JsonNode::asString))
        .containsExactly("0", "1024", "2048", "4096", "10240");
    assertThat(sizes().map(size -> size.getValue().get("Storage").asInt()).distinct())
        .containsExactly(512, 2048);
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
