package dev.sluice.duckdb;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.ByDate;
import dev.sluice.pipeline.Pipeline.ByHour;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Table;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the Parquet files of a batch: the tables and the quarantine by partition, and the seen
/// files.
final class ParquetWriter {
  private static final String PARQUET = "FORMAT parquet, COMPRESSION zstd";

  /// The average number of partitions in one COPY. Each open partition needs a buffer for each
  /// column, over a megabyte for a wide table, and with more than 100 open partitions DuckDB starts
  /// second files.
  private static final int PARTITIONS_A_PASS = 32;

  /// The values that may be a folder name. File systems allow 255 bytes, Hive's names for NULL
  /// begin with two underscores, and DuckDB reads a folder `NULL` as NULL.
  private static final String FOLDER =
      """
      regexp_full_match(v, '[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*')
        AND length(v) <= 100 AND NOT starts_with(v, '__') AND lower(v) <> 'null'\
      """;

  private final DuckDb db;
  private final Input input;

  ParquetWriter(DuckDb db, Input input) {
    this.db = db;
    this.input = input;
  }

  /// Writes a table.
  ///
  /// @param hours the number of different hours of event times, which limits the partitions of a
  ///   table that is partitioned by date and hour
  List<LocalFile> writeTable(Table table, int hours) throws SQLException {
    String partitions =
        table.partitionBy().stream()
            .map(p -> value(table, p) + " AS \"" + p.column() + "\"")
            .collect(Collectors.joining(", "));
    String rows = Statements.published(table, input.plan().sequence(), ", " + partitions);
    List<String> names = table.partitionBy().stream().map(Partition::column).toList();
    boolean isByTime = table.partitionBy().stream().noneMatch(ByColumn.class::isInstance);
    return write(table.name(), rows, names, isByTime ? hours : Integer.MAX_VALUE);
  }

  TableColumns columns(Table table) throws SQLException {
    return new TableColumns(
        table.name(),
        db.rows(
            "DESCRIBE " + Statements.published(table, input.plan().sequence()),
            row -> new Column(row.getString(1), row.getString(2))));
  }

  private static String value(Table table, Partition partition) {
    return switch (partition) {
      case ByDate _ -> "strftime(a.event_time, '%Y-%m-%d')";
      case ByHour _ -> "strftime(a.event_time, '%H')";
      case ByColumn(String column, Pipeline.Pattern(String pattern, int _), int max) ->
          """
          CASE WHEN t."%1$s"::VARCHAR IN (SELECT v FROM (SELECT v, min(n) AS first
            FROM (SELECT n, "%1$s"::VARCHAR AS v FROM "%2$s")
            WHERE regexp_full_match(v, '%3$s') AND %4$s GROUP BY v ORDER BY first LIMIT %5$d))
          THEN t."%1$s"::VARCHAR ELSE '__other' END\
          """
              .formatted(column, table.name(), DuckDb.quoted(pattern), FOLDER, max);
    };
  }

  /// Writes the quarantine, partitioned by the date on which a message was sent.
  ///
  /// @param days the number of different days on which messages were sent
  List<LocalFile> writeQuarantine(int days) throws SQLException {
    String rows =
        """
        SELECT * EXCLUDE (n), %d::BIGINT AS batch, strftime(sent_at, '%%Y-%%m-%%d') AS dt FROM (
          SELECT reason, [reason] AS reasons, detail, event_id, text, message_id, sent_at, n
            FROM sluice.rejected
          UNION ALL
          SELECT reasons[1], reasons, bad.detail, event_id, text, message_id, sent_at, n
            FROM sluice.bad JOIN sluice.admitted USING (n) JOIN sluice.texts USING (n)
        ) ORDER BY n\
        """
            .formatted(input.plan().sequence());
    return write(OutputFile.QUARANTINE, rows, List.of("dt"), days);
  }

  /// @param max an upper bound of the number of partitions; if it exceeds what one pass writes, the
  ///   partitions are counted
  private List<LocalFile> write(String table, String rows, List<String> partitions, int max)
      throws SQLException {
    String columns = String.join(", ", quoted(partitions));
    long passes =
        max <= PARTITIONS_A_PASS
            ? 1
            : Math.ceilDiv(
                db.number(
                    "SELECT count(*) FROM (SELECT DISTINCT %s FROM (%s))".formatted(columns, rows)),
                PARTITIONS_A_PASS);
    List<LocalFile> files = new ArrayList<>();
    for (long pass = 0; pass < passes; pass++) {
      String ofPass =
          passes == 1
              ? rows
              : "SELECT * FROM (%s) WHERE hash(%s) %% %d = %d"
                  .formatted(rows, columns, passes, pass);
      Path folder = input.folder().resolve("files").resolve(table).resolve(Long.toString(pass));
      DuckDbEngine.createFolder(folder);
      files.addAll(
          db.rows(
              "COPY (%s) TO '%s' (%s, PARTITION_BY (%s), RETURN_STATS)"
                  .formatted(ofPass, DuckDb.quoted(folder.toString()), PARQUET, columns),
              row -> file(table, folder, Path.of(row.getString(1)), row.getLong(2))));
    }
    files.sort(Comparator.comparing(LocalFile::partition));
    return files;
  }

  private static List<String> quoted(List<String> names) {
    return names.stream().map(name -> "\"" + name + "\"").toList();
  }

  private static LocalFile file(String table, Path folder, Path path, long rows) {
    String partition = folder.relativize(path.getParent()).toString().replace('\\', '/');
    return new LocalFile(table, partition, path, rows);
  }

  /// Writes the ids of all received messages and of all events that were loaded or filtered. Every
  /// 64th batch also writes those of its whole block.
  void writeSeen() throws SQLException {
    DuckDbEngine.createFolder(input.folder().resolve("seen"));
    copy("SELECT DISTINCT id FROM sluice.messages ORDER BY id", "messages");
    copy(
        "SELECT id, content FROM sluice.good WHERE n NOT IN (SELECT n FROM sluice.repeated) ORDER BY id",
        "events");
    if (input.plan().covers()) {
      copy(union("id", input.seen().coverMessages(), "messages"), "messages-cover");
      copy(union("id, content", input.seen().coverEvents(), "events"), "events-cover");
    }
  }

  private String union(String columns, List<Path> earlier, String own) {
    List<Path> all = new ArrayList<>(earlier);
    all.add(seen(own));
    // The files may share ids. Removing the copies would spill more than the disk can hold.
    return "SELECT %s FROM read_parquet(%s)".formatted(columns, DuckDb.files(all));
  }

  /// Hashes do not compress, and every later batch reads these files.
  private void copy(String rows, String name) throws SQLException {
    db.run(
        "COPY (%s) TO '%s' (FORMAT parquet, COMPRESSION uncompressed)"
            .formatted(rows, DuckDb.quoted(seen(name).toString())));
  }

  private Path seen(String name) {
    return input.folder().resolve("seen").resolve(name + ".parquet");
  }
}
