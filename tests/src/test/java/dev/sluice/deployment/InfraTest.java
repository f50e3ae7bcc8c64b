package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.infra.Infra;
import dev.sluice.operate.OperationFailed;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The files that `./sluice infra` generates, in this project and in a project with other
/// pipelines.
final class InfraTest {
  private static final Path ROOT = Path.of("..");
  private static final String BUSINESS = "infra/generated/business.yaml";
  private static final String REFERENCES = "infra/generated/references.yaml";
  private static final String SAMCONFIG = "samconfig.toml";

  private static final String PLACES =
      """
      pipeline: places
      every: 5m
      event: {type: $.type, time: $.at}
      references:
        countries: {table: countries, key: code, load: all, columns: {code: VARCHAR}}
      tables:
        places: {from: place, sql: places.sql}
      metrics:
        seen: SELECT count(*) FROM places
        share: SELECT avg(n) FROM places
      alarms:
        quiet: {when: seen < 10, for: 2, description: "Ask the team's lead."}
        odd: {when: -2 * max(share) - 1 > seen / (seen + 3), and: share != 0.5}
      """;

  @TempDir Path home;

  @BeforeEach
  void createAProject() throws IOException {
    Files.createDirectories(home.resolve("infra"));
    for (String file : List.of("template.yaml", "infra/dashboard.json")) {
      Files.copy(ROOT.resolve(file), home.resolve(file));
    }
    pipeline("places", PLACES);
  }

  private void pipeline(String name, String yaml) throws IOException {
    Path folder = Files.createDirectories(home.resolve("pipelines").resolve(name));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
    Files.writeString(
        folder.resolve("places.sql"), "SELECT n, text(event, '$.country') AS country FROM events");
  }

  private void renamed(String name) throws IOException {
    pipeline(name, PLACES.replace("pipeline: places", "pipeline: " + name));
  }

  private Map<String, String> files(String... more) throws PipelineProblems {
    return new Infra(home).files(List.of(more));
  }

  private String samConfig(String text, String... more) throws IOException, PipelineProblems {
    Files.writeString(home.resolve(SAMCONFIG), text);
    return files(more).get(SAMCONFIG);
  }

  @Test
  void theFilesOfThisProjectMatchItsPipelines() throws PipelineProblems {
    Infra infra = new Infra(ROOT);

    assertThat(infra.outdated(infra.files(List.of()))).as("run: ./sluice infra").isEmpty();
    assertThat(infra.deployed()).contains("orders");
  }

  @Test
  void aChangeOfAPipelineMakesItsFilesOutdated() throws Exception {
    Infra infra = new Infra(home);
    infra.write(infra.files(List.of("places")));

    assertThat(infra.outdated(infra.files(List.of()))).isEmpty();
    pipeline("places", PLACES.replace("every: 5m", "every: 1h"));
    assertThat(infra.outdated(infra.files(List.of()))).containsExactly(SAMCONFIG);
    pipeline("places", PLACES.replace("seen < 10", "seen < 20"));
    assertThat(infra.outdated(infra.files(List.of()))).containsExactly(BUSINESS);
    pipeline("places", PLACES.replace("table: countries", "table: states"));
    assertThat(infra.outdated(infra.files(List.of()))).containsExactly(REFERENCES);
  }

  @Test
  void aFolderThatIsNotDeployedDoesNotMatter() throws Exception {
    Infra infra = new Infra(home);
    infra.write(infra.files(List.of("places")));

    pipeline("scratch", "not a pipeline");

    assertThat(infra.outdated(infra.files(List.of()))).isEmpty();
  }

  @Test
  void aNewPipelineGetsACompleteEnvironmentAndTheFirstOneIsTheDefault() throws Exception {
    renamed("far_places");

    String samConfig = samConfig("version = 0.1\n", "places", "far_places");

    assertThat(samConfig)
        .startsWith(
            "version = 0.1\n\n[far_places.global.parameters]\nstack_name = \"sluice-far-places\"\n")
        .contains(
            """
            [places.global.parameters]
            stack_name = "sluice-places"
            s3_prefix = "sluice-places"
            parameter_overrides = "Pipeline=places Frequency=5m MaxMessages=100000 DataDeletionPolicy=Retain"
            """,
            """
            [default.global.parameters]
            stack_name = "sluice-far-places"
            """);
    assertThat(samConfig(samConfig, "places")).as("the second run").isEqualTo(samConfig);
  }

  @Test
  void settingsThatWereWrittenByHandRemain() throws Exception {
    String samConfig =
        samConfig(
            """
            # my comment
            version = 0.1

            [test.deploy.parameters]                 # a stage
            stack_name = "places-test"
            parameter_overrides = [
              "Pipeline=places",
              "Frequency=1h",
              "AlarmEmail=a@example.com",
            ]
            region = "eu-central-1"

            [places.deploy.parameters]
            stack_name = "production"
            parameter_overrides = "Lanes=8 Pipeline=places Frequency=1m Note=\\"a b\\""

            [other.deploy.parameters]
            stack_name = "not-ours"
            """);

    assertThat(samConfig)
        .startsWith(
            """
            # my comment
            version = 0.1

            [test.deploy.parameters]                 # a stage
            stack_name = "places-test"
            parameter_overrides = ["Pipeline=places", "Frequency=1h", "AlarmEmail=a@example.com", "MaxMessages=100000"]
            region = "eu-central-1"

            [places.deploy.parameters]
            stack_name = "production"
            parameter_overrides = "Lanes=8 Pipeline=places Frequency=5m Note=\\"a b\\" MaxMessages=100000"

            [other.deploy.parameters]
            stack_name = "not-ours"

            # Without --config-env: the same as [test].\
            """);
  }

  @Test
  void theDefaultEnvironmentKeepsItsPipelineAndFollowsItsEnvironment() throws Exception {
    renamed("far_places");
    String both = samConfig("", "places", "far_places");

    String chosen =
        samConfig(both.replaceFirst("(?s)(.*)Pipeline=far_places", "$1Pipeline=places"));
    String renamed = samConfig(chosen.replaceFirst("\"sluice-places\"", "\"shop\""));

    assertThat(chosen)
        .contains("[default.global.parameters]\nstack_name = \"sluice-places\"\n")
        .containsOnlyOnce("# Without --config-env: the same as [places].");
    assertThat(renamed).contains("[default.global.parameters]\nstack_name = \"shop\"\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[a.deploy.parameters]\\nx = |samconfig.toml:2: ",
        "[a.deploy.parameters]\\nparameter_overrides = \"Pipeline=places Lanes\"|parameter_overrides 'Lanes': must be NAME=VALUE items",
        "[a.deploy.parameters]\\nparameter_overrides = \"Pipeline=gone\"|has Pipeline=gone, but there is no pipelines/gone",
        "a.deploy.parameters.parameter_overrides = \"Pipeline=places\"|cannot find parameter_overrides below [a.deploy.parameters]",
      })
  void anInvalidSamconfigIsReported(String text, String message) {
    assertThatThrownBy(() -> samConfig(text.translateEscapes()))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch: {max_messages: 50000}|places/pipeline.yaml:3: batch.max_messages '50000': a stack has settings for 10000, 100000, 1000000 messages only",
        "batch: {max_bytes: 64MiB}|places/pipeline.yaml:3: batch.max_bytes '64MiB': a stack with 100000 messages per batch supports 256MiB",
      })
  void aBatchSizeThatNoStackSupportsIsReported(String batch, String message) throws IOException {
    pipeline("places", PLACES.replace("every: 5m", "every: 5m\n" + batch));

    assertThatThrownBy(() -> files("places"))
        .isInstanceOf(PipelineProblems.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void aStackCreatesOnlyTheTablesOfItsPipeline() throws Exception {
    renamed("far_places");
    JsonNode template = YAMLMapper.shared().readTree(files("places", "far_places").get(REFERENCES));

    assertThat(template.at("/Resources/PlacesCountries/Condition").asString())
        .isEqualTo("CreateForPlaces");
    assertThat(template.at("/Conditions/CreateForPlaces").toString())
        .isEqualTo("[\"CreateTables\",\"IsPlaces\"]");
    assertThat(template.at("/Conditions/IsPlaces").toString())
        .isEqualTo("[\"Pipeline\",\"places\"]");
    assertThat(template.at("/Resources/FarPlacesCountries/Condition").asString())
        .isEqualTo("CreateForFarPlaces");
  }

  @Test
  void twoReferencesOfOneTableMustHaveOneKey() throws IOException {
    pipeline(
        "places",
        PLACES.replace(
            "references:\n",
            "references:\n  others: {table: countries, key: id, load: all, columns: {id: VARCHAR}}\n"));

    assertThatThrownBy(() -> files("places"))
        .isInstanceOf(PipelineProblems.class)
        .hasMessageContaining("places/pipeline.yaml:6: references.countries.key 'code'")
        .hasMessageContaining("use one key");
  }

  @Test
  void resourcesWithTheSameLogicalIdAreRejected() throws IOException {
    renamed("far");
    pipeline(
        "far_places",
        PLACES.replace("pipeline: places", "pipeline: far_places").replace("countries:", "x:"));
    pipeline(
        "far",
        PLACES
            .replace("pipeline: places", "pipeline: far")
            .replace("places: {", "places_places: {")
            .replace("FROM places", "FROM places_places"));

    assertThatThrownBy(() -> files("far", "far_places"))
        .isInstanceOf(OperationFailed.class)
        .hasMessageContaining(
            "the logical id FarPlacesPlaces belongs to both table places_places of far and table places of far_places");
  }

  /// Counts are summed, other metrics averaged.
  @Test
  void anAlarmIsAnExpressionOfMetricMath() throws Exception {
    JsonNode alarms = YAMLMapper.shared().readTree(files("places").get(BUSINESS)).get("Resources");

    JsonNode quiet = alarms.at("/PlacesQuiet/Properties");
    assertThat(quiet.at("/AlarmName").asString()).isEqualTo("${Name}.quiet");
    assertThat(quiet.at("/AlarmDescription").asString())
        .isEqualTo(
            "seen < 10 in 2 periods. Do: Ask the team's lead. docs/runbook.md#alarms-of-a-pipeline");
    assertThat(quiet.at("/DatapointsToAlarm").asInt()).isEqualTo(2);
    assertThat(quiet.at("/EvaluationPeriods").toString()).isEqualTo("[\"PeriodIsOneMinute\",5,3]");
    assertThat(quiet.at("/TreatMissingData").asString()).isEqualTo("ignore");
    assertThat(quiet.at("/Metrics/0/Expression").asString()).isEqualTo("IF((sum_seen < 10), 1, 0)");
    assertThat(quiet.at("/Metrics/1/MetricStat/Stat").asString()).isEqualTo("Sum");
    JsonNode odd = alarms.at("/PlacesOdd/Properties");
    assertThat(odd.at("/Metrics/0/Expression").asString())
        .isEqualTo(
            "IF((((0 - 2) * max_share) - 1 > sum_seen / (sum_seen + 3)) AND (avg_share != 0.5), 1, 0)");
    assertThat(
            odd.at("/Metrics").valueStream().skip(1).map(m -> m.at("/MetricStat/Stat").asString()))
        .containsExactly("Maximum", "Sum", "Average");
    assertThat(odd.at("/DatapointsToAlarm").asInt()).isEqualTo(1);
    assertThat(odd.at("/EvaluationPeriods").toString()).isEqualTo("[\"PeriodIsOneMinute\",4,2]");
  }

  @Test
  void theDashboardShowsTheMetricsAboveTheCommonWidgets() throws Exception {
    JsonNode dashboard = Dashboards.of(files("places").get(BUSINESS), "DashboardOfPlaces");

    assertThat(
            dashboard
                .get("widgets")
                .valueStream()
                .limit(3)
                .map(w -> w.at("/properties/title").asString()))
        .containsExactly("seen", "share", "Lag from sending to publication");
    assertThat(dashboard.at("/widgets/1/properties/stat").asString()).isEqualTo("Average");
    assertThat(dashboard.at("/widgets/2/y").asInt()).isEqualTo(4);
    assertThat(dashboard.findValues("alarms").getFirst().toString())
        .contains(":alarm:${Name}.OldestMessage", ":alarm:${Name}.quiet", ":alarm:${Name}.odd");
  }
}
