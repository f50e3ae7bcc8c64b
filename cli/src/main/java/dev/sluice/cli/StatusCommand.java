package dev.sluice.cli;

import dev.sluice.operate.Environment;
import dev.sluice.operate.PipelineStatus;
import dev.sluice.operate.StatusReader;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice status`. It exits with 3 if a problem requires manual action.
@Command(name = "status", description = "Shows the state of pipelines on one screen.")
final class StatusCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name (default: all).")
  @Nullable String pipeline;

  @Option(names = "--format", description = "table or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @Option(names = "--watch", description = "Refresh every two seconds, until Ctrl-C.")
  boolean watch;

  private static final Duration REFRESH = Duration.ofSeconds(2);

  @SuppressWarnings("NullAway.Init")
  StatusCommand() {}

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    while (true) {
      List<PipelineStatus> all;
      String where;
      try (Environment environment = sluice.existing()) {
        List<String> names =
            pipeline == null
                ? sluice.allPipelines(environment)
                : List.of(sluice.pipeline(environment, pipeline));
        StatusReader reader = new StatusReader(environment, sluice.pipelines(), Clock.systemUTC());
        all = names.stream().map(reader::read).toList();
        where = environment.name();
      }
      if (watch) {
        Terminal.clear(out);
      }
      StatusText.print(all, where, format, out);
      if (!watch) {
        return all.stream().allMatch(status -> status.actions().isEmpty())
            ? 0
            : Sluice.ACTION_NEEDED;
      }
      Thread.sleep(REFRESH);
    }
  }
}
