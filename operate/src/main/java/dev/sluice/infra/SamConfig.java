package dev.sluice.infra;

import dev.sluice.operate.OperationFailed;
import dev.sluice.pipeline.Durations;
import dev.sluice.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// The text of `samconfig.toml`: one environment for each stack. An environment deploys the
/// pipeline that `Pipeline=NAME` in its `parameter_overrides` names.
///
/// [#updated] changes only what a pipeline determines. All other lines stay as they are.
final class SamConfig {
  static final String FILE = "samconfig.toml";

  private static final String DEFAULT = "default";
  private static final Pattern DEFAULT_LINE =
      Pattern.compile("# Without --config-env: .* Written by `\\./sluice infra`.*");
  private static final Pattern HEADER = Pattern.compile("\\s*\\[[\\w.-]+]\\s*(#.*)?");
  private static final String OVERRIDES = "parameter_overrides";

  private final String text;
  private final JsonNode root;

  SamConfig(String text) {
    this.text = text;
    this.root = parse(text);
  }

  private static JsonNode parse(String text) {
    try {
      return TomlMapper.builder().build().readTree(text);
    } catch (JacksonException invalid) {
      throw new OperationFailed(
          "%s:%d: %s"
              .formatted(FILE, invalid.getLocation().getLineNr(), invalid.getOriginalMessage()),
          invalid);
    }
  }

  /// The names of the deployed pipelines, in the order of their environments.
  Set<String> pipelines() {
    return new LinkedHashSet<>(environments().values());
  }

  /// The environments in the order of the file, and the pipeline of each.
  private Map<String, String> environments() {
    Map<String, String> environments = new LinkedHashMap<>();
    for (String environment : root.propertyNames()) {
      for (String section : sections(environment)) {
        overrides(environment, section)
            .get("Pipeline")
            .ifPresent(p -> environments.put(environment, p));
      }
    }
    environments.remove(DEFAULT);
    return environments;
  }

  /// The commands of an environment that have overrides.
  private List<String> sections(String environment) {
    return root.get(environment)
        .propertyStream()
        .filter(section -> section.getValue().at("/parameters").has(OVERRIDES))
        .map(Map.Entry::getKey)
        .toList();
  }

  private ParameterOverrides overrides(String environment, String section) {
    return ParameterOverrides.of(
        root.at("/%s/%s/parameters/%s".formatted(environment, section, OVERRIDES)));
  }

  /// The text with the settings of `pipelines`: a new environment for each pipeline that has none,
  /// the overrides that follow from `pipeline.yaml`, and the environment `default`.
  ///
  /// @param pipelines all deployed pipelines, at least one
  String updated(List<Pipeline> pipelines) {
    Map<String, String> environments = environments();
    List<String> lines = new ArrayList<>(withoutDefault());
    for (Pipeline pipeline : pipelines) {
      environments.forEach((environment, name) -> {
        if (name.equals(pipeline.name())) {
          setOverrides(lines, environment, pipeline);
        }
      });
      if (!environments.containsValue(pipeline.name())) {
        lines.addAll(created(pipeline));
      }
    }
    String standard = standard(pipelines, new SamConfig(text(lines)).environments());
    List<String> copy = copied(lines, standard);
    lines.add("");
    lines.add(
        "# Without --config-env: the same as [%s]. Written by `./sluice infra`; change [%1$s], not this copy."
            .formatted(standard));
    lines.addAll(copy);
    return text(lines);
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }

  /// The environment that `default` copies: that of its pipeline, otherwise the first one.
  private String standard(List<Pipeline> pipelines, Map<String, String> environments) {
    return root.path(DEFAULT).isMissingNode()
        ? environments.keySet().iterator().next()
        : sections(DEFAULT).stream()
            .flatMap(section -> overrides(DEFAULT, section).get("Pipeline").stream())
            .filter(name -> pipelines.stream().anyMatch(p -> p.name().equals(name)))
            .flatMap(name -> named(name, environments))
            .findFirst()
            .orElseGet(() -> environments.keySet().iterator().next());
  }

  /// The environments of a pipeline, first the one with its name.
  private static Stream<String> named(String pipeline, Map<String, String> environments) {
    return Stream.concat(
        environments.keySet().stream().filter(pipeline::equals),
        environments.entrySet().stream()
            .filter(e -> e.getValue().equals(pipeline))
            .map(Map.Entry::getKey));
  }

  private List<String> withoutDefault() {
    List<String> kept = new ArrayList<>();
    boolean inDefault = false;
    for (String line : text.stripTrailing().lines().toList()) {
      if (HEADER.matcher(line).matches()) {
        inDefault = line.strip().startsWith("[" + DEFAULT + ".");
      }
      if (!inDefault && !DEFAULT_LINE.matcher(line).matches()) {
        kept.add(line);
      }
    }
    while (!kept.isEmpty() && kept.getLast().isBlank()) {
      kept.removeLast();
    }
    return kept;
  }

  private static List<String> copied(List<String> lines, String environment) {
    List<String> copy = new ArrayList<>();
    boolean inEnvironment = false;
    for (String line : lines) {
      if (HEADER.matcher(line).matches()) {
        inEnvironment = line.strip().startsWith("[" + environment + ".");
      }
      if (inEnvironment) {
        copy.add(line.replaceFirst("^\\s*\\[" + environment + "\\.", "[" + DEFAULT + "."));
      }
    }
    while (copy.getLast().isBlank()) {
      copy.removeLast();
    }
    return copy;
  }

  private void setOverrides(List<String> lines, String environment, Pipeline pipeline) {
    for (String section : sections(environment)) {
      ParameterOverrides before = overrides(environment, section);
      if (before.get("Pipeline").isEmpty()) {
        continue;
      }
      ParameterOverrides after =
          before.with("MaxMessages", Long.toString(pipeline.batch().maxMessages()));
      // A second stack of the pipeline, like a test stack, may have its own interval.
      if (environment.equals(pipeline.name()) || before.get("Frequency").isEmpty()) {
        after = after.with("Frequency", Durations.text(pipeline.every()));
      }
      if (!after.equals(before)) {
        replace(lines, environment, section, after);
      }
    }
  }

  /// Replaces the value of `parameter_overrides`, which may have several lines.
  private static void replace(
      List<String> lines, String environment, String section, ParameterOverrides overrides) {
    String header = "[%s.%s.parameters]".formatted(environment, section);
    int at = 0;
    while (at < lines.size() && !lines.get(at).strip().startsWith(header)) {
      at++;
    }
    while (at < lines.size() && !lines.get(at).strip().matches(OVERRIDES + "\\s*=.*")) {
      at++;
    }
    if (at == lines.size()) {
      throw new OperationFailed(
          "%s: cannot find %s below %s: write the header and the name like this, each on its own line"
              .formatted(FILE, OVERRIDES, header));
    }
    int end = at + 1;
    while (!isComplete(lines.subList(at, end))) {
      end++;
    }
    lines.subList(at, end).clear();
    lines.add(at, OVERRIDES + " = " + overrides.toml());
  }

  private static boolean isComplete(List<String> lines) {
    try {
      parse(text(lines));
      return true;
    } catch (OperationFailed incomplete) {
      return false;
    }
  }

  private static List<String> created(Pipeline pipeline) {
    String stack = "sluice-" + pipeline.name().replace('_', '-');
    String overrides =
        "Pipeline=%s Frequency=%s MaxMessages=%d DataDeletionPolicy=Retain"
            .formatted(
                pipeline.name(), Durations.text(pipeline.every()), pipeline.batch().maxMessages());
    return """

    [%1$s.global.parameters]
    stack_name = "%2$s"
    s3_prefix = "%2$s"
    parameter_overrides = "%3$s"

    [%1$s.validate.parameters]
    lint = true

    [%1$s.deploy.parameters]
    template_file = "template.yaml"            # `./sluice infra` builds the artifacts, so `sam build` is not needed
    resolve_s3 = true                          # SAM creates one artifact bucket per account and region
    capabilities = "CAPABILITY_IAM CAPABILITY_AUTO_EXPAND"
    confirm_changeset = false
    fail_on_empty_changeset = false
    tags = "pipeline=%1$s"\
    """
        .formatted(pipeline.name(), stack, overrides)
        .lines()
        .toList();
  }
}
