package dev.sluice.simulation;

import static dev.sluice.simulation.Defects.output;

import dev.sluice.bucket.Sha256;
import dev.sluice.engine.Engine.LocalFile;
import dev.sluice.engine.Engine.Output;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A run of the simulation in a process of its own: prints every call, and the key and SHA-256 of
/// every stored object.
final class HashOrderRun {
  private HashOrderRun() {}

  /// Defects whose result depends on the order of a [HashMap].
  enum HashOrderDefect {
    NONE(Defect.NONE),
    LISTS_FILES_IN_HASH_ORDER(output((_, o) -> with(o, inHashOrder(o.files()), o.metrics()))),
    WRITES_METRICS_IN_HASH_ORDER(output((_, o) -> with(o, o.files(), new HashMap<>(o.metrics()))));

    @SuppressWarnings("ImmutableEnumChecker") // A defect has no state.
    private final Defect defect;

    HashOrderDefect(Defect defect) {
      this.defect = defect;
    }

    private static List<LocalFile> inHashOrder(List<LocalFile> files) {
      Map<String, LocalFile> byPlace =
          files.stream()
              .collect(Collectors.toMap(f -> f.table() + "/" + f.partition(), Function.identity()));
      return List.copyOf(new HashMap<>(byPlace).values());
    }

    private static Output with(
        Output o, List<LocalFile> files, Map<String, Optional<String>> metrics) {
      return new Output(
          o.messages(),
          o.counts(),
          o.reasons(),
          o.warnings(),
          o.tables(),
          files,
          metrics,
          o.took());
    }
  }

  /// Argument: the name of a [HashOrderDefect].
  public static void main(String[] arguments) throws IOException {
    Path folder = Simulation.folder();
    try {
      lines(Simulation.plain(folder), HashOrderDefect.valueOf(arguments[0]))
          .forEach(System.out::println);
    } finally {
      ExecutionEnvironment.remove(folder);
    }
  }

  /// The calls and objects of the run.
  static List<String> lines(Fixture fixture, HashOrderDefect injected) {
    Run run = new Run(fixture, Script.random(7), injected.defect);
    Stream<String> history = run.run().history().stream();
    Stream<String> objects =
        run.aws.s3.keys("").stream().map(key -> key + " " + Sha256.of(run.aws.s3.bytes(key)));
    return Stream.concat(history, objects).toList();
  }
}
