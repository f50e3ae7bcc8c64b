package dev.sluice.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice send`.
@Command(name = "send", description = "Sends JSON lines to a pipeline's queue, as they are.")
final class SendCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE")
  String pipeline;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "JSON lines; - is standard input.")
  List<String> files;

  @Option(
      names = "--pack",
      paramLabel = "K",
      description = "Events a message, from 1 to 1000 (default: 1).")
  int pack = 1;

  @SuppressWarnings("NullAway.Init")
  SendCommand() {}

  @Override
  public Integer call() throws Exception {
    if (pack < 1 || pack > 1000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--pack is " + pack + "; give a number from 1 to 1000");
    }
    var loaded = sluice.pipelines().load(pipeline);
    for (String file : files) {
      if (!file.equals("-")
          && !(Files.isRegularFile(Path.of(file)) && Files.isReadable(Path.of(file)))) {
        throw new CommandFailure("there is no file " + file + " that can be read");
      }
    }
    try (DataFolder folder = sluice.open()) {
      Cloud cloud = folder.cloud();
      cloud.provide(loaded);
      for (String file : files) {
        Counting lines = new Counting();
        try (BufferedReader reader = new BufferedReader(open(file))) {
          long messages =
              cloud
                  .sink(pipeline)
                  .send(new PackedLines(lines.over(reader.lines().iterator()), pack));
          spec.commandLine()
              .getOut()
              .printf(
                  "%s: sent %,d lines in %,d messages to %s%n",
                  file, lines.count, messages, pipeline);
        }
      }
    }
    return 0;
  }

  private static Reader open(String file) throws IOException {
    return new InputStreamReader(
        file.equals("-") ? System.in : Files.newInputStream(Path.of(file)), StandardCharsets.UTF_8);
  }

  /// Counts the lines that pass; blank ones are no events, and are left out.
  private static final class Counting {
    private long count;

    Iterator<String> over(Iterator<String> lines) {
      Iterable<String> all = () -> lines;
      return java.util.stream.StreamSupport.stream(all.spliterator(), false)
          .filter(line -> !line.isBlank())
          .peek(_ -> count++)
          .iterator();
    }
  }
}
