package dev.sluice.pipeline;

import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.ByDate;
import dev.sluice.pipeline.Pipeline.ByHour;
import dev.sluice.pipeline.Pipeline.EventFields;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Limits;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Makes a [Pipeline] of its YAML, and says everything that is wrong with it.
final class PipelineReader {
  private static final Predicate<String> NAME =
      Pattern.compile("[a-z][a-z0-9_]{0,40}").asMatchPredicate();
  private static final String NAME_HINT = "use lower-case letters, digits and _, at most 41";
  private static final Predicate<String> COLUMN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,60}").asMatchPredicate();
  private static final String COLUMN_HINT = "use letters, digits and _";
  private static final Predicate<String> TYPE =
      Pattern.compile(
              "(?i)VARCHAR|BOOLEAN|DATE|TIMESTAMP|INTEGER|BIGINT|DOUBLE|DECIMAL\\(([1-9]|[12]\\d|3[0-8]),\\s*\\d{1,2}\\)")
          .asMatchPredicate();
  private static final Set<String> RESERVED = Set.of("events", "receipts", "quarantine", "sluice");
  private static final String PATH_HINT = "write where it stands in the event, like $.order_id";

  private final String folder;
  private final Function<String, Optional<String>> file;
  private final List<Mistake> mistakes;
  private final Set<String> relations = new HashSet<>(RESERVED);

  PipelineReader(String folder, Function<String, Optional<String>> file, List<Mistake> mistakes) {
    this.folder = folder;
    this.file = file;
    this.mistakes = mistakes;
  }

  Pipeline read(Node node, Supplier<String> digest) {
    Section root = Section.root(node, mistakes);
    String name = root.required("pipeline", folder, NAME_HINT, only(NAME));
    if (!name.equals(folder)) {
      root.mistake("pipeline", name, "must be the name of its folder, '" + folder + "'");
    }
    Duration every =
        root.required(
            "every",
            Duration.ofMinutes(1),
            "one of " + Durations.FREQUENCIES,
            Durations::frequency);
    Limits batch = limits(root.optionalSection("batch"));
    EventFields event = event(root.section("event"));
    Duration remember = remember(root.optionalSection("duplicates"));
    List<Reference> references =
        all(root.optionalSection("references"), "reference", this::reference);
    List<Table> tables = all(root.section("tables"), "table", this::table);
    if (root.has("tables") && tables.isEmpty()) {
      root.mistake("tables", "", "name at least one table");
    }
    Section metricSection = root.optionalSection("metrics");
    List<Metric> metrics = all(metricSection, "metric", (n, s) -> metric(n, s));
    root.refuseUnknown(
        "known are pipeline, every, batch, event, duplicates, references, tables, metrics");
    return new Pipeline(
        name, every, batch, event, remember, references, tables, metrics, digest.get());
  }

  private static Function<String, Optional<String>> only(Predicate<String> shape) {
    return text -> Optional.of(text).filter(shape);
  }

  private interface Reader<T> {
    T read(String name, Section parent);
  }

  private <T> List<T> all(Section parent, String kind, Reader<T> reader) {
    List<T> all = new ArrayList<>();
    for (String name : parent.names()) {
      if (!NAME.test(name)) {
        parent.mistake(name, "", "is no name for a " + kind + "; " + NAME_HINT);
      } else if (!kind.equals("metric") && !relations.add(name)) {
        parent.mistake(name, "", "is taken or reserved; choose another name for this " + kind);
      }
      all.add(reader.read(name, parent));
    }
    return all;
  }

  private static Limits limits(Section batch) {
    long messages =
        batch.optional(
            "max_messages",
            100_000L,
            "a whole number from 1 to 1000000",
            text -> whole(text, 1, 1_000_000));
    long bytes =
        batch.optional(
            "max_bytes", 256L << 20, "a size from 1MiB to 4GiB, like 256MiB", Durations::bytes);
    batch.refuseUnknown("known are max_messages, max_bytes");
    return new Limits(messages, bytes);
  }

  private static EventFields event(Section event) {
    JsonPath nowhere = new JsonPath(List.of("_"));
    JsonPath type = event.required("type", nowhere, PATH_HINT, JsonPath::parse);
    Optional<JsonPath> id =
        event.has("id")
            ? Optional.of(event.required("id", nowhere, PATH_HINT, JsonPath::parse))
            : Optional.empty();
    JsonPath time = event.required("time", nowhere, PATH_HINT, JsonPath::parse);
    String hint = "two spans around the time of sending, like [-90d, +1h]";
    List<Duration> accept = event.list("accept", hint, Durations::signed);
    if (event.has("accept")
        && (accept.size() != 2 || !accept.get(0).isNegative() || accept.get(1).isNegative())) {
      event.mistake("accept", "", hint);
      accept = List.of();
    }
    event.refuseUnknown("known are type, id, time, accept");
    Duration oldest = accept.size() == 2 ? accept.get(0).negated() : Duration.ofDays(90);
    Duration newest = accept.size() == 2 ? accept.get(1) : Duration.ofHours(1);
    return new EventFields(type, id, time, oldest, newest);
  }

  private static Duration remember(Section duplicates) {
    Duration remember =
        duplicates.optional(
            "remember",
            Duration.ofHours(24),
            "a span up to 14d, like 24h",
            text -> Durations.span(text).filter(d -> d.compareTo(Duration.ofDays(14)) <= 0));
    duplicates.refuseUnknown("known is remember");
    return remember;
  }

  private Reference reference(String name, Section parent) {
    Section reference = parent.section(name);
    String table = reference.required("table", name, NAME_HINT, only(NAME));
    String key = reference.required("key", "", COLUMN_HINT, only(COLUMN));
    boolean all =
        reference.optional(
            "load",
            false,
            "`all`, or leave it out and give `keys`",
            text -> text.equals("all") ? Optional.of(true) : Optional.empty());
    Optional<Sql> keys =
        reference.has("keys") ? sqlOf(reference, "keys", "SQL over events") : Optional.empty();
    if (all == keys.isPresent() && reference.lineOf("table") > 0) {
      reference.mistake(
          "keys", "", "give either `keys` (SQL that says what to look up) or `load: all`");
    }
    List<String> from = reference.list("from", "an event type", Optional::of);
    Section section = reference.section("columns");
    List<ReferenceColumn> columns = new ArrayList<>();
    for (String column : section.names()) {
      if (!COLUMN.test(column)) {
        section.mistake(column, "", "is no name for a column; " + COLUMN_HINT);
      }
      String type =
          section.required(
              column,
              "VARCHAR",
              "one of VARCHAR, BOOLEAN, DATE, TIMESTAMP, INTEGER, BIGINT, DOUBLE, DECIMAL(p,s)",
              only(TYPE));
      columns.add(new ReferenceColumn(column, type.toUpperCase(Locale.ROOT)));
    }
    if (!key.isEmpty() && columns.stream().noneMatch(column -> column.name().equals(key))) {
      reference.mistake("key", key, "must be one of the columns");
    }
    reference.refuseUnknown("known are table, key, keys, from, load, columns");
    return new Reference(name, table, key, keys, from, columns);
  }

  private Table table(String name, Section parent) {
    Section table = parent.section(name);
    List<String> from = table.list("from", "an event type", only(text -> !text.isBlank()));
    if (from.isEmpty()) {
      table.mistake("from", "", "name the event types that this table is made from");
    }
    Sql select = sqlFile(table);
    List<JsonPath> required =
        table.list(
            "required",
            "a field of the event, like order_id or destination.city",
            text -> JsonPath.parse("$." + text));
    List<Partition> partitions =
        table.mixedList("partition_by", n -> plain(table, n), this::column);
    if (partitions.stream().map(Partition::column).distinct().count() < partitions.size()) {
      table.mistake("partition_by", "", "names a column twice");
    }
    if (partitions.isEmpty()) {
      partitions = List.of(new ByDate(), new ByHour());
    }
    Section expect = table.optionalSection("expect");
    List<Expectation> expectations = new ArrayList<>();
    for (String rule : expect.names()) {
      if (!NAME.test(rule)) {
        expect.mistake(rule, "", "is no name for an expectation; " + NAME_HINT);
      }
      expectations.add(expectation(rule, expect));
    }
    table.refuseUnknown("known are from, sql, required, partition_by, expect");
    return new Table(name, from, select, required, partitions, expectations);
  }

  private Sql sqlFile(Section table) {
    String name =
        table.required(
            "sql", "", "a file beside pipeline.yaml, like orders.sql", only(t -> !t.isBlank()));
    if (name.isEmpty()) {
      return new Sql("", "", 1);
    }
    Optional<String> text = file.apply(name);
    if (text.isEmpty()) {
      table.mistake("sql", name, "there is no such file in the pipeline's folder");
    } else if (text.get().isBlank()) {
      table.mistake("sql", name, "the file is empty; it must hold one SELECT");
    }
    return new Sql(text.orElse(""), name, 1);
  }

  private static Optional<Partition> plain(Section table, ScalarNode node) {
    Optional<Partition> partition =
        switch (node.getValue()) {
          case "dt" -> Optional.of(new ByDate());
          case "hour" -> Optional.of(new ByHour());
          default -> Optional.empty();
        };
    if (partition.isEmpty()) {
      table.mistake(
          "partition_by",
          node.getValue(),
          "write dt, hour or {column: country, pattern: '[A-Z]{2}', most: 300}");
    }
    return partition;
  }

  private Partition column(Section section) {
    String column = section.required("column", "_", NAME_HINT, only(NAME));
    String pattern =
        section.required(
            "pattern", "", "a regular expression for the allowed values", PipelineReader::regex);
    int most =
        section
            .required("most", 1L, "from 1 to 1000 values a batch", t -> whole(t, 1, 1000))
            .intValue();
    section.refuseUnknown("known are column, pattern, most");
    return new ByColumn(column, pattern, most);
  }

  private static Optional<String> regex(String text) {
    try {
      Pattern.compile(text);
      return Optional.of(text);
    } catch (PatternSyntaxException wrong) {
      return Optional.empty();
    }
  }

  private Expectation expectation(String name, Section expect) {
    String hint = "a predicate over the table's columns, like amount >= 0";
    if (!expect.isMapping(name)) {
      return new Expectation(name, sql(expect, name, hint), Otherwise.QUARANTINE);
    }
    Section rule = expect.section(name);
    Sql check = sql(rule, "check", hint);
    Otherwise otherwise =
        rule.optional(
            "otherwise",
            Otherwise.QUARANTINE,
            "quarantine, warn or fail",
            text ->
                List.of(Otherwise.values()).stream()
                    .filter(o -> o.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst());
    rule.refuseUnknown("known are check, otherwise");
    return new Expectation(name, check, otherwise);
  }

  private Metric metric(String name, Section metrics) {
    return new Metric(name, sql(metrics, name, "a SELECT of one number over the tables"));
  }

  private Sql sql(Section section, String name, String hint) {
    return sqlOf(section, name, hint).orElse(new Sql("", PipelineFolder.YAML, 1));
  }

  private Optional<Sql> sqlOf(Section section, String name, String hint) {
    String text =
        section.required(
            name, "", hint, t -> t.isBlank() ? Optional.empty() : Optional.of(t.strip()));
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sql(text, PipelineFolder.YAML, section.lineOf(name)));
  }

  private static Optional<Long> whole(String text, long least, long most) {
    if (!text.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    long value = Long.parseLong(text);
    return value >= least && value <= most ? Optional.of(value) : Optional.empty();
  }
}
