package dev.sluice.cli;

import dev.sluice.local.LocalEnvironment;
import dev.sluice.operate.Environment;
import dev.sluice.operate.PipelineSource;
import dev.sluice.operate.StackEnvironment;
import dev.sluice.operate.UsageError;
import dev.sluice.runtime.EnvironmentVariables;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The `sluice` command: global options, the environment that they select, and exit codes.
@Command(
    name = "sluice",
    description =
        "Micro-batch ETL from SQS to Parquet, exactly once, with a receipt for every batch.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class,
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      NewCommand.class,
      ValidateCommand.class,
      PreviewCommand.class,
      TestCommand.class,
      DocsCommand.class,
      InfraCommand.class,
      SendCommand.class,
      ReferenceCommand.class,
      TickCommand.class,
      StatusCommand.class,
      TablesCommand.class,
      QueryCommand.class,
      ReceiptsCommand.class,
      ReceiptCommand.class,
      QuarantineCommand.class,
      ParkedCommand.class,
      UnparkCommand.class,
      LeftoversCommand.class,
      PruneCommand.class,
      GenerateCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:success",
      "1:the operation failed: a batch, a check, a file's contents, SQL",
      "2:usage error: an invalid option, or a pipeline, file, data folder, stack, receipt or chunk that does not exist",
      "3:status only: a problem requires manual action"
    },
    footer = {
      "",
      "Development commands of the same script:",
      "  verify       Build and run all tests (mvn -B verify).",
      "  simulate     Run the deterministic simulation; see docs/protocol.md.",
      "  model        Check every state of the protocol's model; see docs/protocol.md.",
      "  hostile      Process millions of invalid events; see docs/hostile-input.md.",
      "  fuzz         Run the fuzz tests.",
      "  mutation     Run the mutation tests of the functions.",
      "  hash-order   Run the tests with other iteration orders of hash maps.",
      "  localstack   Deploy to LocalStack without Docker; see docs/localstack.md.",
      "  security     Check the templates against security rules; see docs/security.md.",
      "  bench        Measure what the stages cost; see bench/README.md."
    })
public final class Sluice implements Runnable {
  static final int FAILED = 1;
  static final int USAGE = 2;

  /// Exit code of `status`: a problem requires manual action.
  static final int ACTION_NEEDED = 3;

  private static final Path DEFAULT_DATA = Path.of(".sluice");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The folder of local data (default: .sluice).",
      scope = ScopeType.INHERIT)
  Path data = DEFAULT_DATA;

  @Option(
      names = "--stack",
      paramLabel = "NAME",
      description = "Work on a deployed stack, with the AWS SDK's default credentials.",
      scope = ScopeType.INHERIT)
  @Nullable String stack;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "The stack's region (default: same as the AWS CLI).",
      scope = ScopeType.INHERIT)
  Optional<String> region = Optional.empty();

  @Option(
      names = "--profile",
      paramLabel = "PROFILE",
      description = "A profile of the AWS configuration.",
      scope = ScopeType.INHERIT)
  Optional<String> profile = Optional.empty();

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

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @CommandLine.Spec CommandLine.Model.CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  public Sluice() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
  }

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new Sluice());
    commandLine.setExecutionExceptionHandler((failure, command, _) -> {
      Sluice sluice = command.getCommandSpec().root().commandLine().getCommand();
      return ErrorReport.print(failure, sluice.verbose, command.getErr());
    });
    commandLine.setParameterExceptionHandler((invalid, _) -> ErrorReport.print(invalid));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    return commandLine;
  }

  /// Whether the user specified a data folder.
  boolean hasData() {
    return spec.commandLine().getParseResult().asCommandLineList().stream()
        .anyMatch(command -> command.getParseResult().hasMatchedOption("--data"));
  }

  PipelineSource pipelines() {
    return new PipelineSource(pipelines);
  }

  /// The environment of commands that need existing data: a mistyped `--data` creates no folder.
  Environment existing() {
    return stack == null ? LocalEnvironment.existing(data, pipelines()) : stackEnvironment(stack);
  }

  /// The same, or empty if the default data folder does not exist.
  Optional<Environment> existingIfAny() {
    return stack == null && !hasData() && !Files.isDirectory(data)
        ? Optional.empty()
        : Optional.of(existing());
  }

  /// The environment of commands that may create a data folder.
  Environment createIfMissing() {
    return stack == null ? LocalEnvironment.create(data, pipelines()) : stackEnvironment(stack);
  }

  private Environment stackEnvironment(String name) {
    return StackEnvironment.open(selection(name));
  }

  /// The stack of a command that works on stacks only.
  StackEnvironment.Selection selectedStack(String command) {
    if (stack == null) {
      throw new UsageError(command + " works on a stack: specify it with --stack");
    }
    return selection(stack);
  }

  private StackEnvironment.Selection selection(String name) {
    if (!data.equals(DEFAULT_DATA)) {
      throw new UsageError("--stack and --data cannot be used together");
    }
    EnvironmentVariables variables = EnvironmentVariables.ofProcess();
    Path cache =
        variables
            .optional("XDG_CACHE_HOME")
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    return new StackEnvironment.Selection(
        name,
        region,
        profile,
        variables.optional("AWS_ENDPOINT_URL").map(URI::create),
        cache.resolve("sluice"));
  }

  /// For commands that work on a data folder only.
  void refuseStack(String command) {
    if (stack != null) {
      throw new UsageError(command + " works locally; --stack does not apply");
    }
  }

  /// The pipeline of a command: the named one, or the only one in the environment.
  String pipeline(Environment environment, @Nullable String named) {
    if (named != null) {
      requireKnown(environment, named);
      return named;
    }
    List<String> names = environment.pipelines();
    if (names.size() != 1) {
      throw new UsageError(
          names.isEmpty()
              ? environment.name() + " has no data yet: specify a pipeline"
              : "specify a pipeline: " + String.join(", ", names));
    }
    return names.getFirst();
  }

  private void requireKnown(Environment environment, String name) {
    if (!environment.pipelines().contains(name) && !pipelines().names().contains(name)) {
      throw new UsageError(
          "there is no pipeline '%s' in %s or in %s; there are: %s"
              .formatted(
                  name, pipelines, environment.name(), String.join(", ", pipelines().names())));
    }
  }

  /// The pipelines that a command without a name works on: those with data, and those with a
  /// folder.
  List<String> allPipelines(Environment environment) {
    return stack != null
        ? environment.pipelines()
        : Stream.concat(environment.pipelines().stream(), pipelines().names().stream())
            .distinct()
            .sorted()
            .toList();
  }
}
