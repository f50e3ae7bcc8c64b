package dev.sluice.local;

import dev.sluice.duckdb.SqlError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice reference`.
@Command(
    name = "reference",
    description =
        "Puts the rows of a CSV (with a header) or JSON-lines file into a reference table.")
final class ReferenceCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "Its folder's name.")
  String pipeline;

  @Parameters(index = "1", paramLabel = "NAME", description = "As in pipeline.yaml.")
  String name;

  @Parameters(index = "2", paramLabel = "FILE", description = "*.csv, *.jsonl or *.json.")
  Path file;

  @SuppressWarnings("NullAway.Init")
  ReferenceCommand() {}

  @Override
  public Integer call() throws Exception {
    Pipeline loaded = sluice.pipelines().load(pipeline);
    Reference reference =
        loaded.references().stream()
            .filter(r -> r.name().equals(name))
            .findFirst()
            .orElseThrow(() ->
                new CommandFailure(
                    "pipeline %s has no reference '%s'; it has: %s"
                        .formatted(
                            pipeline,
                            name,
                            loaded.references().stream()
                                .map(Reference::name)
                                .collect(Collectors.joining(", ")))));
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new CommandFailure("there is no file " + file + " that can be read");
    }
    List<Map<String, String>> rows = read(file, reference);
    try (DataFolder folder = sluice.open()) {
      Cloud cloud = folder.cloud();
      cloud.provide(loaded);
      cloud.reference(loaded, reference).put(rows.stream());
    }
    spec.commandLine().getOut().printf("%s: put %,d rows into %s%n", file, rows.size(), name);
    return 0;
  }

  /// Reads every declared column, and refuses the first row that does not fit.
  static List<Map<String, String>> read(Path file, Reference reference) {
    String path = file.toAbsolutePath().toString().replace("'", "''");
    String from =
        path.endsWith(".csv")
            ? "read_csv('%s', header = true, all_varchar = true, nullstr = '')".formatted(path)
            : "read_json('%s', format = 'newline_delimited', columns = {%s})"
                .formatted(
                    path,
                    reference.columns().stream()
                        .map(c -> "\"" + c.name() + "\": 'VARCHAR'")
                        .collect(Collectors.joining(", ")));
    String columns =
        reference.columns().stream()
            .map(c -> "\"" + c.name() + "\"")
            .collect(Collectors.joining(", "));
    String checks =
        reference.columns().stream()
            .map(c -> "TRY_CAST(\"%s\" AS %s)::VARCHAR".formatted(c.name(), c.type()))
            .collect(Collectors.joining(", "));
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("SELECT %s, %s FROM %s".formatted(columns, checks, from))) {
      List<Map<String, String>> rows = new ArrayList<>();
      while (result.next()) {
        rows.add(row(result, reference, file, rows.size() + 1));
      }
      return rows;
    } catch (SQLException wrong) {
      throw new CommandFailure(
          "%s does not have the columns %s: %s"
              .formatted(
                  file,
                  reference.columns().stream()
                      .map(ReferenceColumn::name)
                      .collect(Collectors.joining(", ")),
                  SqlError.message(wrong)));
    }
  }

  private static Map<String, String> row(
      ResultSet result, Reference reference, Path file, int number) throws SQLException {
    Map<String, String> row = new HashMap<>();
    int columns = reference.columns().size();
    for (int i = 1; i <= columns; i++) {
      ReferenceColumn column = reference.columns().get(i - 1);
      String value = result.getString(i);
      if (value == null) {
        continue;
      }
      if (result.getString(columns + i) == null) {
        throw new CommandFailure(
            "%s: row %d: %s '%s' is no %s: correct the file; nothing was put"
                .formatted(file, number, column.name(), value, column.type()));
      }
      row.put(column.name(), value);
    }
    if (!row.containsKey(reference.key())) {
      throw new CommandFailure(
          "%s: row %d: %s, the key, is missing: correct the file; nothing was put"
              .formatted(file, number, reference.key()));
    }
    return row;
  }
}
