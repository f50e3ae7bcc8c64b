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
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./sluice torture`.
@Command(
    name = "torture",
    mixinStandardHelpOptions = true,
    description = {
      "Breaks every call to AWS in every way, then pairs of calls, then many at random, and checks after",
      "each run that every event is in the lake or in quarantine exactly once."
    })
final class Simulation implements Callable<Integer> {
  /// For so many random runs there is one that begins when sixty batches are there, which takes as
  /// long as forty others.
  private static final long SHARE_OF_MANY_BATCHES = 100;

  @Option(names = "--seed", paramLabel = "S", description = "repeats what an earlier call printed")
  long seed = ThreadLocalRandom.current().nextLong(1_000_000_000_000L);

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = {
        "pairs of faults in any small scenario; `all` for every pair in that of one batch",
        "(default: ${DEFAULT-VALUE})"
      })
  String pairs = "2000";

  @Option(
      names = "--runs",
      paramLabel = "N",
      description =
          "random runs with the plain engine, and one for each hundred in which batches are many (default: ${DEFAULT-VALUE})")
  long runs = 5_000;

  @Option(
      names = "--duckdb-runs",
      paramLabel = "N",
      description = "random runs with DuckDB, and as many more (default: ${DEFAULT-VALUE})")
  long duckDbRuns = 500;

  @Option(
      names = "--repeat",
      description =
          "prints one run call by call; with --seed, --scenario and --faults as a failure printed them")
  boolean repeat;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      description = "with --repeat: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  Scenario scenario = Scenario.RANDOM;

  @Option(names = "--duckdb", description = "with --repeat: with DuckDB")
  boolean duckDb;

  @Option(
      names = "--faults",
      paramLabel = "CALL:KIND,...",
      description = "with --repeat: these faults; or `none`")
  Optional<String> faults = Optional.empty();

  private final Map<Kind, Long> kinds = new TreeMap<>();
  private final Map<String, Long> operations = new TreeMap<>();

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

  /// A new folder for disks; in memory, where the machine has such a place.
  static Path folder() throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isDirectory(memory)
        ? Files.createTempDirectory(memory, "sluice-torture-")
        : Files.createTempDirectory("sluice-torture-");
  }

  static Fixture plain(Path folder) {
    return new Fixture(pipeline(), folder, PlainEngine::new, PlainEngine::rows);
  }

  static Fixture duckDb(Path folder) {
    return new Fixture(
        pipeline(), folder, () -> new DuckDbEngine("250MB"), new DuckDbRows(folder));
  }

  /// The folder of the pipeline that runs in the simulation.
  static Path pipeline() {
    return Path.of(System.getProperty("sluice.home", ".."))
        .resolve("tests/src/test/resources/pipelines/" + Fixture.PIPELINE);
  }

  private int repeat(Path folder) {
    Fixture lab = duckDb ? duckDb(folder) : plain(folder);
    Optional<List<Fault>> only =
        faults.map(f ->
            f.equals("none") ? List.of() : Arrays.stream(f.split(",")).map(Fault::of).toList());
    Result result = new Run(lab, new Script(seed, scenario, only), Defect.NONE).run();
    result.history().forEach(System.out::println);
    result.violations().forEach(violation -> System.out.println("BROKEN: " + violation));
    System.out.println(result.isLawful() ? "lawful" : "broken");
    return result.isLawful() ? 0 : 1;
  }

  private int campaigns(Path folder) {
    System.out.println("seed " + seed);
    List<Fixture> plain = labs(n -> plain(folder.resolve("plain-" + n)));
    List<Fixture> duckDb = labs(n -> duckDb(folder.resolve("duckdb-" + n)));
    Scripts scripts = new Scripts(plain(folder.resolve("scripts")), seed);
    // Other random runs than the plain engine's.
    Scripts onDuckDb = new Scripts(duckDb(folder.resolve("scripts-duckdb")), seed + runs);
    boolean lawful =
        campaign("no fault", plain, scripts.faultless(Scenario.SMALL), "")
            && campaign("one fault", plain, scripts.singles(Scenario.SMALL), "")
            && campaign(
                "one fault, DuckDB",
                duckDb,
                onDuckDb.singles(List.of(Scenario.ONE_BATCH)),
                " --duckdb")
            && campaign(
                pairs.equals("all") ? "every pair" : "pairs",
                plain,
                pairs.equals("all")
                    ? scripts.pairs(Scenario.ONE_BATCH)
                    : scripts.pairs(Integer.parseInt(pairs)),
                "")
            && campaign("random", plain, scripts.random(Scenario.RANDOM, runs), "")
            && campaign(
                "random, 64 batches",
                plain,
                scripts.random(Scenario.MANY_BATCHES, runs / SHARE_OF_MANY_BATCHES),
                "")
            && campaign(
                "random, DuckDB", duckDb, onDuckDb.random(Scenario.RANDOM, duckDbRuns), " --duckdb")
            && campaign(
                "random, 64 batches, DuckDB",
                duckDb,
                onDuckDb.random(Scenario.MANY_BATCHES, duckDbRuns / SHARE_OF_MANY_BATCHES),
                " --duckdb");
    table("faults by kind", kinds);
    table("faults by call", operations);
    return lawful ? 0 : 1;
  }

  private static List<Fixture> labs(java.util.function.IntFunction<Fixture> lab) {
    return IntStream.range(0, Runtime.getRuntime().availableProcessors()).mapToObj(lab).toList();
  }

  private boolean campaign(String name, List<Fixture> labs, Iterator<Script> which, String engine) {
    Campaign campaign = new Campaign(name, labs, Defect.NONE, System.out);
    Optional<Result> broken = campaign.run(which);
    campaign.kinds().forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
    campaign.operations().forEach((call, count) -> operations.merge(call, count, Long::sum));
    broken.ifPresent(result -> {
      result.history().forEach(System.out::println);
      result.violations().forEach(violation -> System.out.println("BROKEN: " + violation));
      System.out.printf("to repeat it: ./sluice torture --repeat %s%s%n", result.script(), engine);
    });
    return broken.isEmpty();
  }

  private static void table(String title, Map<?, Long> counts) {
    System.out.println(title);
    counts.forEach((what, count) -> System.out.printf(Locale.ROOT, "  %-32s %,12d%n", what, count));
  }
}
