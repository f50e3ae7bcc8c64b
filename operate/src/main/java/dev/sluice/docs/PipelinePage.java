package dev.sluice.docs;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.field.Field;
import dev.sluice.json.JsonPath;
import dev.sluice.operate.PipelineSource.Checked;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.ByDate;
import dev.sluice.pipeline.Pipeline.ByHour;
import dev.sluice.pipeline.Pipeline.EventFields;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The documentation of a valid pipeline: its data flow, events, tables with columns and rules,
/// references and metrics.
public final class PipelinePage {
  static final String MERMAID = "mermaid";

  private static final long MINUTE = 60;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private final Pipeline pipeline;
  private final List<TableColumns> columns;
  private final Flow flow;

  public PipelinePage(Checked checked) {
    this.pipeline = checked.pipeline();
    this.columns = checked.tables();
    this.flow = Flow.of(pipeline);
  }

  /// The page in Markdown, with a Mermaid diagram.
  public String markdown() {
    Markdown page = new Markdown();
    page.heading(1, pipeline.name());
    page.paragraph(pipeline.description());
    page.paragraph(
        "Interval: %s. A batch has at most %,d messages."
            .formatted(span(pipeline.every()), pipeline.batch().maxMessages()));
    page.heading(2, "Data flow").code(MERMAID, MermaidFlow.of(flow));
    events(page);
    pipeline.tables().forEach(table -> table(page, table));
    references(page);
    metrics(page);
    return page.toString();
  }

  /// The page in HTML, with an SVG diagram.
  public String html() {
    return HtmlPage.of(pipeline.name(), markdown(), SvgFlow.of(flow));
  }

  private void events(Markdown page) {
    EventFields event = pipeline.event();
    List<String> items = new ArrayList<>();
    items.add("Type: %s".formatted(Markdown.code(event.type().toString())));
    items.add(
        event
            .id()
            .map(id ->
                "Id: %s. Ids of loaded and filtered events are remembered for %s: a repeated event with the same content is dropped, and one with different content is quarantined."
                    .formatted(Markdown.code(id.toString()), span(pipeline.remember())))
            .orElse("Id: none. Only redelivered messages are detected as duplicates."));
    items.add(
        "Time: %s, from %s before to %s after its message was sent."
            .formatted(
                Markdown.code(event.time().toString()),
                span(event.oldest()),
                span(event.newest())));
    page.heading(2, "Events").list(items);
    page.paragraph(
        "Events that violate a rule are in the table `quarantine`, with the reason and the text of the event.");
  }

  private void table(Markdown page, Table table) {
    page.heading(2, "Table " + table.name()).paragraph(table.description());
    page.paragraph(
        "One row for each event of type %s%s. Partitioned by %s."
            .formatted(
                codes(table.from()),
                table.isOfFields()
                    ? ""
                    : " that the SELECT in %s returns"
                        .formatted(Markdown.code(table.select().file())),
                codes(table.partitionBy().stream().map(Partition::column).toList())));
    page.table(List.of("column", "type", "description"), columns(table));
    page.heading(3, "Rules of " + table.name()).list(rules(table));
  }

  private List<List<String>> columns(Table table) {
    List<List<String>> rows = new ArrayList<>();
    columns.stream()
        .filter(own -> own.table().equals(table.name()))
        .flatMap(own -> own.columns().stream())
        .forEach(column -> rows.add(column(table, column)));
    table
        .partitionBy()
        .forEach(p -> rows.add(List.of(Markdown.code(p.column()), "VARCHAR", partition(p))));
    return rows;
  }

  private static List<String> column(Table table, Column column) {
    String description =
        switch (column.name()) {
          case "event_id" -> "The id of the event";
          case "message_id" -> "The id of the message that contained the event";
          case "batch" -> "The number of the batch that loaded the row";
          default ->
              table.fields().stream()
                  .filter(field -> field.name().equals(column.name()))
                  .map(field -> oneLine(field.description()))
                  .findFirst()
                  .orElse("");
        };
    return List.of(Markdown.code(column.name()), column.type(), description);
  }

  private static String partition(Partition partition) {
    return switch (partition) {
      case ByDate _ -> "Partition: the UTC date of the event";
      case ByHour _ -> "Partition: the UTC hour of the event";
      case ByColumn by ->
          "Partition: values that match %s; others are `__other`"
              .formatted(Markdown.code(by.pattern().text()));
    };
  }

  private static List<String> rules(Table table) {
    List<String> rules = new ArrayList<>();
    List<String> required =
        Stream.concat(
                table.required().stream(),
                table.fields().stream()
                    .map(Field::rule)
                    .filter(Field.Rule::required)
                    .map(Field.Rule::path))
            .map(JsonPath::dotted)
            .distinct()
            .toList();
    if (!required.isEmpty()) {
      rules.add(
          "%s must have a value; otherwise the event is quarantined as `missing_field`."
              .formatted(codes(required)));
    }
    table.fields().stream()
        .filter(field -> !field.rule().nullIfUnreadable())
        .collect(
            Collectors.groupingBy(
                field -> field.rule().reason(), LinkedHashMap::new, Collectors.toList()))
        .forEach((reason, fields) ->
            rules.add(
                "A value of %s that is not of its type quarantines the event as %s."
                    .formatted(
                        codes(fields.stream().map(field -> field.rule().path().dotted()).toList()),
                        Markdown.code(reason))));
    table.expect().forEach(rule -> rules.add(rule(rule)));
    return rules.isEmpty() ? List.of("No rules besides those for all events.") : rules;
  }

  private static String rule(Expectation rule) {
    String otherwise =
        switch (rule.otherwise()) {
          case QUARANTINE -> "otherwise the event is quarantined as " + Markdown.code(rule.name());
          case WARN ->
              "otherwise the row is loaded and counted as a warning " + Markdown.code(rule.name());
          case FAIL -> "otherwise the batch stops, with the error " + Markdown.code(rule.name());
        };
    String condition = Markdown.code(rule.check().text()) + " must be true or NULL";
    return rule.description().isEmpty()
        ? "%s; %s.".formatted(condition, otherwise)
        : "%s (%s; %s.)".formatted(oneLine(rule.description()), condition, otherwise);
  }

  private void references(Markdown page) {
    if (pipeline.references().isEmpty()) {
      return;
    }
    page.heading(2, "References");
    page.table(
        List.of("reference", "DynamoDB table", "rows", "columns"),
        pipeline.references().stream().map(PipelinePage::reference).toList());
  }

  private static List<String> reference(Reference reference) {
    String rows =
        reference
            .keys()
            .map(keys ->
                "where %s is %s"
                    .formatted(Markdown.code(reference.key()), Markdown.code(keys.text())))
            .orElse("all");
    String types =
        reference.columns().stream()
            .map(c -> Markdown.code(c.name()) + " " + c.type())
            .collect(Collectors.joining(", "));
    return List.of(Markdown.code(reference.name()), Markdown.code(reference.table()), rows, types);
  }

  private void metrics(Markdown page) {
    if (pipeline.metrics().isEmpty()) {
      return;
    }
    page.heading(2, "Metrics").paragraph("A number for each batch, in its receipt.");
    page.table(
        List.of("metric", "description", "SQL"),
        pipeline.metrics().stream().map(PipelinePage::metric).toList());
  }

  private static List<String> metric(Metric metric) {
    return List.of(
        Markdown.code(metric.name()), metric.description(), Markdown.code(metric.select().text()));
  }

  private static String codes(List<String> names) {
    return names.stream().map(Markdown::code).collect(Collectors.joining(", "));
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }

  /// A duration in the largest unit that divides it, like `90 days` or `24 hours`.
  private static String span(Duration span) {
    long seconds = span.toSeconds();
    if (seconds % DAY == 0 && seconds > DAY) {
      return unit(seconds / DAY, "day");
    }
    if (seconds % HOUR == 0) {
      return unit(seconds / HOUR, "hour");
    }
    return seconds % MINUTE == 0 ? unit(seconds / MINUTE, "minute") : unit(seconds, "second");
  }

  private static String unit(long count, String unit) {
    return count + " " + unit + (count == 1 ? "" : "s");
  }
}
