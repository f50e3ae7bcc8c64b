package dev.sluice.catalog;

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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/// `infra/catalog.yaml`: what Athena has to know of every pipeline's tables, as the engine writes
/// them.
public final class Catalog {
  /// No message that any Sluice received was sent earlier.
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

  /// The whole file, for pipelines that are right.
  ///
  /// @throws PipelineProblems with every column of a pipeline that Athena could not read
  public static String of(List<Pipeline> pipelines) throws PipelineProblems {
    StringBuilder yaml = new StringBuilder(head(pipelines));
    for (Pipeline pipeline : pipelines) {
      yaml.append(new Catalog(pipeline).tables());
    }
    return yaml.toString();
  }

  private static String head(List<Pipeline> pipelines) {
    String conditions =
        pipelines.stream()
            .map(p ->
                "  %s: !Equals [!Ref Pipeline, %s]\n".formatted(condition(p), scalar(p.name())))
            .collect(Collectors.joining());
    return """
    AWSTemplateFormatVersion: '2010-09-09'
    Description: What Athena has to know of a Sluice pipeline - its tables, their columns, and where their files are.

    # Written by `./sluice catalog > infra/catalog.yaml`. Change the pipelines, not this file.

    Parameters:
      Pipeline: {Type: String, Description: Whose tables these are.}
      Name: {Type: String, Description: 'Of the database and the workgroup: lower-case letters, digits and _.'}
      Bucket: {Type: String, Description: Where the files are.}
      KeyArn: {Type: String, Description: What the results of queries are encrypted with.}

    Conditions:
    %s
    Resources:
      # For queries whose results stay in the stack's own bucket, under its own key.
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
              EncryptionConfiguration: {EncryptionOption: SSE_KMS, KmsKey: !Ref KeyArn}

      Database:
        Type: AWS::Glue::Database
        Properties:
          CatalogId: !Ref AWS::AccountId
          DatabaseInput: {Name: !Ref Name, Description: !Sub 'The tables of ${Pipeline}.'}
    """
        .formatted(conditions);
  }

  private static String condition(Pipeline pipeline) {
    return "Is" + camel(pipeline.name());
  }

  private String tables() throws PipelineProblems {
    PipelineCheck.Found found = PipelineCheck.check(pipeline);
    if (!found.problems().isEmpty()) {
      throw new PipelineProblems(pipeline.name(), found.problems());
    }
    StringBuilder yaml = new StringBuilder();
    for (Table table : pipeline.tables()) {
      TableColumns own =
          found.tables().stream()
              .filter(c -> c.table().equals(table.name()))
              .findFirst()
              .orElseThrow();
      ObjectKey file = layout.lake(table.name(), folders(table.partitionBy()), ANY_BATCH);
      yaml.append(table(own, table.select().file(), file, table.partitionBy()));
    }
    List<Partition> byDate = List.of(new ByDate());
    ObjectKey quarantined = layout.quarantine(folders(byDate), ANY_BATCH);
    yaml.append(table(DuckDbEngine.QUARANTINE, "pipeline.yaml", quarantined, byDate));
    if (!problems.isEmpty()) {
      throw new PipelineProblems(pipeline.name(), problems);
    }
    return yaml.toString();
  }

  private static String folders(List<Partition> partitions) {
    return partitions.stream()
        .map(p -> "%1$s=${%1$s}".formatted(p.column()))
        .collect(Collectors.joining("/"));
  }

  private String table(TableColumns table, String sql, ObjectKey file, List<Partition> partitions) {
    String folder = file.value().substring(0, file.value().lastIndexOf('/') + 1);
    String root = folder.substring(0, folder.indexOf(partitions.getFirst().column() + "=${"));
    String projections =
        partitions.stream()
            .flatMap(partition -> projection(table, partition).stream())
            .map("          projection.%s\n"::formatted)
            .collect(Collectors.joining());
    String keys =
        partitions.stream()
            .map(p -> "          - {Name: %s, Type: string}\n".formatted(scalar(p.column())))
            .collect(Collectors.joining());
    String columns =
        table.columns().stream()
            .map(column -> column(table.table(), sql, column))
            .collect(Collectors.joining());
    return """

      %s:
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
    %s          storage.location.template: !Join ['', [s3://, !Ref Bucket, '/%s']]
            PartitionKeys:
    %s        StorageDescriptor:
              Location: !Sub s3://${Bucket}/%s
              InputFormat: org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat
              OutputFormat: org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat
              SerdeInfo: {SerializationLibrary: org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe}
              Columns:
    %s\
    """
        .formatted(
            camel(pipeline.name()) + camel(table.table()),
            condition(pipeline),
            scalar(table.table()),
            projections,
            folder,
            keys,
            root,
            columns);
  }

  /// The values that a partition may have, so that Athena need not be told of new ones.
  private List<String> projection(TableColumns table, Partition partition) {
    return switch (partition) {
      case ByDate _ ->
          List.of(
              "dt.type: date",
              "dt.format: yyyy-MM-dd",
              "dt.range: '%s'".formatted(dates(table.table().equals(OutputFile.QUARANTINE))));
      case ByHour _ -> List.of("hour.type: integer", "hour.range: '0,23'", "hour.digits: '2'");
      // What the events say, and __other: each query names the values that it wants.
      case ByColumn(String column, _, int _) -> List.of(column + ".type: injected");
    };
  }

  /// Athena looks into the folder of every date of the range that a query leaves open, so it is no
  /// longer than it must be. Quarantine goes by when a message was sent, tables by when an event
  /// happened.
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
              "is a type that Athena cannot read; cast it to one that docs/catalog.md lists"));
    }
    return "            - {Name: %s, Type: %s}\n"
        .formatted(scalar(column.name().toLowerCase(Locale.ROOT)), scalar(type));
  }

  /// As it may stand between braces in YAML 1.1, which takes `no` for false.
  private static String scalar(String text) {
    return text.contains(",") || text.matches("y|n|yes|no|on|off|true|false|null")
        ? "'" + text + "'"
        : text;
  }

  private static String camel(String name) {
    return Arrays.stream(name.split("_", -1))
        .filter(word -> !word.isEmpty())
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }
}
