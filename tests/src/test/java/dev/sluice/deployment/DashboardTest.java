package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.observe.ReservedMetrics;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Compares the generated dashboard of `orders` with its alarms, and with the log lines of the
/// functions.
@TestInstance(Lifecycle.PER_CLASS)
final class DashboardTest {
  private static final JsonNode ROOT = Template.read("template.yaml");
  private static final JsonNode BUSINESS = Template.read("infra/generated/business.yaml");

  private PrintedLines printed = new PrintedLines(Set.of(), Set.of());

  @BeforeAll
  void runTheFunctions(@TempDir Path scratch) throws PipelineProblems {
    printed = PrintedLines.of(scratch);
  }

  @Test
  void theDashboardUsesMetricsThatTheFunctionsPrint() {
    assertThat(metrics()).hasSizeGreaterThan(10);
    assertThat(printed.metrics()).containsAll(metrics());
  }

  /// The metrics of Sluice that a widget shows.
  private static Set<String> metrics() {
    Set<String> shown = new TreeSet<>();
    for (JsonNode widget : dashboard().get("widgets")) {
      for (JsonNode metric : widget.at("/properties/metrics")) {
        if (metric.get(0).asString("").equals("Sluice")) {
          shown.add(shown(metric));
        }
      }
    }
    return shown;
  }

  private static String shown(JsonNode metric) {
    Map<String, String> dimensions = new LinkedHashMap<>();
    for (int i = 2; i + 1 < metric.size() && metric.get(i).isString(); i += 2) {
      dimensions.put(metric.get(i).asString(), metric.get(i + 1).asString());
    }
    return PrintedLines.metric(metric.get(1).asString(), dimensions);
  }

  /// A metric that nothing uses costs as much as any other. Logs Insights reads the other fields.
  @Test
  void everyMetricOfSluiceIsInAnAlarmOrInAWidget() {
    Set<String> used = new TreeSet<>(metrics());
    MonitoringTest.allAlarms()
        .forEach(
            alarm -> used.addAll(MonitoringTest.metricsOf(alarm.getValue().get("Properties"))));

    assertThat(printed.metrics())
        .filteredOn(metric -> ReservedMetrics.NAMES.contains(PrintedLines.name(metric)))
        .isNotEmpty()
        .allMatch(used::contains);
  }

  @Test
  void logWidgetsReadFieldsThatTheFunctionsPrint() {
    assertThat(queries()).hasSize(3);
    for (InsightsQuery query : queries()) {
      assertThat(query.fields()).isNotEmpty().allMatch(printed.fields()::contains);
    }
  }

  /// The log group of a function has its name.
  @Test
  void logWidgetsReadTheLogsOfTheFunctions() {
    Set<String> groups = new TreeSet<>();
    for (InsightsQuery query : queries()) {
      Pattern.compile("SOURCE '(.*?)'")
          .matcher(query.text())
          .results()
          .forEach(m -> groups.add(m.group(1)));
    }

    assertThat(groups)
        .containsExactly(
            "/aws/lambda/${ExtractName}",
            "/aws/lambda/${LoadName}",
            "/aws/lambda/${TransformName}");
    for (String stage : List.of("Extract", "Transform", "Load")) {
      JsonNode function = ROOT.at("/Resources/%sFunction/Properties/FunctionName".formatted(stage));
      assertThat(ROOT.at("/Resources/%sLogs/Properties/LogGroupName".formatted(stage)).asString())
          .isEqualTo("/aws/lambda/" + function.asString());
      assertThat(
              ROOT.at("/Resources/Business/Properties/Parameters/%sName".formatted(stage))
                  .asString())
          .isEqualTo(stage + "Function");
    }
  }

  private static List<InsightsQuery> queries() {
    return dashboard()
        .get("widgets")
        .valueStream()
        .filter(widget -> widget.get("type").asString().equals("log"))
        .map(widget -> new InsightsQuery(widget.at("/properties/query").asString()))
        .toList();
  }

  @Test
  void theDashboardIsOptionalAndNamedAfterTheStackAndTheRegion() {
    JsonNode dashboard = BUSINESS.at("/Resources/DashboardOfOrders");

    assertThat(dashboard.at("/Properties/DashboardName").asString())
        .isEqualTo("${Name}-${AWS::Region}");
    assertThat(dashboard.at("/Condition").asString()).isEqualTo("ShowDashboardOfOrders");
    assertThat(BUSINESS.at("/Conditions/ShowDashboardOfOrders").toString())
        .isEqualTo("[\"HasDashboard\",\"IsOrders\"]");
    assertThat(BUSINESS.at("/Conditions/HasDashboard").toString())
        .isEqualTo("[\"Dashboard\",\"on\"]");
    assertThat(ROOT.at("/Resources/Business/Properties/Parameters/Dashboard").asString())
        .isEqualTo("Dashboard");
    assertThat(ROOT.at("/Parameters/Dashboard/AllowedValues").toString())
        .isEqualTo("[\"on\",\"off\"]");
  }

  @Test
  void theDashboardShowsEveryAlarm() {
    assertThat(dashboard().findValues("alarms").getFirst().valueStream().map(JsonNode::asString))
        .allMatch(arn ->
            arn.startsWith(
                "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:"))
        .map(arn -> arn.replaceFirst(".*:alarm:", ""))
        .containsExactlyElementsOf(
            MonitoringTest.allAlarms()
                .map(alarm -> alarm.getValue().at("/Properties/AlarmName").asString())
                .toList());
  }

  @Test
  void theDashboardShowsEveryMetricOfOrders() throws PipelineProblems {
    Pipeline orders = new PipelineFolder(Path.of("../pipelines/orders")).load();

    assertThat(
            dashboard()
                .get("widgets")
                .valueStream()
                .map(w -> w.at("/properties/metrics/0/1").asString("")))
        .startsWith(orders.metrics().stream().map(Pipeline.Metric::name).toArray(String[]::new));
  }

  /// CloudWatch shows overlapping widgets elsewhere.
  @Test
  void noTwoWidgetsOverlap() {
    Set<String> cells = new TreeSet<>();
    for (JsonNode widget : dashboard().get("widgets")) {
      int x = widget.get("x").asInt();
      int y = widget.get("y").asInt();
      assertThat(x + widget.get("width").asInt()).isLessThanOrEqualTo(24);
      for (int i = 0; i < widget.get("width").asInt() * widget.get("height").asInt(); i++) {
        int width = widget.get("width").asInt();
        assertThat(cells.add((x + i % width) + "," + (y + i / width))).isTrue();
      }
    }
  }

  /// `!Sub` replaces only parameters of the template and pseudo parameters.
  @Test
  void theDashboardReadsOnlyParameters() {
    String body = BUSINESS.at("/Resources/DashboardOfOrders/Properties/DashboardBody").asString();
    Set<String> known = new TreeSet<>(BUSINESS.get("Parameters").propertyNames());
    known.addAll(List.of("AWS::Region", "AWS::Partition", "AWS::AccountId"));

    assertThat(Pattern.compile("\\$\\{(.*?)}").matcher(body).results().map(m -> m.group(1)))
        .isNotEmpty()
        .allMatch(known::contains);
    assertThat(ROOT.at("/Resources/Business/Properties/Parameters").propertyNames())
        .containsExactlyInAnyOrderElementsOf(BUSINESS.get("Parameters").propertyNames());
  }

  private static JsonNode dashboard() {
    try {
      return Dashboards.of(
          Files.readString(Path.of("../infra/generated/business.yaml")), "DashboardOfOrders");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
