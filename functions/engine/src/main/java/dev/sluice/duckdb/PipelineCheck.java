package dev.sluice.duckdb;

import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.duckdb.RowWiseCheck.Violation;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.PipelineFolder.Draft;
import dev.sluice.pipeline.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Checks the SQL of a pipeline by running it over empty tables.
public final class PipelineCheck {
  private static final Pattern NUMERIC =
      Pattern.compile("(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\\(.*)");

  private final DuckDb db;
  private final SqlProblems problems;

  private PipelineCheck(DuckDb db, SqlProblems problems) {
    this.db = db;
    this.problems = problems;
  }

  /// The result of a check.
  ///
  /// @param tables the columns of each valid table, without its partition columns
  public record Found(List<Problem> problems, List<TableColumns> tables) {}

  /// All problems of a pipeline's folder: those that were found when it was read, and those of the
  /// SQL that could be read.
  public static Found check(Draft draft) {
    if (draft.pipeline().isEmpty()) {
      return new Found(draft.problems(), List.of());
    }
    Found found = check(draft.pipeline().get(), draft.leftOut());
    List<Problem> all = new ArrayList<>(draft.problems());
    all.addAll(found.problems());
    return new Found(all, found.tables());
  }

  /// Checks all SQL of `pipeline`.
  public static Found check(Pipeline pipeline) {
    return check(pipeline, Set.of());
  }

  private static Found check(Pipeline pipeline, Set<String> leftOut) {
    try (DuckDb db = new DuckDb(Path.of(System.getProperty("java.io.tmpdir")), "200MB")) {
      SqlProblems problems = new SqlProblems(db, leftOut);
      List<TableColumns> tables = new PipelineCheck(db, problems).run(pipeline);
      return new Found(problems.all(), tables);
    } catch (SQLException broken) {
      throw new IllegalStateException(SqlError.message(broken), broken);
    }
  }

  private List<TableColumns> run(Pipeline pipeline) throws SQLException {
    db.createWorkingTables();
    EventTables events = new EventTables(pipeline);
    events.create(db);
    for (Reference reference : pipeline.references()) {
      ReferenceLoader.createEmpty(db, reference);
      reference.keys().ifPresent(keys -> checkKeys(reference, keys, events));
    }
    Set<String> tableNames =
        pipeline.tables().stream().map(Table::name).collect(Collectors.toSet());
    TableCheck tableCheck = new TableCheck(db, problems, tableNames);
    List<TableColumns> tables = new ArrayList<>();
    for (Table table : pipeline.tables()) {
      tableCheck.check(table).ifPresent(tables::add);
    }
    for (Metric metric : pipeline.metrics()) {
      check(metric);
    }
    return tables;
  }

  private void checkKeys(Reference reference, Sql keys, EventTables events) {
    String field = "references." + reference.name() + ".keys";
    problems.addNondeterministicCalls(field, keys);
    int before = problems.count();
    for (String source : events.of(reference)) {
      if (problems.count() == before) {
        checkKeys(field, keys, source);
      }
    }
  }

  private void checkKeys(String field, Sql keys, String source) {
    try {
      db.run("CREATE OR REPLACE TABLE sluice.events_of_keys AS " + source);
      RowWiseCheck.violation(
              QueryPlan.of(
                  db, "SELECT %s FROM sluice.events_of_keys".formatted(Statements.key(keys))),
              Set.of("sluice.events_of_keys", EventTables.SOURCE),
              Set.of())
          .ifPresent(violation -> problems.add(field, keys, violation));
    } catch (SQLException invalid) {
      problems.addError(field, keys, 1, invalid);
    }
  }

  private static boolean readsEvents(QueryPlan plan) {
    return plan.table().equals(EventTables.SOURCE)
        || plan.inputs().stream().anyMatch(PipelineCheck::readsEvents);
  }

  private void check(Metric metric) throws SQLException {
    String field = "metrics." + metric.name();
    Sql select = metric.select();
    problems.addNondeterministicCalls(field, select);
    SqlShape shape = SqlShape.of(db, select.text());
    if (problems.addNotASelect(field, select, shape)) {
      return;
    }
    try {
      List<String> types =
          db.rows("DESCRIBE " + Statements.metric(metric), row -> row.getString("column_type"));
      if (types.size() != 1 || !NUMERIC.matcher(types.getFirst()).matches()) {
        problems.add(field, select, String.join(", ", types), "must be one numeric column");
      }
      if (!shape.isParsed()) {
        problems.addUnbalanced(field, select);
      }
      if (readsEvents(QueryPlan.of(db, Statements.metric(metric)))) {
        problems.add(
            field,
            select,
            new Violation(
                "events",
                "reads events, which include quarantined and repeated ones; read a table"));
      }
    } catch (SQLException invalid) {
      problems.addError(field, select, 1, invalid);
    }
  }
}
