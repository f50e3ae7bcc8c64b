package dev.sluice.hostile;

import dev.sluice.pipeline.PipelineFolder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `./sluice hostile`. Works in the current folder, which must be empty but for `tmp`.
@Command(
    name = "hostile",
    mixinStandardHelpOptions = true,
    description = "Sends events of every bad kind, and looks what became of each.")
final class Hostile implements Callable<Integer> {
  /// Where events try to write, by a path from the root: `strays` would see it.
  static final Path OUTSIDE =
      Path.of(System.getProperty("java.io.tmpdir"), "outside").toAbsolutePath();

  private static final String ENGINE_MEMORY = "400MB";

  @Option(names = "--events", description = "how many (default: ${DEFAULT-VALUE})")
  long events = 10_000_000;

  @Option(names = "--seed", description = "decides them all (default: a fresh one)")
  long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);

  @Option(names = "--batch", description = "events a batch (default: ${DEFAULT-VALUE})")
  int batch = 10_000;

  @Option(names = "--memory", description = "the most MiB the process may take (default: 1024)")
  long maxMemory = 1_024;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Hostile()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    System.out.printf("%,d events, --seed %d%n", events, seed);
    Path here = Path.of("").toAbsolutePath();
    HostileRun run = new HostileRun(pipeline().load(), here, ENGINE_MEMORY, seed, batch);
    long start = System.nanoTime();
    long told = 0;
    try {
      while (run.tally().sent() < events) {
        run.batch();
        if (run.tally().sent() - told >= 200_000) {
          told = run.tally().sent();
          System.out.printf("%,d events, %s%n", told, seconds(start));
        }
      }
    } catch (AssertionError wrong) {
      System.out.printf(
          "%s%nagain: ./sluice hostile --seed %d --events %d --batch %d%n",
          wrong.getMessage(), seed, events, batch);
      if (wrong.getCause() != null) {
        wrong.getCause().printStackTrace(System.out);
      }
      return 1;
    }
    System.out.print(run.tally());
    List<Path> strays = strays(here);
    long memory = peakMebibytes();
    System.out.printf(
        "%,d events of %d classes in %s; at most %,d MiB; %d files where none should be%n",
        run.tally().sent(), Hostility.values().length, seconds(start), memory, strays.size());
    strays.forEach(stray -> System.out.println("  " + stray));
    return strays.isEmpty() && memory <= maxMemory ? 0 : 1;
  }

  private static String seconds(long since) {
    return "%,d s".formatted((System.nanoTime() - since) / 1_000_000_000);
  }

  static PipelineFolder pipeline() throws URISyntaxException {
    return new PipelineFolder(
        Path.of(Objects.requireNonNull(Hostile.class.getResource("/pipelines/hostile")).toURI()));
  }

  /// What lies in the current folder, or within a few levels above it, and is not Sluice's.
  private static List<Path> strays(Path here) throws IOException {
    List<Path> strays = new ArrayList<>();
    try (Stream<Path> files = Files.walk(here)) {
      files
          .filter(Files::isRegularFile)
          .filter(file ->
              !here.relativize(file)
                  .toString()
                  .matches(
                      "scratch/seen/[\\w.-]+\\.parquet|tmp/lib\\w+[\\w.-]*|read/(lake|quarantine)/.*"))
          .forEach(strays::add);
    }
    for (Path trap = here; trap.endsWith("trap"); trap = Objects.requireNonNull(trap.getParent())) {
      Path only = trap;
      try (Stream<Path> siblings = Files.list(Objects.requireNonNull(trap.getParent()))) {
        siblings.filter(sibling -> !sibling.equals(only)).forEach(strays::add);
      }
    }
    return strays;
  }

  /// The most that the process ever had in memory, native memory included; 0 where Linux is not.
  private static long peakMebibytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }
  }
}
