package dev.sluice.docs;

import dev.sluice.batch.OutputFile;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The data flow of a pipeline in layers from left to right: the queue; event types and references;
/// tables and the quarantine; metrics.
record Flow(List<List<Node>> layers, List<Edge> edges) {
  /// What a node is, which determines its shape.
  enum Kind {
    QUEUE,
    EVENT_TYPE,
    REFERENCE,
    TABLE,
    METRIC
  }

  /// A node; kind and name identify it.
  record Node(Kind kind, String name) {}

  /// A flow of data.
  record Edge(Node from, Node to) {}

  static Flow of(Pipeline pipeline) {
    try (ReadTables readTables = new ReadTables()) {
      return of(pipeline, readTables);
    }
  }

  private static Flow of(Pipeline pipeline, ReadTables readTables) {
    Node queue = new Node(Kind.QUEUE, "queue " + pipeline.name());
    List<Node> types =
        nodes(
            Kind.EVENT_TYPE, pipeline.tables().stream().flatMap(t -> t.from().stream()).distinct());
    List<Node> references =
        nodes(Kind.REFERENCE, pipeline.references().stream().map(Reference::name));
    List<Node> tables = nodes(Kind.TABLE, pipeline.tables().stream().map(Table::name));
    Node quarantine = new Node(Kind.TABLE, OutputFile.QUARANTINE);
    List<Edge> edges = new ArrayList<>();
    types.forEach(type -> edges.add(new Edge(queue, type)));
    edges.add(new Edge(queue, quarantine));
    for (Table table : pipeline.tables()) {
      Node to = new Node(Kind.TABLE, table.name());
      table.from().forEach(type -> edges.add(new Edge(new Node(Kind.EVENT_TYPE, type), to)));
      sqlOf(table).forEach(sql -> addReads(references, readTables.in(sql.text()), to, edges));
    }
    for (Metric metric : pipeline.metrics()) {
      Node to = new Node(Kind.METRIC, metric.name());
      addReads(concat(references, tables), readTables.in(metric.select().text()), to, edges);
    }
    return new Flow(
        List.of(
            List.of(queue),
            concat(types, references),
            concat(tables, List.of(quarantine)),
            nodes(Kind.METRIC, pipeline.metrics().stream().map(Metric::name))),
        edges);
  }

  private static List<Node> nodes(Kind kind, Stream<String> names) {
    return names.map(name -> new Node(kind, name)).toList();
  }

  private static List<Node> concat(List<Node> nodes, List<Node> others) {
    return Stream.concat(nodes.stream(), others.stream()).toList();
  }

  private static Stream<Sql> sqlOf(Table table) {
    return Stream.concat(
        Stream.of(table.select()), table.expect().stream().map(Expectation::check));
  }

  private static void addReads(List<Node> nodes, Set<String> read, Node to, List<Edge> edges) {
    nodes.stream()
        .filter(node -> read.contains(node.name()))
        .map(node -> new Edge(node, to))
        .filter(edge -> !edges.contains(edge))
        .forEach(edges::add);
  }
}
