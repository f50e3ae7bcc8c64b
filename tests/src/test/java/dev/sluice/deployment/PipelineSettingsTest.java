package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.pipeline.Durations;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.PipelineFolder;
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
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Compares settings that the deployment repeats with `pipelines/*/pipeline.yaml`, which
/// CloudFormation cannot read and Extract does not read.
final class PipelineSettingsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path SAMCONFIG = ROOT.resolve("samconfig.toml");

  /// The parameter overrides of an environment.
  private static final Pattern OVERRIDES =
      Pattern.compile(
          "(?ms)^\\[(\\w+)\\.deploy\\.parameters].*?^parameter_overrides = (.*?)(?=^\\w+ = |^\\[|\\z)");

  private static final Pattern OVERRIDE = Pattern.compile("(\\w+)=\"?([^\\s\"]+)\"?");

  /// `environment.required("X")`, `.optional("X")` and `.number("X", …)`.
  private static final Pattern READ =
      Pattern.compile("\\.(required|optional|number|requiredNumber)\\(\\s*\"([A-Z_]+)\"");

  /// Reads variables in every function.
  private static final Path STAGE_LOG =
      ROOT.resolve("functions/runtime/src/main/java/dev/sluice/runtime/StageLog.java");

  /// Variables that Java, glibc, Lambda or a library reads.
  private static final Pattern READ_BY_OTHERS =
      Pattern.compile("JAVA_TOOL_OPTIONS|GLIBC_TUNABLES|POWERTOOLS_\\w+|AWS_\\w+");

  private final JsonNode template = yaml("template.yaml");
  private final JsonNode storage = yaml("infra/storage.yaml");

  static Stream<String> environments() {
    return OVERRIDES.matcher(read(SAMCONFIG)).results().map(match -> match.group(1));
  }

  @Test
  void everyPipelineHasAnEnvironmentThatDeploysIt() {
    assertThat(environments().map(environment -> parameter(environment, "Pipeline")).distinct())
        .containsExactlyInAnyOrderElementsOf(pipelines().keySet());
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
  void theTemplateHasThePipelinesAndTheirFrequencies() {
    JsonNode parameters = template.get("Parameters");

    assertThat(texts(parameters.at("/Pipeline/AllowedValues")))
        .containsExactlyInAnyOrderElementsOf(pipelines().keySet());
    assertThat(texts(parameters.at("/Frequency/AllowedValues")))
        .isSubsetOf(Durations.FREQUENCIES)
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

    assertThat(storage.get("Resources").valueStream())
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
    assertThat(storage.at("/Outputs/ReferencePrefix/Value").valueStream().map(JsonNode::asString))
        .containsExactly("CreateReferences", "${AWS::StackName}-", "ExistingReferencePrefix");
    assertThat(variables("Transform"))
        .containsEntry("REFERENCE_PREFIX", "Storage.Outputs.ReferencePrefix");
    assertThat(variables("Extract"))
        .containsEntry("MAX_MESSAGES", "MaxMessages")
        .containsEntry("MAX_BYTES", "Batches MaxMessages Bytes");
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

    assertThat(read).containsAll(declared);
    assertThat(declared).containsAll(required).isNotEmpty();
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
    return OVERRIDES
        .matcher(read(SAMCONFIG))
        .results()
        .filter(match -> match.group(1).equals(environment))
        .flatMap(match -> OVERRIDE.matcher(match.group(2)).results())
        .filter(override -> override.group(1).equals(name))
        .map(override -> override.group(2))
        .findFirst()
        .orElseGet(() -> template.at("/Parameters/%s/Default".formatted(name)).asString());
  }

  private static Map<String, Pipeline> pipelines() {
    Map<String, Pipeline> pipelines = new TreeMap<>();
    for (PipelineFolder folder : PipelineFolder.in(ROOT.resolve("pipelines"))) {
      try {
        pipelines.put(folder.name(), folder.load());
      } catch (PipelineProblems invalid) {
        throw new IllegalStateException(invalid);
      }
    }
    return pipelines;
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
