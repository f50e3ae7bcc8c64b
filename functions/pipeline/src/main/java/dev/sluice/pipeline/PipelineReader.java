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
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Makes a [Pipeline] of its YAML, and says everything that is wrong with it.
final class PipelineReader {
  private static final Predicate<String> NAME =
      Pattern.compile("[a-z][a-z0-9_]{0,40}").asMatchPredicate();
  private static final String NAME_HINT =
      "use lower-case letters, digits and _, at most 41, a letter first";
  private static final Predicate<String> COLUMN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,60}").asMatchPredicate();
  private static final String COLUMN_HINT = "use letters, digits and _";
  private static final Pattern TYPE =
      Pattern.compile(
          "(?i)VARCHAR|BOOLEAN|DATE|TIMESTAMP|INTEGER|BIGINT|DOUBLE|DECIMAL\\((?<digits>[1-9]|[12]\\d|3[0-8]),\\s*(?<decimals>\\d{1,2})\\)");
  private static final Set<String> RESERVED = Set.of("events", "receipts", "quarantine", "sluice");

  /// What Sluice itself publishes beside a pipeline's metrics, under the same namespace.
  private static final Set<String> OWN_METRICS =
      new TreeSet<>(
          Set.of(
              "backlog",
              "bytes",
              "cost",
              "duplicate",
              "duplicates",
              "duration",
              "filtered",
              "lag",
              "loaded",
              "messages",
              "parked",
              "pipeline",
              "quarantined",
              "reason",
              "received",
              "sequence",
              "stage",
              "staged"));

  private static final String PATH_HINT = "write where it stands in the event, like $.order_id";

  private final String folder;
  private final Function<String, SourceFile> file;
  private final List<Problem> problems;
  private final Set<String> relations = new HashSet<>(RESERVED);
  private final Set<String> leftOut = new HashSet<>();

  PipelineReader(String folder, Function<String, SourceFile> file, List<Problem> problems) {
    this.folder = folder;
    this.file = file;
    this.problems = problems;
  }

  /// The references and tables that are too wrong to be in the pipeline that was read.
  Set<String> leftOut() {
    return leftOut;
  }

  /// Reads what can be read; where there were problems, for looking for others only.
  Pipeline read(MappingNode node, Supplier<String> digest) {
    Section root = Section.root(node, problems);
    String name = root.required("pipeline", folder, NAME_HINT, only(NAME));
    if (!name.equals(folder)) {
      root.problem("pipeline", name, "must be the name of its folder, '" + folder + "'");
    }
    Duration every =
        root.required(
            "every",
            Duration.ofMinutes(1),
            "must be one of " + Durations.FREQUENCIES,
            Durations::frequency);
    Limits batch = limits(root.optionalSection("batch"));
    EventFields event = event(root.section("event"));
    Duration remember = remember(root.optionalSection("duplicates"));
    List<Reference> references =
        all(root.optionalSection("references"), "reference", this::reference);
    Section tableSection = root.section("tables");
    if (tableSection.isThere() && tableSection.names().isEmpty()) {
      root.problem("tables", "", "name at least one table");
    }
    List<Table> tables = all(tableSection, "table", this::table);
    List<Metric> metrics = metrics(root.optionalSection("metrics"));
    root.refuseUnknown(
        "known are pipeline, every, batch, event, duplicates, references, tables, metrics");
    return new Pipeline(
        name, every, batch, event, remember, references, tables, metrics, digest.get());
  }

  private static Function<String, Optional<String>> only(Predicate<String> shape) {
    return text -> Optional.of(text).filter(shape);
  }

  private interface Reader<T> {
    Optional<T> read(String name, Section parent);
  }

  private <T> List<T> all(Section parent, String kind, Reader<T> reader) {
    List<T> all = new ArrayList<>();
    for (String name : parent.names()) {
      Optional<T> one = reader.read(name, parent);
      if (!NAME.test(name)) {
        parent.problem(name, "", "is no name for a " + kind + "; " + NAME_HINT);
        leftOut.add(name);
      } else if (!relations.add(name)) {
        parent.problem(name, "", "is taken or reserved; choose another name for this " + kind);
      } else {
        one.ifPresentOrElse(all::add, () -> leftOut.add(name));
      }
    }
    return all;
  }

  private List<Metric> metrics(Section section) {
    List<Metric> metrics = new ArrayList<>();
    for (String name : section.names()) {
      if (!NAME.test(name)) {
        section.problem(name, "", "is no name for a metric; " + NAME_HINT);
      } else if (OWN_METRICS.contains(name)) {
        section.problem(
            name, "", "is a metric of Sluice's own; choose a name that is none of " + OWN_METRICS);
      }
      sqlOf(section, name, "write a SELECT of one number over the tables")
          .ifPresent(select -> metrics.add(new Metric(name, select)));
    }
    return metrics;
  }

  private static Limits limits(Section batch) {
    long messages =
        batch.optional(
            "max_messages",
            100_000L,
            "must be a whole number from 1 to 1000000",
            text -> whole(text, 1, 1_000_000));
    long bytes =
        batch.optional(
            "max_bytes",
            256L << 20,
            "must be a size from 1MiB to 4GiB, like 256MiB",
            Durations::bytes);
    batch.refuseUnknown("known are max_messages, max_bytes");
    return new Limits(messages, bytes);
  }

  private EventFields event(Section event) {
    JsonPath nowhere = new JsonPath(List.of("_"));
    JsonPath type = event.required("type", nowhere, PATH_HINT, JsonPath::parse);
    Optional<JsonPath> id =
        event.has("id")
            ? Optional.of(event.required("id", nowhere, PATH_HINT, JsonPath::parse))
            : Optional.empty();
    JsonPath time = event.required("time", nowhere, PATH_HINT, JsonPath::parse);
    List<Duration> accept = accept(event);
    event.refuseUnknown("known are type, id, time, accept");
    return new EventFields(type, id, time, accept.get(0).negated(), accept.get(1));
  }

  private List<Duration> accept(Section event) {
    String hint = "must be two spans around the time of sending, like [-90d, +1h]";
    int before = problems.size();
    List<String> texts = event.list("accept", hint, Optional::of);
    List<Duration> spans = texts.stream().map(Durations::signed).flatMap(Optional::stream).toList();
    boolean isRight =
        texts.size() == 2
            && spans.size() == 2
            && spans.get(0).isNegative()
            && !spans.get(1).isNegative();
    if (!isRight && event.has("accept") && problems.size() == before) {
      event.problem("accept", texts.toString(), hint);
    }
    return isRight ? spans : List.of(Duration.ofDays(-90), Duration.ofHours(1));
  }

  private static Duration remember(Section duplicates) {
    Duration remember =
        duplicates.optional(
            "remember",
            Duration.ofHours(24),
            "must be a span up to 14d, like 24h",
            text -> Durations.span(text).filter(d -> d.compareTo(Duration.ofDays(14)) <= 0));
    duplicates.refuseUnknown("known is remember");
    return remember;
  }

  private Optional<Reference> reference(String name, Section parent) {
    Section reference = parent.section(name);
    String table = reference.required("table", name, NAME_HINT, only(NAME));
    String key = reference.required("key", "", COLUMN_HINT, only(COLUMN));
    reference.optional(
        "load",
        false,
        "must be all; or leave it out and give `keys`",
        text -> text.equals("all") ? Optional.of(true) : Optional.empty());
    Optional<Sql> keys =
        reference.has("keys")
            ? sqlOf(reference, "keys", "write SQL that gives the key of an event")
            : Optional.empty();
    if (reference.has("load") == reference.has("keys") && reference.isThere()) {
      reference.problem(
          "keys", "", "give either `keys` (SQL that says what to look up) or `load: all`");
    }
    List<String> from =
        reference.list("from", "name an event type, like order_placed", Optional::of);
    int before = problems.size();
    List<ReferenceColumn> columns = reference.isThere() ? columns(reference) : List.of();
    boolean isUsable = reference.isThere() && problems.size() == before;
    if (!key.isEmpty()
        && !columns.isEmpty()
        && columns.stream().noneMatch(column -> column.name().equals(key))) {
      reference.problem("key", key, "must be one of the columns");
    }
    reference.refuseUnknown("known are table, key, keys, from, load, columns");
    return isUsable
        ? Optional.of(new Reference(name, table, key, keys, from, columns))
        : Optional.empty();
  }

  private static List<ReferenceColumn> columns(Section reference) {
    Section section = reference.section("columns");
    if (section.isThere() && section.names().isEmpty()) {
      reference.problem("columns", "", "name at least one column");
    }
    List<ReferenceColumn> columns = new ArrayList<>();
    Set<String> inLowerCase = new HashSet<>();
    for (String column : section.names()) {
      if (!COLUMN.test(column)) {
        section.problem(column, "", "is no name for a column; " + COLUMN_HINT);
        continue;
      } else if (!inLowerCase.add(column.toLowerCase(Locale.ROOT))) {
        section.problem(column, "", "stands twice; SQL does not tell upper from lower case");
      }
      String type =
          section.required(
              column,
              "VARCHAR",
              "must be one of VARCHAR, BOOLEAN, DATE, TIMESTAMP, INTEGER, BIGINT, DOUBLE, \"DECIMAL(p,s)\""
                  + " with p up to 38 digits, s of them decimals, in quotes",
              only(PipelineReader::isType));
      columns.add(new ReferenceColumn(column, type.toUpperCase(Locale.ROOT)));
    }
    return columns;
  }

  private static boolean isType(String text) {
    Matcher type = TYPE.matcher(text);
    return type.matches()
        && (type.group("digits") == null
            || Integer.parseInt(type.group("decimals")) <= Integer.parseInt(type.group("digits")));
  }

  private Optional<Table> table(String name, Section parent) {
    Section table = parent.section(name);
    int before = problems.size();
    List<String> from =
        table.list("from", "name an event type, like order_placed", only(text -> !text.isBlank()));
    if (from.isEmpty() && table.isThere()) {
      if (problems.size() == before) {
        table.problem("from", "", "name the event types that this table is made from");
      }
      from = List.of(name);
    }
    Sql select = sqlFile(table);
    List<JsonPath> required =
        table.list(
            "required",
            "name a field of the event, like order_id or destination.city",
            text -> JsonPath.parse("$." + text));
    List<Partition> partitions = partitions(table);
    Section expect = table.optionalSection("expect");
    List<Expectation> expectations = new ArrayList<>();
    for (String rule : expect.names()) {
      if (!NAME.test(rule)) {
        expect.problem(rule, "", "is no name for an expectation; " + NAME_HINT);
      }
      expectation(rule, expect).ifPresent(expectations::add);
    }
    table.refuseUnknown("known are from, sql, required, partition_by, expect");
    return table.isThere()
        ? Optional.of(new Table(name, from, select, required, partitions, expectations))
        : Optional.empty();
  }

  private List<Partition> partitions(Section table) {
    int before = problems.size();
    List<Partition> partitions =
        table.mixedList("partition_by", n -> plain(table, n), this::column);
    if (table.has("partition_by") && partitions.isEmpty() && problems.size() == before) {
      table.problem("partition_by", "", "name at least one, or leave it out for [dt, hour]");
    }
    if (partitions.stream().map(Partition::column).distinct().count() < partitions.size()) {
      table.problem("partition_by", "", "names a column twice");
    }
    return partitions.isEmpty() || problems.size() > before
        ? List.of(new ByDate(), new ByHour())
        : partitions;
  }

  private Sql sqlFile(Section table) {
    String name =
        table.required(
            "sql",
            "",
            "name a file beside pipeline.yaml, like orders.sql",
            only(t -> !t.isBlank()));
    if (name.isEmpty()) {
      return new Sql("", "", 1);
    }
    return switch (file.apply(name)) {
      case SourceFile.Text(String text) -> {
        if (text.isBlank()) {
          table.problem("sql", name, "the file is empty; it must hold one SELECT");
        }
        yield new Sql(text, name, 1);
      }
      case SourceFile.Missing() -> {
        table.problem("sql", name, "there is no such file in the pipeline's folder");
        yield new Sql("", name, 1);
      }
      case SourceFile.Unreadable unreadable -> {
        problems.add(unreadable.problem(name, table.field("sql")));
        yield new Sql("", name, 1);
      }
    };
  }

  private static Optional<Partition> plain(Section table, ScalarNode node) {
    Optional<Partition> partition =
        switch (node.getValue()) {
          case "dt" -> Optional.of(new ByDate());
          case "hour" -> Optional.of(new ByHour());
          default -> Optional.empty();
        };
    if (partition.isEmpty()) {
      table.problem(
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
            "pattern", "", "write a regular expression for the allowed values", Optional::of);
    regexProblem(pattern).ifPresent(wrong -> section.problem("pattern", pattern, wrong));
    int most =
        section
            .required("most", 1L, "must be from 1 to 1000 values a batch", t -> whole(t, 1, 1000))
            .intValue();
    section.refuseUnknown("known are column, pattern, most");
    return new ByColumn(column, new Pipeline.Pattern(pattern, section.lineOf("pattern")), most);
  }

  private static Optional<String> regexProblem(String text) {
    try {
      Pattern.compile(text);
      return Optional.empty();
    } catch (PatternSyntaxException wrong) {
      return Optional.of("is no regular expression: " + wrong.getDescription());
    }
  }

  private static Optional<Expectation> expectation(String name, Section expect) {
    String hint = "write a predicate over the table's columns, like amount >= 0";
    if (!expect.isMapping(name)) {
      return sqlOf(expect, name, hint)
          .map(check -> new Expectation(name, check, Otherwise.QUARANTINE));
    }
    Section rule = expect.section(name);
    Optional<Sql> check = sqlOf(rule, "check", hint);
    Otherwise otherwise =
        rule.optional(
            "otherwise",
            Otherwise.QUARANTINE,
            "must be one of quarantine, warn, fail",
            text ->
                List.of(Otherwise.values()).stream()
                    .filter(o -> o.name().toLowerCase(Locale.ROOT).equals(text))
                    .findFirst());
    rule.refuseUnknown("known are check, otherwise");
    return check.map(sql -> new Expectation(name, sql, otherwise));
  }

  private static Optional<Sql> sqlOf(Section section, String name, String hint) {
    String text =
        section.required(
            name, "", hint, t -> t.isBlank() ? Optional.empty() : Optional.of(t.stripTrailing()));
    return text.isEmpty()
        ? Optional.empty()
        : Optional.of(new Sql(text, PipelineFolder.YAML, section.textLineOf(name)));
  }

  private static Optional<Long> whole(String text, long least, long most) {
    if (!text.matches("[0-9]{1,9}")) {
      return Optional.empty();
    }
    long value = Long.parseLong(text);
    return value >= least && value <= most ? Optional.of(value) : Optional.empty();
  }
}
