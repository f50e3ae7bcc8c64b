package dev.sluice.infra;

import dev.sluice.batch.BatchName;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.duckdb.PipelineCheck;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.ByColumn;
import dev.sluice.pipeline.Pipeline.ByDate;
import dev.sluice.pipeline.Pipeline.ByHour;
import dev.sluice.pipeline.Pipeline.Partition;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.pipeline.Problem;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/// Generates `infra/generated/catalog.yaml`: the tables of the pipelines for Athena, with the
/// columns that the engine writes.
public final class Catalog {
  static final String FILE = "infra/generated/catalog.yaml";

  /// No message was sent to Sluice before this date.
  private static final LocalDate FIRST_SENT = LocalDate.of(2026, 11, 1);

  private static final Duration DAY = Duration.ofDays(1);

  private static final BatchName ANY_BATCH = new BatchName(1, PlanId.of(new UUID(0, 0)));

  private final Pipeline pipeline;
  private final Layout layout;
  private final List<Problem> problems = new ArrayList<>();

  private Catalog(Pipeline pipeline) {
    this.pipeline = pipeline;
    this.layout = new Layout(pipeline.name());
  }

  /// The whole file.
  ///
  /// @throws PipelineProblems with every column that Athena cannot read
  public static String of(List<Pipeline> pipelines) throws PipelineProblems {
    Generated template = new Generated(FILE);
    for (Pipeline pipeline : pipelines) {
      new Catalog(pipeline).addTables(template);
    }
    return head(pipelines) + template.resources();
  }

  private static String head(List<Pipeline> pipelines) {
    return Generated.head(
            """
            AWSTemplateFormatVersion: '2010-09-09'
            Description: The tables of a Sluice pipeline for Athena - columns, partitions and locations.
            """,
            pipelines,
            """
              Name: {Type: String, Description: 'Name of the database and the workgroup: lower-case letters, digits and _.'}
              Bucket: {Type: String, Description: The bucket of the files.}
              KeyArn: {Type: String, Default: '', Description: 'The KMS key that encrypts query results. If empty, S3 encrypts them with a key that it owns.'}
            """)
        + """
          HasKey: !Not [!Equals [!Ref KeyArn, '']]

        Resources:
          # Query results stay in the stack's bucket and are encrypted like the rest of it.
          Queries:
            Type: AWS::Athena::WorkGroup
            Properties:
              Name: !Ref Name
              RecursiveDeleteOption: true
              WorkGroupConfiguration:
                EnforceWorkGroupConfiguration: true
                PublishCloudWatchMetricsEnabled: true
                ResultConfiguration:
                  OutputLocation: !Sub s3://${Bucket}/athena/
                  EncryptionConfiguration: !If [HasKey, {EncryptionOption: SSE_KMS, KmsKey: !Ref KeyArn}, {EncryptionOption: SSE_S3}]

          Database:
            Type: AWS::Glue::Database
            Properties:
              CatalogId: !Ref AWS::AccountId
              DatabaseInput: {Name: !Ref Name, Description: !Sub 'Tables of ${Pipeline}.'}
        """;
  }

  private void addTables(Generated template) throws PipelineProblems {
    PipelineCheck.Found found = PipelineCheck.check(pipeline);
    if (!found.problems().isEmpty()) {
      throw new PipelineProblems(pipeline.name(), found.problems());
    }
    for (Table table : pipeline.tables()) {
      TableColumns own =
          found.tables().stream()
              .filter(c -> c.table().equals(table.name()))
              .findFirst()
              .orElseThrow();
      ObjectKey file = layout.lake(table.name(), folders(table.partitionBy()), ANY_BATCH);
      addTable(template, own, table.select().file(), file, table.partitionBy());
    }
    List<Partition> byDate = List.of(new ByDate());
    ObjectKey quarantined = layout.quarantine(folders(byDate), ANY_BATCH);
    addTable(template, DuckDbEngine.QUARANTINE, "pipeline.yaml", quarantined, byDate);
    if (!problems.isEmpty()) {
      throw new PipelineProblems(pipeline.name(), problems);
    }
  }

  private static String folders(List<Partition> partitions) {
    return partitions.stream()
        .map(p -> "%1$s=${%1$s}".formatted(p.column()))
        .collect(Collectors.joining("/"));
  }

  private void addTable(
      Generated template,
      TableColumns table,
      String sql,
      ObjectKey file,
      List<Partition> partitions) {
    String folder = file.value().substring(0, file.value().lastIndexOf('/') + 1);
    String root = folder.substring(0, folder.indexOf(partitions.getFirst().column() + "=${"));
    String projections =
        partitions.stream()
            .flatMap(partition -> projection(table, partition).stream())
            .map("      projection.%s\n"::formatted)
            .collect(Collectors.joining());
    String keys =
        partitions.stream()
            .map(p -> "      - {Name: %s, Type: string}\n".formatted(Generated.scalar(p.column())))
            .collect(Collectors.joining());
    String columns =
        table.columns().stream()
            .map(column -> column(table.table(), sql, column))
            .collect(Collectors.joining());
    template.add(
        Generated.camel(pipeline.name()) + Generated.camel(table.table()),
        "table %s of %s".formatted(table.table(), pipeline.name()),
        """
        Type: AWS::Glue::Table
        Condition: %s
        Properties:
          CatalogId: !Ref AWS::AccountId
          DatabaseName: !Ref Database
          TableInput:
            Name: %s
            TableType: EXTERNAL_TABLE
            Parameters:
              classification: parquet
              projection.enabled: 'true'
        %s      storage.location.template: !Join ['', [s3://, !Ref Bucket, '/%s']]
            PartitionKeys:
        %s    StorageDescriptor:
              Location: !Sub s3://${Bucket}/%s
              InputFormat: org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat
              OutputFormat: org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat
              SerdeInfo: {SerializationLibrary: org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe}
              Columns:
        %s\
        """
            .formatted(
                Generated.condition(pipeline),
                Generated.scalar(table.table()),
                projections,
                folder,
                keys,
                root,
                columns));
  }

  /// The values of a partition, from which Athena computes the folders.
  private List<String> projection(TableColumns table, Partition partition) {
    return switch (partition) {
      case ByDate _ ->
          List.of(
              "dt.type: date",
              "dt.format: yyyy-MM-dd",
              "dt.range: '%s'".formatted(dates(table.table().equals(OutputFile.QUARANTINE))));
      case ByHour _ -> List.of("hour.type: integer", "hour.range: '0,23'", "hour.digits: '2'");
      // Values of events, and __other: every query must specify the values.
      case ByColumn(String column, _, int _) -> List.of(column + ".type: injected");
    };
  }

  /// Without a date filter Athena lists every folder in the range, so the range is as short as
  /// possible. The quarantine is partitioned by the date of sending, tables by the date of the
  /// event.
  private String dates(boolean isBySending) {
    Duration before = isBySending ? Duration.ZERO : pipeline.event().oldest();
    Duration after = isBySending ? Duration.ZERO : pipeline.event().newest();
    long daysAfter = days(after);
    return FIRST_SENT.minusDays(days(before))
        + ",NOW"
        + (daysAfter == 0 ? "" : "+" + daysAfter + "DAYS");
  }

  private static long days(Duration span) {
    return Math.ceilDiv(span.toSeconds(), DAY.toSeconds());
  }

  private String column(String table, String sql, Column column) {
    String type = HiveType.of(column.type()).orElse("");
    if (type.isEmpty()) {
      problems.add(
          new Problem(
              sql,
              1,
              "tables." + table + ".sql",
              column.name() + " " + column.type(),
              "has a type that Athena cannot read; cast it to a type that docs/catalog.md lists"));
    }
    return "        - {Name: %s, Type: %s}\n"
        .formatted(
            Generated.scalar(column.name().toLowerCase(Locale.ROOT)), Generated.scalar(type));
  }
}
