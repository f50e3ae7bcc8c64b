package dev.sluice.duckdb;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.pipeline.Mistake;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
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

  private static final Pattern NUMERIC =
      Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\\(.*)");

  private final Pipeline pipeline;
  private final Db db;
  private final Pattern notDeterministic;
  private final List<Mistake> mistakes = new ArrayList<>();
  private final List<TableColumns> columns = new ArrayList<>();

  private PipelineCheck(Pipeline pipeline, Db db) throws SQLException {
    this.pipeline = pipeline;
    this.db = db;
    this.notDeterministic = notDeterministic(db);
  }

  /// What differs from run to run: two attempts at a plan must give the same rows.
  private static Pattern notDeterministic(Db db) throws SQLException {
    List<String> names =
        db.rows(
            """
            SELECT DISTINCT function_name FROM duckdb_functions()
            WHERE stability <> 'CONSISTENT' AND regexp_full_match(function_name, '[a-z0-9_]+')
            """,
            row -> row.getString(1));
    return Pattern.compile(
        "(?i)\\b(%s)\\s*\\(|\\b(current_date|current_timestamp|current_time|localtimestamp|localtime)\\b"
            .formatted(String.join("|", names)));
  }

  /// What was found.
  ///
  /// @param tables the columns of each table that is right, its partitions apart
  public record Found(List<Mistake> mistakes, List<TableColumns> tables) {}

  /// Checks all SQL of `pipeline`.
  public static Found check(Pipeline pipeline) {
    try (Db db = new Db(Path.of(System.getProperty("java.io.tmpdir")), "200MB")) {
      PipelineCheck check = new PipelineCheck(pipeline, db);
      check.run();
      return new Found(check.mistakes, check.columns);
    } catch (SQLException broken) {
      throw new IllegalStateException(SqlError.message(broken), broken);
    }
  }

  private void run() throws SQLException {
    Admitting.createTables(db);
    for (Reference reference : pipeline.references()) {
      Joins.createEmpty(db, reference);
      if (reference.keys().isPresent()) {
        Sql keys = reference.keys().get();
        bind(
            "references." + reference.name() + ".keys",
            keys,
            "SELECT (" + keys.text() + ")::VARCHAR FROM events");
      }
    }
    for (Table table : pipeline.tables()) {
      check(table);
    }
    for (Metric metric : pipeline.metrics()) {
      check(metric);
    }
  }

  private void check(Metric metric) {
    String field = "metrics." + metric.name();
    refuseChance(field, metric.select());
    try {
      List<String> types =
          db.rows("DESCRIBE " + metric.select().text(), row -> row.getString("column_type"));
      if (types.size() != 1 || !NUMERIC.matcher(types.getFirst()).matches()) {
        mistake(field, metric.select(), String.join(", ", types), "must be one column, a number");
      }
    } catch (SQLException wrong) {
      // DESCRIBE is ours, before the first line of the metric.
      mistakes.add(SqlError.mistake(field, metric.select(), 0, wrong));
    }
  }

  private void check(Table table) throws SQLException {
    String field = "tables." + table.name();
    refuseChance(field + ".sql", table.select());
    try {
      db.run(Sqls.createTable(table));
    } catch (SQLException wrong) {
      mistakes.add(
          SqlError.mistake(field + ".sql", table.select(), Sqls.LINES_BEFORE_SELECT, wrong));
      return;
    }
    List<String> names =
        db.rows("DESCRIBE \"" + table.name() + "\"", row -> row.getString("column_name"));
    if (!names.contains("n")) {
      mistake(field + ".sql", table.select(), "", "must carry n, the number of the event");
      return;
    }
    int before = mistakes.size();
    names.stream()
        .filter(name -> TAKEN.contains(name.toLowerCase(Locale.ROOT)))
        .forEach(name ->
            mistake(
                field + ".sql",
                table.select(),
                name,
                "is added by Sluice; leave it out or rename it"));
    for (Partition partition : table.partitionBy()) {
      if (partition instanceof ByColumn by) {
        check(table, by, names);
      }
    }
    if (mistakes.size() > before) {
      return;
    }
    for (Expectation rule : table.expect()) {
      bind(
          field + ".expect." + rule.name(),
          rule.check(),
          "SELECT ((%s) IS FALSE) FROM \"%s\" JOIN events USING (n)"
              .formatted(rule.check().text(), table.name()));
    }
    columns.add(
        new TableColumns(
            table.name(),
            db.rows(
                "DESCRIBE " + Sqls.published(table, 0),
                row -> new Column(row.getString(1), row.getString(2)))));
  }

  private void check(Table table, ByColumn partition, List<String> names) {
    String field = "tables." + table.name() + ".partition_by";
    if (!names.contains(partition.column())) {
      mistake(field, table.select(), partition.column(), "is no column of the table");
    }
    try {
      db.rows("SELECT regexp_full_match('', '" + Db.quoted(partition.pattern()) + "')", _ -> 0);
    } catch (SQLException wrong) {
      mistake(
          field,
          table.select(),
          partition.pattern(),
          "is no RE2 pattern: " + SqlError.message(wrong));
    }
  }

  private void bind(String field, Sql sql, String statement) {
    refuseChance(field, sql);
    try {
      db.rows(statement, _ -> 0);
    } catch (SQLException wrong) {
      mistakes.add(SqlError.mistake(field, sql, 0, wrong));
    }
  }

  private void refuseChance(String field, Sql sql) {
    Matcher matcher = notDeterministic.matcher(sql.text());
    if (matcher.find()) {
      int line = sql.line() + (int) sql.text().substring(0, matcher.start()).lines().count();
      mistakes.add(
          new Mistake(
              sql.file(),
              Math.max(sql.line(), line - (matcher.start() == 0 ? 0 : 1)),
              field,
              matcher.group(),
              "differs from run to run, and a batch must be repeatable: take it from the event"));
    }
  }

  private void mistake(String field, Sql sql, String value, String hint) {
    mistakes.add(new Mistake(sql.file(), sql.line(), field, value, hint));
  }
}
