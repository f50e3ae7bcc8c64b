package dev.sluice.duckdb;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.chunk.ChunkReader.BrokenChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Admitter;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The [Engine] on DuckDB, a fresh database for each batch. One batch at a time.
public final class DuckDbEngine implements Engine {
  /// The quarantine's columns, its partition apart.
  public static final TableColumns QUARANTINE =
      new TableColumns(
          OutputFile.QUARANTINE,
          List.of(
              new Column("reason", "VARCHAR"),
              new Column("reasons", "VARCHAR[]"),
              new Column("detail", "VARCHAR"),
              new Column("event_id", "VARCHAR"),
              new Column("text", "VARCHAR"),
              new Column("message_id", "VARCHAR"),
              new Column("sent_at", "TIMESTAMP"),
              new Column("batch", "BIGINT")));

  private static final String VERSION = "duckdb " + DuckDb.version();

  private final String memoryLimit;

  // By the digest of the pipeline, which decides them.
  private final Map<String, List<TableColumns>> columns = new ConcurrentHashMap<>();

  // Open for work under one folder, and untouched by any failure.
  private @Nullable DuckDb kept;
  private @Nullable Path keptFor;

  /// Makes an engine.
  ///
  /// @param memoryLimit as DuckDB reads it: `400MB`; past it DuckDB spills to the work's folder
  public DuckDbEngine(String memoryLimit) {
    this.memoryLimit = memoryLimit;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public synchronized Output run(Input work) {
    DuckDb db = open(work);
    boolean isWell = false;
    try {
      db.attachBatch();
      Output outcome = new Batch(db, work, columns).run();
      db.detachBatch();
      isWell = true;
      return outcome;
    } catch (BrokenChunk broken) {
      throw new EngineFailure(about(work) + broken.getMessage(), broken);
    } catch (SQLException broken) {
      throw new EngineFailure(about(work) + SqlError.message(broken), broken);
    } finally {
      if (!isWell) {
        kept = null;
        db.close();
      }
    }
  }

  /// The folders of all work lie beside each other.
  private DuckDb open(Input work) {
    Path folder = Objects.requireNonNull(work.folder().toAbsolutePath().getParent());
    if (kept == null || !folder.equals(keptFor)) {
      if (kept != null) {
        kept.close();
      }
      kept = new DuckDb(folder, memoryLimit);
      keptFor = folder;
    }
    return kept;
  }

  private static String about(Input work) {
    return "pipeline %s, batch %s: ".formatted(work.pipeline().name(), work.plan().name());
  }

  /// The steps of one batch, in their order.
  private static final class Batch {
    private final DuckDb db;
    private final Input work;
    private final Pipeline pipeline;
    private final Map<String, List<TableColumns>> knownColumns;
    private final Map<String, Long> took = new LinkedHashMap<>();

    Batch(DuckDb db, Input work, Map<String, List<TableColumns>> knownColumns) {
      this.knownColumns = knownColumns;
      this.db = db;
      this.work = work;
      this.pipeline = work.pipeline();
    }

    Output run() throws SQLException {
      long start = System.nanoTime();
      EventLoader admitting = new EventLoader(db, new Admitter(pipeline.admissionRules()));
      admitting.admit(work.chunks());
      Duplicates duplicates = new Duplicates(db, work.seen());
      long copies = duplicates.dropCopies();
      start = lap("admit", start);
      new ReferenceLoader(db, work).load();
      start = lap("join", start);
      for (Table table : pipeline.tables()) {
        select(table);
      }
      start = lap("select", start);
      Rules rules = new Rules(db, pipeline);
      SortedMap<String, Long> warnings = rules.judge();
      duplicates.findRepeated();
      SortedMap<String, Long> reasons = rules.gather();
      dropBroken();
      start = lap("rules", start);
      Counts counts = count(admitting.events(), copies, reasons);
      ParquetWriter files = new ParquetWriter(db, work);
      List<LocalFile> written = new ArrayList<>();
      for (Table table : pipeline.tables()) {
        written.addAll(files.writeTable(table, admitting.hours()));
      }
      admitting.appendTexts(work.chunks(), rules.wantedTexts());
      written.addAll(files.writeQuarantine(admitting.daysSent()));
      files.writeSeen();
      start = lap("write", start);
      Map<String, Optional<String>> metrics = metrics();
      lap("metrics", start);
      return new Output(
          admitting.messages(), counts, reasons, warnings, columns(files), written, metrics, took);
    }

    private List<TableColumns> columns(ParquetWriter files) throws SQLException {
      List<TableColumns> columns = knownColumns.get(pipeline.digest());
      if (columns == null) {
        columns = new ArrayList<>();
        for (Table table : pipeline.tables()) {
          columns.add(files.columns(table));
        }
        knownColumns.put(pipeline.digest(), List.copyOf(columns));
      }
      return columns;
    }

    private long lap(String step, long start) {
      long now = System.nanoTime();
      took.put(step, (now - start) / 1_000_000);
      return now;
    }

    private void select(Table table) throws SQLException {
      try {
        db.run(Statements.createTable(table));
        if (db.number(Statements.rowsThatAreNotOneAnEvent(table)) > 0) {
          throw Statements.notRowWise(pipeline, table);
        }
      } catch (SQLException broken) {
        throw SqlError.in(pipeline, table.select(), Statements.LINES_BEFORE_SELECT, broken);
      }
    }

    /// From here on the tables hold what is loaded, and nothing else.
    private void dropBroken() throws SQLException {
      long dropped =
          db.update(
              """
              CREATE TABLE sluice.dropped (n BIGINT);
              INSERT INTO sluice.dropped SELECT n FROM sluice.broken
                UNION SELECT n FROM sluice.repeated\
              """);
      if (dropped > 0) {
        for (Table table : pipeline.tables()) {
          db.run(
              "DELETE FROM \"%s\" WHERE n IN (SELECT n FROM sluice.dropped)"
                  .formatted(table.name()));
        }
      }
    }

    private Counts count(long received, long copies, SortedMap<String, Long> reasons)
        throws SQLException {
      String loaded =
          pipeline.tables().stream()
              .map(t -> "SELECT n FROM \"" + t.name() + "\"")
              .collect(Collectors.joining(" UNION "));
      return db.rows(
              """
              SELECT count(loaded.n), count(*) FILTER (loaded.n IS NULL AND dropped.n IS NULL),
                (SELECT count(*) FROM sluice.repeated WHERE NOT conflict)
              FROM sluice.admitted LEFT JOIN (%s) loaded USING (n)
                LEFT JOIN sluice.dropped USING (n)
              """
                  .formatted(loaded),
              row ->
                  new Counts(
                      received,
                      row.getLong(1),
                      reasons.values().stream().mapToLong(n -> n).sum(),
                      row.getLong(3) + copies,
                      row.getLong(2)))
          .getFirst();
    }

    private Map<String, Optional<String>> metrics() throws SQLException {
      Map<String, Optional<String>> metrics = new LinkedHashMap<>();
      for (Metric metric : pipeline.metrics()) {
        try {
          List<Optional<String>> rows = db.rows(Statements.metric(metric), Statements::number);
          if (rows.size() > 1) {
            throw new InvalidPipeline(
                "pipeline %s: metric %s gives more than one row; a metric is one number: make it an aggregate"
                    .formatted(pipeline.name(), metric.name()));
          }
          metrics.put(metric.name(), rows.isEmpty() ? Optional.empty() : rows.getFirst());
        } catch (SQLException broken) {
          throw SqlError.in(pipeline, metric.select(), 1, broken);
        }
      }
      return metrics;
    }
  }

  /// Makes an empty folder where `work` may write.
  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException unwritable) {
      throw new UncheckedIOException("cannot create " + folder, unwritable);
    }
  }
}
