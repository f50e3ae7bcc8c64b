package dev.sluice.duckdb;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.chunk.ChunkReader.BrokenChunk;
import dev.sluice.engine.Engine;
import dev.sluice.event.Admitter;
import dev.sluice.failure.DiskFull;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Metric;
import dev.sluice.pipeline.Pipeline.Table;
import java.io.IOException;
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

/// The [Engine] on DuckDB. It runs one batch at a time, each in an empty database.
public final class DuckDbEngine implements Engine {
  /// The columns of the quarantine, without its partition.
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

  // Keyed by the pipeline's digest, because the digest determines the columns.
  private final Map<String, List<TableColumns>> columns = new ConcurrentHashMap<>();

  // Open for the attempts under one folder; closed after any failure.
  private @Nullable DuckDb kept;
  private @Nullable Path keptFor;

  /// Creates an engine.
  ///
  /// @param memoryLimit as DuckDB reads it: `400MB`; beyond it DuckDB spills to the input's folder
  public DuckDbEngine(String memoryLimit) {
    this.memoryLimit = memoryLimit;
  }

  @Override
  public String version() {
    return VERSION;
  }

  @Override
  public synchronized Output run(Input input) {
    DuckDb db = open(input);
    boolean succeeded = false;
    try {
      db.attachBatch();
      Output output = new Batch(db, input, columns).run();
      db.detachBatch();
      succeeded = true;
      return output;
    } catch (BrokenChunk broken) {
      throw new EngineFailure(about(input) + broken.getMessage(), broken);
    } catch (SQLException broken) {
      throw SqlError.failure(about(input) + SqlError.message(broken), broken);
    } finally {
      if (!succeeded) {
        kept = null;
        db.close();
      }
    }
  }

  /// The folders of all attempts are in one parent folder.
  private DuckDb open(Input input) {
    Path folder = Objects.requireNonNull(input.folder().toAbsolutePath().getParent());
    if (kept == null || !folder.equals(keptFor)) {
      if (kept != null) {
        kept.close();
      }
      kept = new DuckDb(folder, memoryLimit);
      keptFor = folder;
    }
    return kept;
  }

  private static String about(Input input) {
    return "pipeline %s, batch %s: ".formatted(input.pipeline().name(), input.plan().name());
  }

  /// The steps of one batch, in order.
  private static final class Batch {
    private final DuckDb db;
    private final Input input;
    private final Pipeline pipeline;
    private final Map<String, List<TableColumns>> knownColumns;
    private final Map<String, Long> took = new LinkedHashMap<>();

    Batch(DuckDb db, Input input, Map<String, List<TableColumns>> knownColumns) {
      this.knownColumns = knownColumns;
      this.db = db;
      this.input = input;
      this.pipeline = input.pipeline();
    }

    Output run() throws SQLException {
      db.createWorkingTables();
      EventTables events = new EventTables(pipeline);
      events.create(db);
      long start = System.nanoTime();
      Admitter admitter = new Admitter(pipeline.admissionRules());
      EventLoader loader = new EventLoader(db, pipeline, admitter, events.hasText());
      loader.load(input.chunks());
      long copies = new CopiedMessages(db, input.seen()).drop();
      start = lap("admit", start);
      SortedMap<String, Long> warnings = new ReferenceLoader(db, input, events).load();
      start = lap("join", start);
      for (Table table : pipeline.tables()) {
        select(table);
      }
      start = lap("select", start);
      Expectations expectations = new Expectations(db, pipeline);
      expectations.quarantine();
      new RepeatedEvents(db, input.seen()).find();
      Quarantine quarantine = new Quarantine(db);
      SortedMap<String, Long> reasons = quarantine.collect();
      quarantine.dropFrom(pipeline.tables());
      warnings.putAll(expectations.warnings());
      start = lap("rules", start);
      Counts counts = count(loader.events(), copies, reasons);
      new QuarantinedTexts(admitter, quarantine.wantedTexts()).load(db, input.chunks());
      ParquetWriter writer = new ParquetWriter(db, input);
      List<LocalFile> files = new ArrayList<>();
      for (Table table : pipeline.tables()) {
        files.addAll(writer.writeTable(table, loader.hours()));
      }
      files.addAll(writer.writeQuarantine(loader.daysSent()));
      writer.writeSeen();
      start = lap("write", start);
      Map<String, Optional<String>> metrics = metrics();
      lap("metrics", start);
      return new Output(
          loader.messages(), counts, reasons, warnings, columns(writer), files, metrics, took);
    }

    private List<TableColumns> columns(ParquetWriter writer) throws SQLException {
      List<TableColumns> columns = knownColumns.get(pipeline.digest());
      if (columns == null) {
        columns = new ArrayList<>();
        for (Table table : pipeline.tables()) {
          columns.add(writer.columns(table));
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
        if (db.number(Statements.surplusRows(table)) > 0) {
          throw Statements.notRowWise(pipeline, table);
        }
      } catch (SQLException broken) {
        throw SqlError.in(pipeline, table.select(), Statements.LINES_BEFORE_SELECT, broken);
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
                "pipeline %s: metric %s returns more than one row; a metric is one number: make it an aggregate"
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

  /// Creates a folder.
  static void createFolder(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException unwritable) {
      throw DiskFull.or("cannot create " + folder, unwritable);
    }
  }
}
