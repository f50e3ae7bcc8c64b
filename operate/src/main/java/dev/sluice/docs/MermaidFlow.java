package dev.sluice.docs;

import dev.sluice.docs.Flow.Edge;
import dev.sluice.docs.Flow.Node;
import java.util.List;

/// Writes a [Flow] as a Mermaid flowchart, which GitHub and many Markdown viewers draw.
final class MermaidFlow {
  private MermaidFlow() {}

  static String of(Flow flow) {
    List<Node> nodes = flow.layers().stream().flatMap(List::stream).toList();
    StringBuilder text = new StringBuilder("flowchart LR\n");
    for (int i = 0; i < nodes.size(); i++) {
      text.append("  n").append(i).append(shape(nodes.get(i))).append('\n');
    }
    for (Edge edge : flow.edges()) {
      text.append(
          "  n%d --> n%d\n".formatted(nodes.indexOf(edge.from()), nodes.indexOf(edge.to())));
    }
    return text.toString();
  }

  private static String shape(Node node) {
    String label = '"' + escaped(node.name()) + '"';
    return switch (node.kind()) {
      case QUEUE -> "[[" + label + "]]";
      case EVENT_TYPE -> "([" + label + "])";
      case REFERENCE -> "[(" + label + ")]";
      case TABLE -> "[" + label + "]";
      case METRIC -> "{{" + label + "}}";
    };
  }

  /// Event types can be any text.
  private static String escaped(String name) {
    return name.replace("#", "#35;")
        .replace("\"", "#quot;")
        .replace("<", "#lt;")
        .replace("`", "#96;");
  }
}
