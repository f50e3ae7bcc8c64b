package dev.sluice.cli;

import dev.sluice.failure.SluiceFailure;
import dev.sluice.local.DataFolder;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PipelineSource;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import software.amazon.awssdk.core.exception.SdkClientException;

/// The `sluice` command. Exit codes: 0 done, 1 the job failed, 2 wrong use.
@Command(
    name = "sluice",
    description =
        "Micro-batches from SQS to Parquet, exactly once, with a receipt for every batch.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      SendCommand.class,
      ReferenceCommand.class,
      TickCommand.class,
      QueryCommand.class,
      ReceiptsCommand.class,
      ReceiptCommand.class,
      ParkedCommand.class,
      UnparkCommand.class,
      ValidateCommand.class,
      CatalogCommand.class,
      GenerateCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:the job failed: a batch, a check, a file's contents, SQL",
      "2:wrong use: an option, or a pipeline, file, data folder, receipt, chunk that is not there"
    },
    footer = {
      "",
      "  verify       Builds and runs every test (mvn -B verify).",
      "  model        Searches every state of the protocol's model; see docs/protocol.md.",
      "  localstack   Deploys on LocalStack, without Docker; see docs/localstack.md.",
      "  security     Checks the templates against the rules of security; see docs/security.md.",
      "  bench        Measures what the stages cost; see bench/README.md."
    })
public final class Sluice implements Runnable {
  static final int FAILED = 1;
  private static final int WRONG_USE = 2;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where all local state lives (default: .sluice).",
      scope = ScopeType.INHERIT)
  Path data = Path.of(".sluice");

  @Option(
      names = "--pipelines",
      paramLabel = "DIR",
      description = "The folder of pipelines (default: pipelines).",
      scope = ScopeType.INHERIT)
  Path pipelines = Path.of(System.getProperty("sluice.home", "."), "pipelines");

  @Option(names = "--verbose", description = "Show stack traces.", scope = ScopeType.INHERIT)
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.",
      scope = ScopeType.INHERIT)
  boolean help;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  public Sluice() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Sluice());
    commandLine.setExecutionExceptionHandler((failure, command, _) -> {
      Sluice sluice = command.getCommandSpec().root().commandLine().getCommand();
      return report(failure, sluice.verbose, command.getErr());
    });
    commandLine.setParameterExceptionHandler((wrong, _) -> {
      CommandLine command = wrong.getCommandLine();
      boolean atRoot = command.getParent() == null;
      command.getErr().println("sluice: " + wrong.getMessage());
      command
          .getErr()
          .println(
              "        see ./sluice " + (atRoot ? "" : command.getCommandName() + " ") + "--help");
      return WRONG_USE;
    });
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    return commandLine;
  }

  private static int report(Exception failure, boolean verbose, PrintWriter err) {
    switch (failure) {
      case UsageError told -> err.println("sluice: " + told.getMessage());
      case OperationFailed told -> err.println("sluice: " + told.getMessage());
      case PipelineProblems wrong -> err.println(wrong.getMessage());
      case SluiceFailure told -> {
        err.println("sluice: " + told.getMessage());
        if (told.getCause() instanceof SdkClientException) {
          err.println("        was the sluice stopped that ran the servers? then run this again");
        }
      }
      case UncheckedIOException told -> err.println("sluice: " + told.getMessage());
      case IOException told -> err.println("sluice: " + told);
      default ->
          err.println(
              "sluice: "
                  + failure
                  + (verbose ? "" : "\n        (this is unexpected; --verbose shows where)"));
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    return failure instanceof UsageError ? WRONG_USE : FAILED;
  }

  PipelineSource pipelines() {
    return new PipelineSource(pipelines);
  }

  DataFolder open() {
    return DataFolder.open(data);
  }

  /// For commands that only look: a mistyped `--data` is told, not made.
  DataFolder openExisting() {
    return DataFolder.openExisting(data);
  }
}
