package dev.sluice.cli;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.duckdb.SqlError;
import dev.sluice.operate.Environment;
import dev.sluice.operate.Lake;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PipelineSource.Checked;
import dev.sluice.operate.ResultJson;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice query`.
@Command(
    name = "query",
    description =
        "Runs SQL on the published tables: PIPELINE.TABLE, PIPELINE.quarantine and PIPELINE.receipts.")
final class QueryCommand implements Callable<Integer> {
  /// Text in which a semicolon does not end a statement.
  private static final Pattern QUOTED_OR_COMMENT =
      Pattern.compile(
          """
          \\b[eE]'(?:[^'\\\\]++|\\\\.)*+'|'[^']*+'|"[^"]*+"\
          |\\$(\\w*)\\$.*?\\$\\1\\$|--[^\\n]*+|/\\*.*?\\*/\
          """,
          Pattern.DOTALL);

  private static final Pattern ANOTHER_STATEMENT = Pattern.compile(";\\s*[^;\\s]", Pattern.DOTALL);

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "SQL",
      arity = "0..1",
      description = "One SELECT in DuckDB's dialect; - reads it from standard input.")
  @Nullable String sql;

  @Option(names = "--file", paramLabel = "FILE", description = "Read the SQL from a file.")
  @Nullable Path file;

  @Option(
      names = "--pipeline",
      paramLabel = "NAME",
      description = "The pipeline whose tables can be written as TABLE instead of PIPELINE.TABLE.")
  @Nullable String pipeline;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "Only batches committed within this period, like 2d or 12h (default: all).")
  Optional<String> since = Optional.empty();

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  QueryCommand() {}

  @Override
  public Integer call() throws Exception {
    String text = text();
    if (hasSeveralStatements(text)) {
      throw new OperationFailed("a query must be one statement; remove the others");
    }
    Optional<Instant> from = since.map(this::ago);
    try (Environment environment = sluice.existing()) {
      List<String> names = sluice.allPipelines(environment);
      Lake lake = new Lake(environment.objects(), names, this::declared);
      try (Connection connection = lake.connect(text, selected(environment), from);
          Statement statement = connection.createStatement()) {
        if (!statement.execute(text)) {
          throw new OperationFailed("the statement returns no rows; write a SELECT");
        }
        try (ResultSet result = statement.getResultSet()) {
          rows(result).print(spec.commandLine().getOut(), format);
        }
      } catch (SQLException invalid) {
        throw new OperationFailed(SqlError.message(invalid));
      }
    }
    return 0;
  }

  private String text() throws IOException {
    if ((sql == null) == (file == null)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "specify the SQL as an argument or with --file");
    }
    if (file != null) {
      if (!Files.isReadable(file)) {
        throw new UsageError("file " + file + " does not exist or cannot be read");
      }
      return Files.readString(file);
    }
    return "-".equals(sql)
        ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
        : String.valueOf(sql);
  }

  private Instant ago(String span) {
    return Instant.now().minus(DurationOption.parse(spec, "--since", span, "2d or 12h"));
  }

  /// The named pipeline, or the only one that has data.
  private Optional<String> selected(Environment environment) {
    if (pipeline != null) {
      return Optional.of(sluice.pipeline(environment, pipeline));
    }
    List<String> names = environment.pipelines();
    return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
  }

  /// The tables that a pipeline's folder declares. If it is invalid, the tables that have rows are
  /// still available.
  private List<TableColumns> declared(String name) {
    try {
      Checked checked = sluice.pipelines().check(name);
      return checked.tables().stream()
          .map(table -> withPartitions(checked.pipeline(), table))
          .toList();
    } catch (PipelineProblems | UsageError notAvailable) {
      return List.of();
    }
  }

  private static TableColumns withPartitions(Pipeline pipeline, TableColumns table) {
    return new TableColumns(
        table.table(),
        Stream.concat(
                table.columns().stream(),
                pipeline.tables().stream()
                    .filter(t -> t.name().equals(table.table()))
                    .flatMap(t -> t.partitionBy().stream())
                    .map(partition -> new Column(partition.column(), "VARCHAR")))
            .toList());
  }

  static boolean hasSeveralStatements(String sql) {
    String bare = QUOTED_OR_COMMENT.matcher(sql).replaceAll(" ");
    return ANOTHER_STATEMENT.matcher(bare).find();
  }

  static Rows rows(ResultSet result) throws SQLException {
    return new Rows(ResultJson.columns(result), ResultJson.rows(result));
  }
}
