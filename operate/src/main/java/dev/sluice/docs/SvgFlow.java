package dev.sluice.docs;

import dev.sluice.docs.Flow.Edge;
import dev.sluice.docs.Flow.Kind;
import dev.sluice.docs.Flow.Node;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Draws a [Flow] as SVG: one column for each layer, and a curve for each edge.
final class SvgFlow {
  private static final int HEIGHT = 30;
  private static final int ROW = 44;
  private static final int GAP = 70;
  private static final int CHARACTER = 8;
  private static final int PADDING = 12;

  private SvgFlow() {}

  /// The upper left corner and the width of a node.
  private record Box(int x, int y, int width) {
    String path(Box to) {
      int x1 = x + width;
      int y1 = y + HEIGHT / 2;
      int y2 = to.y + HEIGHT / 2;
      int middle = (x1 + to.x) / 2;
      return "M%d %d C%d %d %d %d %d %d".formatted(x1, y1, middle, y1, middle, y2, to.x, y2);
    }
  }

  static String of(Flow flow) {
    Map<Node, Box> boxes = new HashMap<>();
    int x = 1;
    for (List<Node> layer : flow.layers()) {
      int width = layer.stream().mapToInt(SvgFlow::width).max().orElse(0);
      for (int i = 0; i < layer.size(); i++) {
        boxes.put(layer.get(i), new Box(x, 1 + i * ROW, width));
      }
      x += layer.isEmpty() ? 0 : width + GAP;
    }
    int rows = flow.layers().stream().mapToInt(List::size).max().orElse(0);
    StringBuilder svg =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%1$d\" role=\"img\" aria-label=\"Data flow\">\n"
                .formatted(x - GAP + 1, rows * ROW));
    for (Edge edge : flow.edges()) {
      svg.append(
          "<path d=\"%s\"/>\n".formatted(box(boxes, edge.from()).path(box(boxes, edge.to()))));
    }
    flow.layers().stream()
        .flatMap(List::stream)
        .forEach(node -> svg.append(node(node, box(boxes, node))));
    return svg + "</svg>\n";
  }

  private static Box box(Map<Node, Box> boxes, Node node) {
    return boxes.computeIfAbsent(
        node,
        missing -> {
          throw new IllegalArgumentException(missing + " is in no layer");
        });
  }

  private static int width(Node node) {
    return node.name().length() * CHARACTER + 2 * PADDING;
  }

  private static String node(Node node, Box box) {
    return "<g class=\"%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/><text x=\"%d\" y=\"%d\">%s</text></g>\n"
        .formatted(
            className(node.kind()),
            box.x,
            box.y,
            box.width,
            HEIGHT,
            node.kind() == Kind.TABLE ? 2 : HEIGHT / 2,
            box.x + PADDING,
            box.y + HEIGHT / 2 + 5,
            HtmlPage.escaped(node.name()));
  }

  private static String className(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
