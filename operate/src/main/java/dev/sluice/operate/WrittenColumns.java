package dev.sluice.operate;

import dev.sluice.batch.ColumnHistory;
import dev.sluice.batch.ColumnHistory.Change;
import dev.sluice.batch.ColumnHistory.Dropped;
import dev.sluice.operate.PipelineSource.Checked;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.Problem;
import java.util.List;

/// Compares the columns of a pipeline with those that its batches wrote in an environment.
public final class WrittenColumns {
  private final ColumnHistory history;
  private final Checked pipeline;

  private WrittenColumns(ColumnHistory history, Checked pipeline) {
    this.history = history;
    this.pipeline = pipeline;
  }

  /// Reads the last receipt of the pipeline in `environment`. Without one, every column is new.
  public static WrittenColumns in(Environment environment, Checked pipeline) {
    return new WrittenColumns(
        new ColumnHistory(
            new Receipts(environment.objects(), pipeline.pipeline().name())
                .last()
                .map(last -> last.receipt().manifest().tables())
                .orElse(List.of())),
        pipeline);
  }

  /// A problem for each column with an incompatible type, which Transform would reject.
  public List<Problem> problems() {
    return history.changes(pipeline.tables()).stream().map(this::problem).toList();
  }

  private Problem problem(Change change) {
    Sql select =
        pipeline.pipeline().tables().stream()
            .filter(table -> table.name().equals(change.table()))
            .map(Table::select)
            .findFirst()
            .orElseThrow();
    return new Problem(
        select.file(),
        select.line(),
        "tables.%s.%s".formatted(change.table(), change.column()),
        change.now(),
        "earlier batches wrote this column as %s, and no reader can read both; keep the type, or use a new column name or a new table name"
            .formatted(change.before()));
  }

  /// The columns that old files have and new files will not have.
  public List<Dropped> dropped() {
    return history.dropped(pipeline.tables());
  }
}
