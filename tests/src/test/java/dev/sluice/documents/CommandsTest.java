package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Commands in the documentation use subcommands, outputs of the stack and parameters that exist.
final class CommandsTest {
  private static final JsonNode TEMPLATE =
      YAMLMapper.shared().readTree(Path.of("../template.yaml").toFile());

  /// Cases of the script's `case`, such as `verify | model | security)`.
  private static final Pattern SCRIPT_COMMANDS =
      Pattern.compile("case \\$command in ([a-z |-]+)\\)");

  private static final Pattern FENCE = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```");

  static Stream<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
      return Stream.concat(
          Stream.of(Path.of("../README.md")),
          docs.filter(doc -> doc.toString().endsWith(".md")).sorted().toList().stream());
    }
  }

  private static String code(Path document) {
    try {
      return FENCE
          .matcher(Files.readString(document))
          .results()
          .map(block -> block.group(1))
          .collect(Collectors.joining("\n"));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Set<String> found(String code, String pattern) {
    return Pattern.compile(pattern)
        .matcher(code)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everySubcommandExists(Path document) throws IOException {
    Set<String> known =
        Stream.of(Sluice.class.getAnnotation(Command.class).subcommands())
            .map(command -> command.getAnnotation(Command.class).name())
            .collect(Collectors.toCollection(TreeSet::new));
    known.addAll(
        SCRIPT_COMMANDS
            .matcher(Files.readString(Path.of("../sluice")))
            .results()
            .flatMap(found -> Stream.of(found.group(1).split("[ |]+")))
            .toList());

    assertThat(known).containsAll(found(code(document), "\\./sluice ([a-z-]+)"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyOutputExists(Path document) {
    assertThat(TEMPLATE.get("Outputs").propertyNames())
        .containsAll(found(code(document), "\\$\\(output (\\w+)\\)"));
  }

  /// `infra/deployer.yaml` and nested stacks have other parameters.
  @ParameterizedTest
  @MethodSource("documents")
  void everyParameterExistsAndHasAnAllowedValue(Path document) {
    String deployments =
        code(document)
            .lines()
            .filter(line -> line.startsWith("sam deploy") || line.startsWith("parameters="))
            .collect(Collectors.joining("\n"));

    for (String assignment : found(deployments, "\\b([A-Z]\\w+=[\\w.@-]+)")) {
      List<String> parts = List.of(assignment.split("=", 2));
      JsonNode parameter = TEMPLATE.at("/Parameters/" + parts.get(0));
      assertThat(parameter.isMissingNode()).as(assignment).isFalse();
      if (parameter.has("AllowedValues")) {
        assertThat(parameter.get("AllowedValues").valueStream().map(JsonNode::asString))
            .as(assignment)
            .contains(parts.get(1));
      }
    }
  }

  @Test
  void theFirstDeploymentUsesEveryKindOfName() {
    String code = code(Path.of("../docs/first-deploy.md"));

    assertThat(found(code, "\\./sluice ([a-z-]+)"))
        .contains("infra", "leftovers", "prune", "send", "status");
    assertThat(found(code, "\\$\\(output (\\w+)\\)")).contains("StateMachineArn", "Ledger");
    assertThat(code).contains("DataDeletionPolicy=Delete");
  }
}
