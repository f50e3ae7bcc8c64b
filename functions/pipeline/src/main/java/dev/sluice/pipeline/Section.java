package dev.sluice.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

/// A mapping of `pipeline.yaml` as it is read: it knows where it stands, collects problems instead
/// of throwing, and in the end names the fields that nobody asked for.
final class Section {
  private final String path;
  private final int line;
  private final boolean there;
  private final Map<String, Node> fields = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
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
        problem(field(name), lineOf(tuple.getKeyNode()), "", "stands twice; keep one");
      }
    }
  }

  static Section root(MappingNode node, List<Problem> problems) {
    return new Section("", node, problems);
  }

  /// Whether there is a mapping. Where there is none, that is the one problem, and no field of it
  /// is called missing.
  boolean isThere() {
    return there;
  }

  /// The names of all fields; asking for them counts as asking for each.
  Set<String> names() {
    asked.addAll(fields.keySet());
    return fields.keySet();
  }

  boolean has(String name) {
    asked.add(name);
    return fields.containsKey(name);
  }

  boolean isMapping(String name) {
    return fields.get(name) instanceof MappingNode;
  }

  /// The mapping under `name`; an empty one, and a problem, when there is none.
  Section section(String name) {
    asked.add(name);
    Node node = fields.get(name);
    if (node == null) {
      problem(field(name), line, "", "is missing; it is a mapping, `name: value`");
      return empty(name);
    }
    return new Section(field(name), node, problems);
  }

  /// The mapping under `name`, or an empty one.
  Section optionalSection(String name) {
    return has(name) ? section(name) : empty(name);
  }

  private Section empty(String name) {
    return new Section(field(name), line, problems);
  }

  private Section(String path, int line, List<Problem> problems) {
    this.path = path;
    this.line = line;
    this.there = false;
    this.problems = problems;
  }

  /// A scalar that must be there and that `read` must accept, else a problem with `hint`.
  <T> T required(String name, T instead, String hint, Function<String, Optional<T>> read) {
    if (!has(name)) {
      if (there) {
        problem(field(name), line, "", "is missing; " + hint);
      }
      return instead;
    }
    return optional(name, instead, hint, read);
  }

  /// A scalar that `read` must accept where it is there, else a problem with `hint`.
  <T> T optional(String name, T instead, String hint, Function<String, Optional<T>> read) {
    if (!has(name)) {
      return instead;
    }
    Node node = fields.get(name);
    Optional<T> value =
        node instanceof ScalarNode scalar ? read.apply(scalar.getValue()) : Optional.empty();
    if (value.isEmpty()) {
      problem(name, node == null ? "" : shown(node), hint);
    }
    return value.orElse(instead);
  }

  /// A list of scalars, or a single one; each must be accepted by `read`.
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

  /// A list whose items may be scalars or mappings.
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

  /// Ends the reading of this section.
  void refuseUnknown(String hint) {
    for (String name : fields.keySet()) {
      if (!asked.contains(name)) {
        problem(field(name), keyLine(name), "", "is not known here; " + meant(name) + hint);
      }
    }
  }

  /// The known name that was probably meant.
  private String meant(String name) {
    return asked.stream()
        .filter(known -> isNear(known, name.toLowerCase(Locale.ROOT).replace('-', '_')))
        .findFirst()
        .map(known -> "did you mean " + known + "? ")
        .orElse("");
  }

  /// Whether one letter too many, too few or another, or two that changed places, is all that
  /// differs.
  private static boolean isNear(String one, String other) {
    int same = 0;
    int least = Math.min(one.length(), other.length());
    while (same < least && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    int sameAtEnd = 0;
    while (sameAtEnd < least - same
        && one.charAt(one.length() - 1 - sameAtEnd)
            == other.charAt(other.length() - 1 - sameAtEnd)) {
      sameAtEnd++;
    }
    int differs = Math.max(one.length(), other.length()) - same - sameAtEnd;
    return differs <= 1
        || (differs == 2
            && one.length() == other.length()
            && one.charAt(same) == other.charAt(same + 1)
            && one.charAt(same + 1) == other.charAt(same));
  }

  void problem(String name, String value, String hint) {
    Node node = fields.get(name);
    problem(field(name), node == null ? line : lineOf(node), value, hint);
  }

  /// Where the value of `name` stands.
  int lineOf(String name) {
    Node node = fields.get(name);
    return node == null ? line : lineOf(node);
  }

  /// Where the first line of a text stands: a block (`|` or `>`) begins under its sign.
  int textLineOf(String name) {
    boolean isBlock =
        fields.get(name) instanceof ScalarNode scalar
            && (scalar.getScalarStyle() == ScalarStyle.LITERAL
                || scalar.getScalarStyle() == ScalarStyle.FOLDED);
    return lineOf(name) + (isBlock ? 1 : 0);
  }

  int keyLine(String name) {
    return lines.getOrDefault(name, line);
  }

  private void problem(String field, int at, String value, String hint) {
    problems.add(new Problem(PipelineFolder.YAML, at, field, value, hint));
  }

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
