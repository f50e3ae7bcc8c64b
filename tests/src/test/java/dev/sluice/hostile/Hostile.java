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

/// The command `./sluice hostile`. It works in the current folder, which must be empty except for
/// `tmp`, and which should be below folders named `trap`, so that files written above it are found.
@Command(
    name = "hostile",
    mixinStandardHelpOptions = true,
    description = "Sends hostile events of every class and checks the outcome of each.")
final class Hostile implements Callable<Integer> {
  /// An absolute path that some events try to write to. [#unexpectedFiles] finds a file there.
  static final Path OUTSIDE =
      Path.of(System.getProperty("java.io.tmpdir"), "outside").toAbsolutePath();

  private static final String ENGINE_MEMORY = "400MB";

  @Option(names = "--events", description = "number of events to send (default: ${DEFAULT-VALUE})")
  long events = 10_000_000;

  @Option(names = "--seed", description = "seed of the generated events (default: random)")
  long seed = new SecureRandom().nextInt(Integer.MAX_VALUE);

  @Option(names = "--batch", description = "events per batch (default: ${DEFAULT-VALUE})")
  int batch = 10_000;

  @Option(names = "--memory", description = "maximum memory of the process in MiB (default: 1024)")
  long maxMemory = 1_024;

  public static void main(String[] args) {
    System.exit(new CommandLine(new Hostile()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    System.out.printf(
        "Sending %,d events of %d classes, --seed %d%n",
        events, HostileEvents.values().length, seed);
    Path here = Path.of("").toAbsolutePath();
    HostileRun run = new HostileRun(pipeline().load(), here, ENGINE_MEMORY, seed, batch);
    long start = System.nanoTime();
    long reported = 0;
    try {
      while (run.counts().events() < events) {
        run.batch();
        if (run.counts().events() - reported >= 200_000) {
          reported = run.counts().events();
          System.out.printf("%,d events checked in %s%n", reported, rate(reported, start));
        }
      }
    } catch (AssertionError failed) {
      System.out.printf(
          "%s%nTo repeat: ./sluice hostile --seed %d --events %d --batch %d%n",
          failed.getMessage(), seed, events, batch);
      if (failed.getCause() != null) {
        failed.getCause().printStackTrace(System.out);
      }
      return 1;
    }
    System.out.print(run.counts());
    List<Path> unexpected = unexpectedFiles(here);
    long memory = peakMebibytes();
    System.out.printf(
        "%,d events of %d classes in %s; peak memory %,d MiB (maximum %,d); %d unexpected files%n",
        run.counts().events(),
        HostileEvents.values().length,
        rate(run.counts().events(), start),
        memory,
        maxMemory,
        unexpected.size());
    unexpected.forEach(file -> System.out.println("  " + file));
    return unexpected.isEmpty() && memory <= maxMemory ? 0 : 1;
  }

  private static String rate(long events, long start) {
    double seconds = (System.nanoTime() - start) / 1e9;
    return "%,.0f s (%,.0f events/s)".formatted(seconds, events / seconds);
  }

  static PipelineFolder pipeline() throws URISyntaxException {
    return new PipelineFolder(
        Path.of(Objects.requireNonNull(Hostile.class.getResource("/pipelines/hostile")).toURI()));
  }

  /// The files in `here` and in the `trap` folders above it that Sluice should not have written.
  private static List<Path> unexpectedFiles(Path here) throws IOException {
    List<Path> unexpected = new ArrayList<>();
    try (Stream<Path> files = Files.walk(here)) {
      files
          .filter(Files::isRegularFile)
          .filter(file ->
              !here.relativize(file)
                  .toString()
                  .matches(
                      "scratch/seen/[\\w.-]+\\.parquet|tmp/lib\\w+[\\w.-]*|read/(lake|quarantine)/.*"))
          .forEach(unexpected::add);
    }
    for (Path trap = here; trap.endsWith("trap"); trap = Objects.requireNonNull(trap.getParent())) {
      Path expected = trap;
      try (Stream<Path> siblings = Files.list(Objects.requireNonNull(trap.getParent()))) {
        siblings.filter(sibling -> !sibling.equals(expected)).forEach(unexpected::add);
      }
    }
    return unexpected;
  }

  /// The peak resident memory of this process, native memory included; 0 if not on Linux.
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
