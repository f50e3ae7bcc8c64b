package dev.sluice.deployment;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// A CloudFormation template as plain YAML: `!Ref A` reads as `A`, `!GetAtt A.Arn` as `A.Arn`, and
/// `!Sub` as its text.
record Template(JsonNode yaml) {
  static Template root() {
    return new Template(read("template.yaml"));
  }

  /// @param path from the project's root
  static JsonNode read(String path) {
    return YAMLMapper.shared().readTree(Path.of("..").resolve(path).toFile());
  }

  /// What one statement of a role allows; each of `actions` on each of `resources`.
  ///
  /// @param conditional whether it stands in an `!If`
  record Allowed(String role, boolean conditional, List<String> actions, List<String> resources) {}

  /// What the roles allow, in the template's order.
  Stream<Allowed> allowed() {
    return ofType("AWS::IAM::Role").entrySet().stream()
        .flatMap(role ->
            role.getValue()
                .at("/Policies")
                .valueStream()
                .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
                .flatMap(one -> statements(role.getKey(), one)));
  }

  private static Stream<Allowed> statements(String role, JsonNode one) {
    Stream<JsonNode> all = one.isArray() ? one.valueStream() : Stream.of(one);
    return all.filter(JsonNode::isObject)
        .map(statement ->
            new Allowed(
                role,
                one.isArray(),
                texts(statement.at("/Action")),
                texts(statement.at("/Resource"))));
  }

  Map<String, JsonNode> ofType(String type) {
    Map<String, JsonNode> found = new LinkedHashMap<>();
    yaml.at("/Resources")
        .properties()
        .forEach(resource -> {
          if (resource.getValue().at("/Type").stringValue("").equals(type)) {
            found.put(resource.getKey(), resource.getValue().at("/Properties"));
          }
        });
    return found;
  }

  /// The logical id of the function whose handler that is, and its properties.
  Map.Entry<String, JsonNode> functionOf(Class<?> handler) {
    Optional<Map.Entry<String, JsonNode>> found =
        ofType("AWS::Serverless::Function").entrySet().stream()
            .filter(f -> f.getValue().at("/Handler").stringValue().equals(handler.getName()))
            .findFirst();
    return found.orElseThrow(() -> new AssertionError("no function has the handler " + handler));
  }

  /// The resource that `!Ref`, `!GetAtt`, or `!Sub` at its beginning named.
  static String logicalId(String reference) {
    return reference.replaceFirst("^\\$\\{", "").replaceFirst("[.}].*", "");
  }

  private static List<String> texts(JsonNode oneOrMore) {
    return oneOrMore.isArray()
        ? oneOrMore.valueStream().map(JsonNode::stringValue).toList()
        : List.of(oneOrMore.stringValue());
  }

  /// The substitutions that the state machine's definition is deployed with.
  Map<String, String> substitutions() {
    Map<String, String> all = new TreeMap<>();
    ofType("AWS::Serverless::StateMachine")
        .values()
        .iterator()
        .next()
        .at("/DefinitionSubstitutions")
        .properties()
        .forEach(one -> all.put(one.getKey(), one.getValue().asString("")));
    return all;
  }
}
