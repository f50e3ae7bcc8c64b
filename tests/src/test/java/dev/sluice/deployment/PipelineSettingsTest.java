package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.infra.Infra;
import dev.sluice.pipeline.Durations;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Compares settings that the deployment repeats with the `pipeline.yaml` of each deployed
/// pipeline, which CloudFormation cannot read and Extract does not read.
final class PipelineSettingsTest {
  private static final Path ROOT = Path.of("..");

  /// Templates that no pipeline changes.
  private static final List<String> HAND_WRITTEN =
      List.of(
          "template.yaml",
          "infra/access.yaml",
          "infra/dashboard.json",
          "infra/monitoring.yaml",
          "infra/pipeline.asl.yaml",
          "infra/queue.yaml",
          "infra/storage.yaml");

  private static final Pattern OVERRIDE = Pattern.compile("(\\w+)=\"?([^\\s\"]+)\"?");

  /// `environment.required("X")`, `.optional("X")` and `.number("X", …)`.
  private static final Pattern READ =
      Pattern.compile("\\.(required|optional|number|requiredNumber)\\(\\s*\"([A-Z_]+)\"");

  /// Reads variables in every function.
  private static final Path STAGE_LOG =
      ROOT.resolve("functions/runtime/src/main/java/dev/sluice/runtime/StageLog.java");

  /// Variables that Java, glibc, Lambda, a library or the script `jvm` of the artifact reads.
  private static final Pattern READ_BY_OTHERS =
      Pattern.compile("JAVA_TOOL_OPTIONS|GLIBC_TUNABLES|HEAP|POWERTOOLS_\\w+|AWS_\\w+");

  /// `LambdaClients` reads them through a list. `SamLocalTest` sets them.
  private static final Set<String> LOCAL_ENDPOINTS =
      Set.of("SQS_ENDPOINT", "DYNAMODB_ENDPOINT", "S3_ENDPOINT", "SFN_ENDPOINT");

  private final JsonNode template = yaml("template.yaml");
  private final JsonNode references = yaml("infra/generated/references.yaml");

  static Stream<String> environments() {
    return samConfig().propertyNames().stream().filter(name -> !name.equals("version"));
  }

  @Test
  void deployWithoutAnEnvironmentDeploysOrders() {
    assertThat(samConfig().get("default")).isEqualTo(samConfig().get("orders"));
    assertThat(parameter("default", "Pipeline")).isEqualTo("orders");
  }

  @ParameterizedTest
  @MethodSource("environments")
  void anEnvironmentHasTheSettingsOfItsPipeline(String environment) {
    Pipeline pipeline = Objects.requireNonNull(pipelines().get(parameter(environment, "Pipeline")));

    // Other environments, such as a test stage, may have a longer schedule interval.
    if (environment.equals(pipeline.name())) {
      assertThat(Durations.frequency(parameter(environment, "Frequency")))
          .hasValue(pipeline.every());
    }
    assertThat(parameter(environment, "MaxMessages"))
        .isEqualTo(Long.toString(pipeline.batch().maxMessages()));
  }

  /// SAM keeps the previous value of a parameter that is not listed, so a stack that was first
  /// deployed with `Delete` would keep it.
  @ParameterizedTest
  @MethodSource("environments")
  void everyDeploymentFromTheFileRetainsTheData(String environment) {
    assertThat(parameter(environment, "DataDeletionPolicy")).isEqualTo("Retain");
  }

  /// Otherwise a stack that is deployed without samconfig.toml could have other settings than its
  /// pipeline.
  @ParameterizedTest
  @ValueSource(strings = {"Pipeline", "Frequency", "MaxMessages"})
  void parametersThatThePipelineDeterminesHaveNoDefault(String parameter) {
    assertThat(template.at("/Parameters/" + parameter).has("Default")).isFalse();
  }

  @Test
  void noHandWrittenTemplateNamesOrdersOrItsTablesReferencesAndMetrics() {
    Pipeline orders = Objects.requireNonNull(pipelines().get("orders"));
    Set<String> names = new TreeSet<>(Set.of(orders.name()));
    orders.tables().forEach(table -> names.add(table.name()));
    orders.references().forEach(reference -> names.add(reference.table()));
    orders.metrics().forEach(metric -> names.add(metric.name()));
    orders.alarms().forEach(alarm -> names.add(alarm.name()));

    for (String file : HAND_WRITTEN) {
      assertThat(read(ROOT.resolve(file)).split("\\W+"))
          .as(file)
          .doesNotContainAnyElementsOf(names);
    }
  }

  @Test
  void theTemplateHasTheBatchSizesOfThePipelines() {
    JsonNode sizes = template.at("/Mappings/Batches");

    assertThat(texts(template.at("/Parameters/MaxMessages/AllowedValues")))
        .containsExactlyInAnyOrderElementsOf(sizes.propertyNames());
    for (Pipeline pipeline : pipelines().values()) {
      String maxMessages = Long.toString(pipeline.batch().maxMessages());
      assertThat(sizes.propertyNames())
          .as(
              """
              pipelines/%s/pipeline.yaml has `max_messages: %s`. Choose one of these, or add it with its \
              settings to the mapping Batches and to MaxMessages in template.yaml\
              """,
              pipeline.name(), maxMessages)
          .contains(maxMessages);
      assertThat(pipeline.batch().maxBytes())
          .as(
              "`max_bytes` of pipelines/%s/pipeline.yaml, and Bytes in template.yaml",
              pipeline.name())
          .isEqualTo(sizes.at("/" + maxMessages + "/Bytes").asLong());
    }
  }

  @Test
  void theTemplateHasAScheduleForEachFrequency() {
    assertThat(texts(template.at("/Parameters/Frequency/AllowedValues")))
        .containsExactlyElementsOf(Durations.FREQUENCIES)
        .containsExactlyInAnyOrderElementsOf(template.at("/Mappings/Schedules").propertyNames());
  }

  @Test
  void everyReferenceHasATable() {
    Set<String> expected = new TreeSet<>();
    for (Pipeline pipeline : pipelines().values()) {
      for (Reference reference : pipeline.references()) {
        expected.add("${AWS::StackName}-%s by %s".formatted(reference.table(), reference.key()));
      }
    }

    assertThat(references.get("Resources").valueStream())
        .filteredOn(resource -> resource.at("/Properties").has("TableName"))
        .extracting(table -> named(table.get("Properties")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  /// The name of a table and its key, which must be a single string attribute.
  private static String named(JsonNode table) {
    assertThat(texts(table.get("KeySchema"), "KeyType")).containsExactly("HASH");
    assertThat(texts(table.get("AttributeDefinitions"), "AttributeType")).containsExactly("S");
    return table.get("TableName").asString()
        + " by "
        + texts(table.get("KeySchema"), "AttributeName").getFirst();
  }

  @Test
  void transformGetsTheReferencePrefixAndExtractItsLimits() {
    // An !If: the prefix of new tables, or that of existing tables.
    assertThat(references.at("/Outputs/Prefix/Value").valueStream().map(JsonNode::asString))
        .containsExactly("CreateTables", "${AWS::StackName}-", "ExistingReferencePrefix");
    assertThat(references.at("/Outputs/TablesArn/Value/0").asString())
        .endsWith(":table/${Prefix}*");
    assertThat(references.at("/Outputs/TablesArn/Value/1/Prefix"))
        .isEqualTo(references.at("/Outputs/Prefix/Value"));
    assertThat(variables("Transform"))
        .containsEntry("REFERENCE_PREFIX", "References.Outputs.Prefix");
    assertThat(variables("Extract"))
        .containsEntry("MAX_MESSAGES", "MaxMessages")
        .containsEntry("MAX_BYTES", "Batches MaxMessages Bytes");
  }

  /// With the transform AWS::LanguageExtensions, a number does not equal the same text.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "template.yaml",
        "infra/storage.yaml",
        "infra/queue.yaml",
        "infra/monitoring.yaml",
        "infra/access.yaml",
        "infra/generated/references.yaml",
        "infra/generated/catalog.yaml",
        "infra/generated/business.yaml"
      })
  void conditionsCompareTextsOnly(String file) {
    JsonNode conditions = yaml(file).path("Conditions");
    Set<String> numbers = new TreeSet<>();
    yaml(file)
        .path("Parameters")
        .propertyStream()
        .filter(p -> p.getValue().path("Type").asString("").equals("Number"))
        .forEach(p -> numbers.add(p.getKey()));

    assertThat(scalars(conditions)).allMatch(JsonNode::isString);
    assertThat(scalars(conditions).map(JsonNode::asString)).noneMatch(numbers::contains);
  }

  private static Stream<JsonNode> scalars(JsonNode node) {
    return node.isValueNode()
        ? Stream.of(node)
        : node.valueStream().flatMap(PipelineSettingsTest::scalars);
  }

  @ParameterizedTest
  @CsvSource({"Extract", "Transform", "Load"})
  void aFunctionReadsItsVariablesAndHasAllRequiredOnes(String function) {
    Set<String> declared = new TreeSet<>(variables(function).keySet());
    declared.removeIf(READ_BY_OTHERS.asMatchPredicate());
    Set<String> read = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    reads(function)
        .forEach(match -> {
          read.add(match.group(2));
          if (match.group(1).startsWith("required")) {
            required.add(match.group(2));
          }
        });

    declared.removeAll(LOCAL_ENDPOINTS);
    assertThat(read).containsAll(declared);
    assertThat(declared).containsAll(required).isNotEmpty();
  }

  @Test
  void envJsonSetsOnlyDeclaredVariables() {
    Set<String> declared = new TreeSet<>();
    List.of("Extract", "Transform", "Load")
        .forEach(function -> declared.addAll(variables(function).keySet()));
    JsonNode set = yaml("events/env.json").get("Parameters");

    assertThat(declared).containsAll(set.propertyNames());
    assertThat(set.propertyNames()).containsAll(LOCAL_ENDPOINTS);
    LOCAL_ENDPOINTS.forEach(name -> assertThat(variables("Load")).containsEntry(name, ""));
  }

  private static List<MatchResult> reads(String function) {
    String name = function.toLowerCase(Locale.ROOT);
    Path handler =
        ROOT.resolve(
            "functions/%1$s/src/main/java/dev/sluice/%1$s/%2$sHandler.java"
                .formatted(name, function));
    return READ.matcher(read(handler) + read(STAGE_LOG)).results().toList();
  }

  private Map<String, String> variables(String function) {
    Map<String, String> variables = new TreeMap<>();
    for (JsonNode place :
        List.of(
            template.at("/Globals/Function"),
            template.at("/Resources/%sFunction/Properties".formatted(function)))) {
      place
          .at("/Environment/Variables")
          .propertyStream()
          .forEach(variable -> variables.put(variable.getKey(), text(variable.getValue())));
    }
    return variables;
  }

  /// The value, or the items of a `!FindInMap` separated by blanks.
  private static String text(JsonNode value) {
    return value.isArray() ? String.join(" ", texts(value)) : value.asString("");
  }

  /// The parameter value of `sam deploy --config-env`: the override, or the default.
  private String parameter(String environment, String name) {
    String overrides =
        samConfig()
            .at("/%s/global/parameters/parameter_overrides".formatted(environment))
            .asString();
    return OVERRIDE
        .matcher(overrides)
        .results()
        .filter(override -> override.group(1).equals(name))
        .map(override -> override.group(2))
        .findFirst()
        .orElseGet(() -> template.at("/Parameters/%s/Default".formatted(name)).asString());
  }

  private static JsonNode samConfig() {
    return TomlMapper.builder().build().readTree(ROOT.resolve("samconfig.toml").toFile());
  }

  /// The deployed pipelines.
  private static Map<String, Pipeline> pipelines() {
    try {
      Map<String, Pipeline> pipelines = new TreeMap<>();
      new Infra(ROOT).pipelines().forEach(pipeline -> pipelines.put(pipeline.name(), pipeline));
      return pipelines;
    } catch (PipelineProblems invalid) {
      throw new IllegalStateException(invalid);
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static List<String> texts(JsonNode array, String field) {
    return array.valueStream().map(item -> item.get(field).asString()).toList();
  }

  private static JsonNode yaml(String file) {
    return YAMLMapper.shared().readTree(ROOT.resolve(file).toFile());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }
}
