package dev.sluice.cli;

import dev.sluice.duckdb.SqlError;
import dev.sluice.operate.Environment;
import dev.sluice.operate.Lake;
import dev.sluice.operate.OperationFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice quarantine`.
@Command(name = "quarantine", description = "Shows the newest quarantined events of a pipeline.")
final class QuarantineCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name; may be omitted if there is only one.")
  @Nullable String pipeline;

  @Option(names = "--reason", description = "Only events with this reason.")
  @Nullable String reason;

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      description = "Only batches committed within this period, like 2d or 12h (default: 1d).")
  String since = "1d";

  @Option(names = "--limit", paramLabel = "N", description = "At most N events (default: 20).")
  int limit = 20;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  QuarantineCommand() {}

  @Override
  public Integer call() {
    Duration span = DurationOption.parse(spec, "--since", since, "2d or 12h");
    try (Environment environment = sluice.existing()) {
      String name = sluice.pipeline(environment, pipeline);
      Lake lake = new Lake(environment.objects(), List.of(name), _ -> List.of());
      String sql =
          """
          SELECT sent_at, batch, reason, detail, event_id, text FROM "%s".quarantine
          WHERE coalesce(list_contains(reasons, ?), true) ORDER BY batch DESC, sent_at DESC LIMIT ?
          """
              .formatted(name);
      try (Connection connection =
              lake.connect(sql, Optional.empty(), Optional.of(Instant.now().minus(span)));
          PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setString(1, reason);
        statement.setInt(2, limit);
        try (ResultSet rows = statement.executeQuery()) {
          QueryCommand.rows(rows).print(spec.commandLine().getOut(), format);
        }
      } catch (SQLException failed) {
        throw new OperationFailed(SqlError.message(failed));
      }
    }
    return 0;
  }
}
