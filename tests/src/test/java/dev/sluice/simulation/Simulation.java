package dev.sluice.simulation;

import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.simulation.Fault.Kind;
import dev.sluice.simulation.Run.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command `./sluice simulate`.
@Command(
    name = "./sluice simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the stages on a simulated AWS: with every single fault in every call,",
      "with pairs of faults, and with random faults. After each run it checks that",
      "every event is in the lake or in quarantine exactly once, and the other",
      "invariants of docs/protocol.md. Exits with 1 at the first violation."
    })
final class Simulation implements Callable<Integer> {
  /// One run with many batches is added for each hundred random runs. It takes as long as forty of
  /// them.
  private static final long RUNS_FOR_ONE_OF_MANY_BATCHES = 100;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "seed of all random choices; an earlier seed repeats its runs")
  long seed = ThreadLocalRandom.current().nextLong(1_000_000_000_000L);

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = {
        "random pairs of faults in the small scenarios; `all`: every pair in the scenario one_batch",
        "(default: ${DEFAULT-VALUE})"
      })
  String pairs = "1000";

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "random runs with the plain engine; one more with many batches for each 100 (default: ${DEFAULT-VALUE})")
  long runs = 5_000;

  @Option(
      names = "--duckdb-runs",
      paramLabel = "N",
      description =
          "random runs with DuckDB; one more with many batches for each 100 (default: ${DEFAULT-VALUE})")
  long duckDbRuns = 500;

  @Option(
      names = "--repeat",
      description =
          "repeats one run and prints its calls; takes the --seed, --scenario and --faults that a failure printed")
  boolean repeat;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "with --repeat: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Scenario scenario = Scenario.RANDOM;

  @Option(
      names = "--duckdb",
      description = "with --repeat: uses DuckDB instead of the plain engine")
  boolean duckDb;

  @Option(
      names = "--faults",
      paramLabel = "CALL:KIND,...",
      description = "with --repeat: the faults to inject, or `none`")
  Optional<String> faults = Optional.empty();

  private final Map<Kind, Long> faultsByKind = new TreeMap<>();
  private final Map<String, Long> faultsByOperation = new TreeMap<>();

  @SuppressWarnings("NullAway.Init")
  Simulation() {}

  public static void main(String[] arguments) {
    System.exit(
        new CommandLine(new Simulation())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = folder();
    try {
      return repeat ? repeat(folder) : campaigns(folder);
    } finally {
      ExecutionEnvironment.remove(folder);
    }
  }

  /// A new folder for the disks of functions, in memory if the machine has `/dev/shm`.
  static Path folder() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isDirectory(memory)
        ? Files.createTempDirectory(memory, "sluice-simulation-")
        : Files.createTempDirectory("sluice-simulation-");
  }

  static Fixture plain(Path folder) {
    return new Fixture(pipeline(), folder, PlainEngine::new, PlainEngine::rows);
  }

  static Fixture duckDb(Path folder) {
    return new Fixture(pipeline(), folder, () -> new DuckDbEngine("250MB"), new DuckDbRows(folder));
  }

  /// The folder of the pipeline that the simulation runs.
  static Path pipeline() {
    return Path.of(System.getProperty("sluice.home", ".."))
        .resolve("tests/src/test/resources/pipelines/" + Fixture.PIPELINE);
  }

  private int repeat(Path folder) {
    Fixture fixture = duckDb ? duckDb(folder) : plain(folder);
    Optional<List<Fault>> only =
        faults.map(f ->
            f.equals("none") ? List.of() : Arrays.stream(f.split(",")).map(Fault::of).toList());
    Result result = new Run(fixture, new Script(seed, scenario, only), Defect.NONE).run();
    print(result);
    System.out.println(result.passed() ? "passed" : "FAILED");
    return result.passed() ? 0 : 1;
  }

  private static void print(Result result) {
    result.history().forEach(System.out::println);
    result.violations().forEach(violation -> System.out.println("VIOLATED: " + violation));
  }

  private int campaigns(Path folder) {
    System.out.println("seed " + seed);
    List<Fixture> plain = fixtures(n -> plain(folder.resolve("plain-" + n)));
    List<Fixture> duckDb = fixtures(n -> duckDb(folder.resolve("duckdb-" + n)));
    Scripts scripts = new Scripts(plain(folder.resolve("scripts")), seed);
    // A different seed, so that the random runs on DuckDB differ from those on the plain engine.
    Scripts duckDbScripts = new Scripts(duckDb(folder.resolve("scripts-duckdb")), seed + runs);
    boolean passed =
        campaign("no fault", plain, scripts.withoutFaults(Scenario.SMALL), "")
            && campaign("every single fault", plain, scripts.singleFaults(Scenario.SMALL), "")
            && campaign(
                "every single fault, DuckDB",
                duckDb,
                duckDbScripts.singleFaults(List.of(Scenario.ONE_BATCH)),
                " --duckdb")
            && campaign(
                "persistent faults", plain, scripts.persistentFaults(Scenario.PERSISTENT), "")
            && campaign(
                pairs.equals("all") ? "every pair of faults" : "random pairs of faults",
                plain,
                pairs.equals("all")
                    ? scripts.allPairs(Scenario.ONE_BATCH)
                    : scripts.randomPairs(Integer.parseInt(pairs)),
                "")
            && campaign("random runs", plain, scripts.random(Scenario.RANDOM, runs), "")
            && campaign(
                "random runs, many batches",
                plain,
                scripts.random(Scenario.MANY_BATCHES, runs / RUNS_FOR_ONE_OF_MANY_BATCHES),
                "")
            && campaign(
                "random runs, DuckDB",
                duckDb,
                duckDbScripts.random(Scenario.RANDOM, duckDbRuns),
                " --duckdb")
            && campaign(
                "random runs, many batches, DuckDB",
                duckDb,
                duckDbScripts.random(
                    Scenario.MANY_BATCHES, duckDbRuns / RUNS_FOR_ONE_OF_MANY_BATCHES),
                " --duckdb");
    print("faults by kind", faultsByKind);
    print("faults by operation", faultsByOperation);
    return passed ? 0 : 1;
  }

  private static List<Fixture> fixtures(IntFunction<Fixture> fixture) {
    return IntStream.range(0, Runtime.getRuntime().availableProcessors())
        .mapToObj(fixture)
        .toList();
  }

  /// @param option of the command that repeats a run
  private boolean campaign(
      String name, List<Fixture> fixtures, Iterator<Script> scripts, String option) {
    Campaign campaign = new Campaign(name, fixtures, Defect.NONE, System.out);
    Optional<Result> failed = campaign.run(scripts);
    campaign.faultsByKind().forEach((kind, count) -> faultsByKind.merge(kind, count, Long::sum));
    campaign
        .faultsByOperation()
        .forEach((call, count) -> faultsByOperation.merge(call, count, Long::sum));
    failed.ifPresent(result -> {
      print(result);
      System.out.printf(
          "To repeat this run: ./sluice simulate --repeat %s%s%n", result.script(), option);
    });
    return failed.isEmpty();
  }

  private static void print(String title, Map<?, Long> counts) {
    System.out.println(title);
    counts.forEach((what, count) -> System.out.printf(Locale.ROOT, "  %-32s %,12d%n", what, count));
  }
}
