package dev.sluice.duckdb;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.PipelineFolder.Draft;
import dev.sluice.pipeline.Problem;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Runs a pipeline's SQL over no rows, to find what is wrong with it before any event does.
public final class PipelineCheck {
  /// What the engine adds to every row, or means something in `events`.
  private static final Set<String> TAKEN =
      Set.of(
          "event",
          "event_id",
          "event_type",
          "event_time",
          "message_id",
          "sent_at",
          "batch",
          "dt",
          "hour");

  private static final Predicate<String> NAME =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*").asMatchPredicate();

  private static final Pattern NUMERIC =
      Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\\(.*)");

  private final Pipeline pipeline;
  private final DuckDb db;
  private final NondeterministicCalls chance;

  // The references and tables that are not there, for a problem that is told elsewhere. What reads
  // them is not judged.
  private final Set<String> unmade;

  private final List<Problem> problems = new ArrayList<>();
  private final List<TableColumns> columns = new ArrayList<>();

  private PipelineCheck(Pipeline pipeline, Set<String> leftOut, DuckDb db) throws SQLException {
    this.pipeline = pipeline;
    this.db = db;
    this.chance = new NondeterministicCalls(db);
    this.unmade = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    unmade.addAll(leftOut);
  }

  /// What was found.
  ///
  /// @param tables the columns of each table that is right, its partitions apart
  public record Found(List<Problem> problems, List<TableColumns> tables) {}

  /// All problems of a pipeline's folder: those of its reading, and those of its SQL as far as they
  /// can be told beside them.
  public static List<Problem> problems(Draft draft) {
    List<Problem> all = new ArrayList<>(draft.problems());
    draft.pipeline().ifPresent(pipeline -> all.addAll(check(pipeline, draft.leftOut()).problems()));
    return all;
  }

  /// Checks all SQL of `pipeline`.
  public static Found check(Pipeline pipeline) {
    return check(pipeline, Set.of());
  }

  private static Found check(Pipeline pipeline, Set<String> leftOut) {
    try (DuckDb db = new DuckDb(Path.of(System.getProperty("java.io.tmpdir")), "200MB")) {
      PipelineCheck check = new PipelineCheck(pipeline, leftOut, db);
      check.run();
      return new Found(check.problems, check.columns);
    } catch (SQLException broken) {
      throw new IllegalStateException(SqlError.message(broken), broken);
    }
  }

  private void run() throws SQLException {
    db.createWorkingTables();
    for (Reference reference : pipeline.references()) {
      ReferenceLoader.createEmpty(db, reference);
      reference.keys().ifPresent(keys -> check(reference, keys));
    }
    for (Table table : pipeline.tables()) {
      check(table);
    }
    for (Metric metric : pipeline.metrics()) {
      check(metric);
    }
  }

  private void check(Reference reference, Sql keys) {
    String field = "references." + reference.name() + ".keys";
    problems.addAll(chance.in(field, keys));
    try {
      db.rows("SELECT %s FROM events".formatted(Statements.key(keys)), _ -> 0);
    } catch (SQLException wrong) {
      add(field, keys, 1, wrong);
    }
  }

  private void check(Metric metric) throws SQLException {
    String field = "metrics." + metric.name();
    problems.addAll(chance.in(field, metric.select()));
    SqlShape shape = SqlShape.of(db, metric.select().text());
    if (!isSelect(field, metric.select(), shape)) {
      return;
    }
    try {
      List<String> types =
          db.rows("DESCRIBE " + Statements.metric(metric), row -> row.getString("column_type"));
      if (types.size() != 1 || !NUMERIC.matcher(types.getFirst()).matches()) {
        problem(field, metric.select(), String.join(", ", types), "must be one column, a number");
      }
      refuseWhatEndsOurs(field, metric.select(), shape.error().isEmpty());
    } catch (SQLException wrong) {
      add(field, metric.select(), 1, wrong);
    }
  }

  private void check(Table table) throws SQLException {
    int before = problems.size();
    boolean isMade = make(table);
    List<Column> made =
        isMade ? db.rows("DESCRIBE \"" + table.name() + "\"", PipelineCheck::column) : List.of();
    List<String> names = made.stream().map(Column::name).toList();
    boolean isJudged = isMade && hasRightColumns(table, made);
    for (Partition partition : table.partitionBy()) {
      if (partition instanceof ByColumn by) {
        check(table, by, names);
      }
    }
    for (Expectation rule : table.expect()) {
      check(table, rule, isJudged);
    }
    if (isMade && problems.size() == before) {
      columns.add(
          new TableColumns(
              table.name(),
              db.rows("DESCRIBE " + Statements.published(table, 0), PipelineCheck::column)));
    }
  }

  private static Column column(ResultSet row) throws SQLException {
    return new Column(row.getString("column_name"), row.getString("column_type"));
  }

  /// Creates the table, and tells whether it could.
  private boolean make(Table table) throws SQLException {
    Sql select = table.select();
    if (select.text().isBlank()) {
      unmade.add(table.name());
      return false;
    }
    String field = "tables." + table.name() + ".sql";
    problems.addAll(chance.in(field, select));
    SqlShape shape = SqlShape.of(db, select.text());
    if (!isSelect(field, select, shape)) {
      unmade.add(table.name());
      return false;
    }
    try {
      db.run(Statements.createTable(table));
      refuseWhatEndsOurs(field, select, shape.error().isEmpty());
      return shape.error().isEmpty();
    } catch (SQLException wrong) {
      add(field, select, Statements.LINES_BEFORE_SELECT, wrong);
      unmade.add(table.name());
      return false;
    }
  }

  private boolean isSelect(String field, Sql sql, SqlShape shape) {
    Optional<String> wrong = shape.wrongAsSelect();
    wrong.ifPresent(hint -> problem(field, sql, firstLine(sql), hint));
    return wrong.isEmpty();
  }

  /// A text that is wrong alone and right between our parentheses has some of its own for them.
  private void refuseWhatEndsOurs(String field, Sql sql, boolean isWhole) {
    if (!isWhole) {
      problem(field, sql, firstLine(sql), "has a parenthesis that closes none of its own");
    }
  }

  private static String firstLine(Sql sql) {
    return sql.text().lines().findFirst().orElse("").strip();
  }

  private boolean hasRightColumns(Table table, List<Column> columns) throws SQLException {
    int before = problems.size();
    Set<String> given = new HashSet<>();
    for (String name : db.columns(Statements.select(table))) {
      if (!given.add(name.toLowerCase(Locale.ROOT))) {
        problem(table, new Column(name, ""), "stands twice; give one of them another name");
      }
    }
    if (columns.stream().noneMatch(column -> column.name().equals("n"))) {
      problem(
          "tables." + table.name() + ".sql",
          table.select(),
          "",
          "must carry n, the number of the event");
    }
    for (Column column : columns) {
      if (!NAME.test(column.name())) {
        problem(table, column, "is no name for a column; write AS and letters, digits or _");
      }
      if (column.name().equals("n") && !column.type().equals("BIGINT")) {
        problem(table, column, "is a %s; carry n as it is".formatted(column.type()));
      }
      if (TAKEN.contains(column.name().toLowerCase(Locale.ROOT))) {
        problem(table, column, "is added by Sluice; leave it out or rename it");
      }
      if (column.type().contains("HUGEINT")) {
        problem(
            table,
            column,
            "is a %s, which Parquet holds as a DOUBLE only; cast it to BIGINT or DECIMAL(38,0)"
                .formatted(column.type()));
      }
    }
    return problems.size() == before;
  }

  private void problem(Table table, Column column, String what) {
    Sql select = table.select();
    OptionalInt index = SqlText.last(select.text(), column.name());
    int line = index.isPresent() ? SqlText.lineAt(select.text(), index.getAsInt()) : 1;
    problems.add(
        new Problem(
            select.file(),
            select.line() + line - 1,
            "tables." + table.name() + ".sql",
            column.name(),
            what));
  }

  private void check(Table table, ByColumn partition, List<String> names) {
    String field = "tables." + table.name() + ".partition_by";
    String pattern = partition.pattern().text();
    if (!names.isEmpty() && !names.contains(partition.column())) {
      problem(field, partition, partition.column(), "is no column of the table");
    }
    if (partition.column().equals("n")) {
      problem(field, partition, "n", "is not published; take another column");
    }
    try {
      db.rows("SELECT regexp_full_match('', '" + DuckDb.quoted(pattern) + "')", _ -> 0);
    } catch (SQLException wrong) {
      String why = SqlError.message(wrong).replaceFirst("^Invalid Input Error: ", "");
      problem(field, partition, pattern, "is no pattern for RE2, which DuckDB uses: " + why);
    }
  }

  private void problem(String field, ByColumn partition, String value, String hint) {
    problems.add(new Problem("pipeline.yaml", partition.pattern().line(), field, value, hint));
  }

  /// Without the table, only what is wrong with every table is told.
  private void check(Table table, Expectation rule, boolean withTable) {
    String field = "tables." + table.name() + ".expect." + rule.name();
    problems.addAll(chance.in(field, rule.check()));
    String from = withTable ? "\"" + table.name() + "\" JOIN events USING (n)" : "events";
    try {
      db.rows("SELECT 1 FROM %s WHERE %s".formatted(from, Statements.isBroken(rule)), _ -> 0);
      String type = type(rule, from);
      if (!type.equals("BOOLEAN")) {
        problem(
            field,
            rule.check(),
            firstLine(rule.check()),
            "is a %s, not true or false; write a predicate, like amount >= 0".formatted(type));
      }
      refuseWhatEndsOurs(field, rule.check(), SqlShape.isExpression(db, rule.check().text()));
    } catch (SQLException wrong) {
      if (withTable || SqlError.isOfTheTextAlone(wrong)) {
        add(field, rule.check(), 1, wrong);
      }
    }
  }

  private String type(Expectation rule, String from) throws SQLException {
    return db.rows(
            "DESCRIBE SELECT (\n%s\n) FROM %s".formatted(rule.check().text(), from),
            row -> row.getString("column_type"))
        .getFirst();
  }

  private void add(String field, Sql sql, int linesBefore, SQLException wrong) {
    if (SqlError.missingTable(wrong).filter(unmade::contains).isEmpty()) {
      problems.add(SqlError.problem(field, sql, linesBefore, wrong));
    }
  }

  private void problem(String field, Sql sql, String value, String hint) {
    problems.add(new Problem(sql.file(), sql.line(), field, value, hint));
  }
}
