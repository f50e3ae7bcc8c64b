package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.Sql;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// A mapping of `pipeline.yaml`. It collects problems instead of throwing them, each with its line
/// and field. Reading a field marks its name as known; [#rejectUnknown] reports all other fields.
///
/// A hint says what a value must be, and begins with "must": "must be a size, like 256MiB".
final class Section {
  private final String path;
  private final int line;
  private final boolean there;
  private final Map<String, Node> fields = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Problem> problems;

  private Section(String path, Node node, List<Problem> problems) {
    this.path = path;
    this.line = lineOf(node);
    this.there = node instanceof MappingNode;
    this.problems = problems;
    if (!(node instanceof MappingNode mapping)) {
      problem(path, line, shown(node), "must be a mapping, `name: value`");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String name = shown(tuple.getKeyNode());
      lines.put(name, lineOf(tuple.getKeyNode()));
      if (fields.put(name, tuple.getValueNode()) != null) {
        problem(field(name), lineOf(tuple.getKeyNode()), "", "is defined twice; keep one");
      }
    }
  }

  /// A section that is not in the file.
  private Section(String path, int line, List<Problem> problems) {
    this.path = path;
    this.line = line;
    this.there = false;
    this.problems = problems;
  }

  static Section root(MappingNode node, List<Problem> problems) {
    return new Section("", node, problems);
  }

  /// Whether the file has a mapping here. If not, that is already a problem, and no field of the
  /// mapping is reported as missing.
  boolean isThere() {
    return there;
  }

  /// The names of all fields; all become known.
  Set<String> names() {
    known.addAll(fields.keySet());
    return fields.keySet();
  }

  /// The names of all fields, without marking them as known.
  Set<String> keys() {
    return fields.keySet();
  }

  boolean has(String name) {
    known.add(name);
    return fields.containsKey(name);
  }

  boolean isMapping(String name) {
    return fields.get(name) instanceof MappingNode;
  }

  /// The value of `name` in any form, for readers of values with several forms.
  Optional<Node> node(String name) {
    known.add(name);
    return Optional.ofNullable(fields.get(name));
  }

  /// The mapping `name`. If it is missing, that is a problem, and the result is empty.
  Section section(String name) {
    known.add(name);
    Node node = fields.get(name);
    if (node == null) {
      problem(field(name), line, "", "is missing; it must be a mapping, `name: value`");
      return new Section(field(name), line, problems);
    }
    return new Section(field(name), node, problems);
  }

  /// The mapping `name`, or an empty one.
  Section optionalSection(String name) {
    return has(name) ? section(name) : new Section(field(name), line, problems);
  }

  /// Reads a scalar. It is a problem if it is missing, or if `read` returns nothing.
  ///
  /// @param fallback the result if there is a problem
  <T> T required(String name, T fallback, String hint, Function<String, Optional<T>> read) {
    if (!has(name)) {
      if (there) {
        problem(field(name), line, "", "is missing; it " + hint);
      }
      return fallback;
    }
    return optional(name, fallback, hint, read);
  }

  /// Reads a scalar that may be missing. It is a problem if `read` returns nothing.
  ///
  /// @param fallback the result if it is missing or there is a problem
  <T> T optional(String name, T fallback, String hint, Function<String, Optional<T>> read) {
    if (!has(name)) {
      return fallback;
    }
    Node node = fields.get(name);
    Optional<T> value =
        node instanceof ScalarNode scalar ? read.apply(scalar.getValue()) : Optional.empty();
    if (value.isEmpty()) {
      problem(name, node == null ? "" : shown(node), hint);
    }
    return value.orElse(fallback);
  }

  /// Reads SQL that must be there.
  Optional<Sql> sql(String name, String hint) {
    String text =
        required(
            name,
            "",
            hint,
            sql -> sql.isBlank() ? Optional.empty() : Optional.of(sql.stripTrailing()));
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sql(text, PipelineFolder.YAML, textLineOf(name)));
  }

  /// Reads the field `description`; empty if it is missing.
  String description() {
    return optional(
        "description",
        "",
        "must be a text",
        text -> Optional.of(text.strip()).filter(stripped -> !stripped.isEmpty()));
  }

  /// Reads a list of scalars, or a single one. Each item for which `read` returns nothing is a
  /// problem.
  <T> List<T> list(String name, String hint, Function<String, Optional<T>> read) {
    List<T> values = new ArrayList<>();
    for (Node item : items(name)) {
      Optional<T> value =
          item instanceof ScalarNode scalar ? read.apply(scalar.getValue()) : Optional.empty();
      value.ifPresentOrElse(
          values::add, () -> problem(field(name), lineOf(item), shown(item), hint));
    }
    return values;
  }

  /// Reads a list whose items are scalars or mappings.
  <T> List<T> mixedList(
      String name, Function<ScalarNode, Optional<T>> scalar, Function<Section, T> mapping) {
    List<T> values = new ArrayList<>();
    for (Node item : items(name)) {
      if (item instanceof ScalarNode node) {
        scalar.apply(node).ifPresent(values::add);
      } else {
        values.add(mapping.apply(new Section(field(name), item, problems)));
      }
    }
    return values;
  }

  private List<Node> items(String name) {
    if (!has(name)) {
      return List.of();
    }
    Node node = fields.get(name);
    return node instanceof SequenceNode sequence ? sequence.getValue() : List.of(node);
  }

  /// Reports every field that is not known. Call it after all fields of the section are read.
  void rejectUnknown() {
    for (String name : fields.keySet()) {
      if (!known.contains(name)) {
        String meant =
            Spelling.nearest(name, known).map(near -> "did you mean " + near + "? ").orElse("");
        problem(
            field(name),
            lines.getOrDefault(name, line),
            "",
            "is not a known field; %sknown fields: %s".formatted(meant, String.join(", ", known)));
      }
    }
  }

  /// How many problems the whole pipeline has so far.
  int problemCount() {
    return problems.size();
  }

  /// Reports a problem in the line of `name`'s value.
  void problem(String name, String value, String hint) {
    problem(field(name), lineOf(name), value, hint);
  }

  /// Reports a problem of the section itself.
  void problem(String value, String hint) {
    problem(path, line, value, hint);
  }

  /// Reports a problem in a different file.
  void problem(Problem problem) {
    problems.add(problem);
  }

  private void problem(String field, int at, String value, String hint) {
    problems.add(new Problem(PipelineFolder.YAML, at, field, value, hint));
  }

  /// The line of the value of `name`, or the section's line if `name` is missing.
  int lineOf(String name) {
    Node node = fields.get(name);
    return node == null ? line : lineOf(node);
  }

  /// The first line of a text: a block scalar begins on the line after its indicator (`|` or `>`).
  private int textLineOf(String name) {
    boolean isBlock =
        fields.get(name) instanceof ScalarNode scalar
            && (scalar.getScalarStyle() == ScalarStyle.LITERAL
                || scalar.getScalarStyle() == ScalarStyle.FOLDED);
    return lineOf(name) + (isBlock ? 1 : 0);
  }

  /// The full name of a field, like `tables.orders.sql`.
  String field(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private static String shown(Node node) {
    return switch (node) {
      case ScalarNode scalar -> scalar.getValue();
      case SequenceNode _ -> "a list";
      default -> "a mapping";
    };
  }
}
