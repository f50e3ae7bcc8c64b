package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Durations;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Compares the alarms and queries in `infra/monitoring.yaml` and in the generated
/// `infra/generated/business.yaml` with `docs/runbook.md`, and with the log lines of the functions.
@TestInstance(Lifecycle.PER_CLASS)
final class MonitoringTest {
  private static final JsonNode ROOT = read("../template.yaml");
  private static final JsonNode MONITORING = read("../infra/monitoring.yaml");
  private static final JsonNode BUSINESS = read("../infra/generated/business.yaml");
  private static final Path RUNBOOK = Path.of("../docs/runbook.md");
  private static final String NAMESPACE = "Sluice";

  /// Functions and keywords of metric math.
  private static final Set<String> MATH = Set.of("IF", "AND", "OR", "FILL");

  private PrintedLines printed = new PrintedLines(Set.of(), Set.of());

  @BeforeAll
  void runTheFunctions(@TempDir Path scratch) throws PipelineProblems {
    printed = PrintedLines.of(scratch);
  }

  @Test
  void everyAlarmHasASectionAndEverySectionAnAlarm() throws IOException {
    Set<String> sections =
        new TreeSet<>(
            Pattern.compile("(?m)^## (\\w+)$")
                .matcher(Files.readString(RUNBOOK))
                .results()
                .map(heading -> heading.group(1))
                .toList());

    assertThat(sections)
        .isEqualTo(new TreeSet<>(alarms().map(Map.Entry::getKey).toList()))
        .hasSizeGreaterThan(10);
  }

  static Stream<Map.Entry<String, JsonNode>> alarms() {
    return resources(MONITORING, "AWS::CloudWatch::Alarm");
  }

  /// The alarms of the pipeline `orders`, whose functions the test runs.
  static Stream<Map.Entry<String, JsonNode>> businessAlarms() {
    return resources(BUSINESS, "AWS::CloudWatch::Alarm")
        .filter(alarm -> alarm.getValue().get("Condition").asString().equals("IsOrders"));
  }

  static Stream<Map.Entry<String, JsonNode>> allAlarms() {
    return Stream.concat(alarms(), businessAlarms());
  }

  static Stream<Map.Entry<String, JsonNode>> queries() {
    return resources(MONITORING, "AWS::Logs::QueryDefinition");
  }

  @ParameterizedTest
  @MethodSource("alarms")
  void anAlarmDescribesWhatToDoAndNotifies(Map.Entry<String, JsonNode> alarm) {
    JsonNode properties = alarm.getValue().get("Properties");

    assertThat(properties.get("AlarmDescription").asString())
        .contains(" Do: ")
        .endsWith("docs/runbook.md#" + alarm.getKey().toLowerCase(Locale.ROOT))
        .hasSizeLessThan(1024);
    assertThat(properties.at("/AlarmActions/0").asString()).isEqualTo("Alarms");
    assertThat(properties.at("/OKActions/0").asString()).isEqualTo("Alarms");
    assertThat(properties.get("AlarmName").asString()).isEqualTo("${Name}." + alarm.getKey());
    assertThat(properties.has("TreatMissingData")).isTrue();
  }

  @Test
  void theSectionsOfTheRunbookAreComplete() throws IOException {
    String[] sections = Files.readString(RUNBOOK).split("(?m)^## ", -1);

    for (String section : List.of(sections).subList(1, sections.length - 1)) {
      assertThat(section).contains("**Means**", "**Look**", "**Do**", "**Do not**");
    }
  }

  @Test
  void everyAlarmOfOrdersIsGenerated() {
    assertThat(businessAlarms())
        .extracting(Map.Entry::getKey)
        .containsExactly("OrdersPaymentSuccess");
  }

  @ParameterizedTest
  @MethodSource("businessAlarms")
  void anAlarmOfAPipelineDescribesWhatToDoAndNotifies(Map.Entry<String, JsonNode> alarm)
      throws IOException {
    JsonNode properties = alarm.getValue().get("Properties");

    assertThat(properties.get("AlarmDescription").asString())
        .contains(" Do: ")
        .endsWith("docs/runbook.md#alarms-of-a-pipeline")
        .hasSizeLessThan(1024);
    assertThat(Files.readString(RUNBOOK)).contains("\n## Alarms of a pipeline\n");
    assertThat(properties.at("/AlarmActions/0").asString()).isEqualTo("Topic");
    assertThat(properties.at("/OKActions/0").asString()).isEqualTo("Topic");
    assertThat(ROOT.at("/Resources/Business/Properties/Parameters/Topic").asString())
        .isEqualTo("Monitoring.Outputs.AlarmsTopic");
    assertThat(MONITORING.at("/Outputs/AlarmsTopic/Value").asString()).isEqualTo("Alarms");
    assertThat(properties.get("TreatMissingData").asString()).isEqualTo("ignore");
    assertThat(BUSINESS.at("/Conditions/PeriodIsOneMinute").toString())
        .isEqualTo("[\"Period\",\"60\"]");
  }

  /// For `10s` and `30s`, one minute is the shortest period of an alarm.
  @Test
  void thePeriodOfAnAlarmIsTheLongerOfOneMinuteAndTheInterval() {
    MONITORING
        .at("/Mappings/Ticks")
        .propertyStream()
        .forEach(frequency -> {
          Duration every = Durations.frequency(frequency.getKey()).orElseThrow();
          assertThat(frequency.getValue().get("Period").asLong())
              .isEqualTo(Math.max(60, every.toSeconds()));
        });
    for (String setting : List.of("Period", "Window", "Age")) {
      assertThat(ROOT.at("/Resources/Business/Properties/Parameters/" + setting).asString())
          .isEqualTo("Monitoring.Outputs." + setting);
      assertThat(MONITORING.at("/Outputs/%s/Value".formatted(setting)).toString())
          .isEqualTo("[\"Ticks\",\"Frequency\",\"%s\"]".formatted(setting));
    }
  }

  @ParameterizedTest
  @MethodSource("allAlarms")
  void alarmsUseMetricsThatTheFunctionsPrint(Map.Entry<String, JsonNode> alarm) {
    assertThat(printed.metrics()).containsAll(metricsOf(alarm.getValue().get("Properties")));
  }

  static List<String> metricsOf(JsonNode alarm) {
    List<String> metrics = new ArrayList<>();
    Stream.concat(Stream.of(alarm), alarm.findValues("Metric").stream())
        .filter(metric -> metric.path("Namespace").asString("").equals(NAMESPACE))
        .forEach(metric -> {
          Map<String, String> dimensions = new LinkedHashMap<>();
          metric
              .get("Dimensions")
              .forEach(d -> dimensions.put(d.get("Name").asString(), d.get("Value").asString()));
          metrics.add(PrintedLines.metric(metric.get("MetricName").asString(), dimensions));
        });
    return metrics;
  }

  @ParameterizedTest
  @MethodSource("allAlarms")
  void expressionsUseOnlyDeclaredIds(Map.Entry<String, JsonNode> alarm) {
    List<String> ids = alarm.getValue().findValuesAsString("Id");

    for (String expression : alarm.getValue().findValuesAsString("Expression")) {
      assertThat(InsightsQuery.words(expression.replaceAll("\\$\\{\\w+}", "1")))
          .allMatch(word -> MATH.contains(word) || ids.contains(word));
    }
  }

  @ParameterizedTest
  @MethodSource("queries")
  void queriesUseFieldsThatTheFunctionsPrint(Map.Entry<String, JsonNode> query) {
    InsightsQuery text =
        new InsightsQuery(query.getValue().at("/Properties/QueryString").asString());

    assertThat(text.fields()).allMatch(printed.fields()::contains);
  }

  @Test
  void theTransformSlowAlarmUsesTheTimeoutOfTransform() {
    assertThat(ROOT.at("/Resources/Monitoring/Properties/Parameters/TransformSeconds"))
        .isEqualTo(ROOT.at("/Resources/TransformFunction/Properties/Timeout"))
        .isNotEqualTo(ROOT.at("/nowhere"));
  }

  @Test
  void everyFrequencyHasItsThresholds() {
    assertThat(MONITORING.at("/Mappings/Ticks").propertyNames())
        .containsAll(
            StreamSupport.stream(
                    ROOT.at("/Parameters/Frequency/AllowedValues").spliterator(), false)
                .map(JsonNode::asString)
                .toList());
  }

  private static Stream<Map.Entry<String, JsonNode>> resources(JsonNode template, String type) {
    return template.get("Resources").properties().stream()
        .filter(resource -> resource.getValue().get("Type").asString().equals(type));
  }

  private static JsonNode read(String template) {
    return YAMLMapper.shared().readTree(Path.of(template).toFile());
  }
}
