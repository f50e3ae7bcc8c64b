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

/// A CloudFormation template, read as plain YAML: `!Ref A` is `A`, `!GetAtt A.Arn` is `A.Arn`, and
/// `!Sub` is its text.
record Template(JsonNode yaml) {
  static Template root() {
    return new Template(read("template.yaml"));
  }

  /// Reads a YAML file.
  ///
  /// @param path relative to the project root
  static JsonNode read(String path) {
    return YAMLMapper.shared().readTree(Path.of("..").resolve(path).toFile());
  }

  /// One statement of a role or a managed policy: allows each of `actions` on each of `resources`.
  ///
  /// @param name the logical id of the role or policy
  /// @param condition of the `!If` around the statement; empty if there is none
  /// @param prefixes the values of the condition `s3:prefix`, if any
  record Allowed(
      String name,
      String condition,
      List<String> actions,
      List<String> resources,
      List<String> prefixes) {
    /// Whether the statement applies only to a queue or tables that the stack does not create. With
    /// the default parameters, the stack has a key.
    boolean isForExisting() {
      return !condition.isEmpty() && !condition.equals("HasKey");
    }
  }

  /// The statements of all roles, in the order of the template.
  Stream<Allowed> roles() {
    return ofType("AWS::IAM::Role").entrySet().stream()
        .flatMap(role ->
            role.getValue()
                .at("/Policies")
                .valueStream()
                .flatMap(policy -> statements(role.getKey(), policy)));
  }

  /// The statements of all managed policies, in the order of the template.
  Stream<Allowed> managedPolicies() {
    return ofType("AWS::IAM::ManagedPolicy").entrySet().stream()
        .flatMap(policy -> statements(policy.getKey(), policy.getValue()));
  }

  private static Stream<Allowed> statements(String name, JsonNode policy) {
    return policy
        .at("/PolicyDocument/Statement")
        .valueStream()
        .flatMap(one -> statement(name, one));
  }

  /// @param statement a statement, or the list of an `!If`: condition, statement, alternative
  private static Stream<Allowed> statement(String name, JsonNode statement) {
    String condition = statement.isArray() ? statement.get(0).asString() : "";
    Stream<JsonNode> all = statement.isArray() ? statement.valueStream() : Stream.of(statement);
    return all.filter(JsonNode::isObject)
        .map(one ->
            new Allowed(
                name,
                condition,
                texts(one.at("/Action")),
                texts(one.at("/Resource")),
                texts(one.at("/Condition/StringLike/s3:prefix"))));
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

  /// The logical id and the properties of the function with this handler.
  Map.Entry<String, JsonNode> functionOf(Class<?> handler) {
    Optional<Map.Entry<String, JsonNode>> found =
        ofType("AWS::Serverless::Function").entrySet().stream()
            .filter(f -> f.getValue().at("/Handler").stringValue().equals(handler.getName()))
            .findFirst();
    return found.orElseThrow(() -> new AssertionError("no function has the handler " + handler));
  }

  /// The logical id in a `!Ref`, in a `!GetAtt`, or at the start of a `!Sub`.
  static String logicalId(String reference) {
    return reference.replaceFirst("^\\$\\{", "").replaceFirst("[.}].*", "");
  }

  private static List<String> texts(JsonNode value) {
    if (value.isMissingNode()) {
      return List.of();
    }
    return value.isArray()
        ? value.valueStream().map(JsonNode::stringValue).toList()
        : List.of(value.stringValue());
  }

  /// The substitutions for the definition of a state machine.
  Map<String, String> substitutions(String stateMachine) {
    Map<String, String> all = new TreeMap<>();
    yaml.at("/Resources/" + stateMachine + "/Properties/DefinitionSubstitutions")
        .properties()
        .forEach(one -> all.put(one.getKey(), one.getValue().asString("")));
    return all;
  }
}
