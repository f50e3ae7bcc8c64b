package dev.sluice.cli;

import dev.sluice.operate.Environment;
import dev.sluice.operate.EventFile;
import dev.sluice.operate.InputFile;
import dev.sluice.operate.MessageSink;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PackedLines;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Source;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice send`.
@Command(
    name = "send",
    description =
        "Sends files to a pipeline's queue: JSON lines verbatim, the items of a JSON array, and the rows of a CSV file if the pipeline reads CSV. Decompresses .gz and .zst.")
final class SendCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  String pipeline;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "FILE",
      description = "JSON lines, a JSON array or CSV; - is standard input.")
  List<String> files;

  @Option(
      names = "--pack",
      paramLabel = "K",
      description = "Events per message, from 1 to 1000 (default: 1).")
  int pack = 1;

  @SuppressWarnings("NullAway.Init")
  SendCommand() {}

  @Override
  public Integer call() throws Exception {
    if (pack < 1 || pack > 1000) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--pack is " + pack + "; specify a number from 1 to 1000");
    }
    // Before a data folder is created.
    Source source =
        sluice.stack == null
            ? sluice.pipelines().load(pipeline).source()
            : sluice
                .pipelines()
                .readable(pipeline)
                .map(Pipeline::source)
                .orElseGet(Pipeline.JsonSource::new);
    for (String file : files) {
      if (!file.equals(InputFile.STANDARD_INPUT)
          && !(Files.isRegularFile(Path.of(file)) && Files.isReadable(Path.of(file)))) {
        throw new UsageError("file " + file + " does not exist or cannot be read");
      }
    }
    try (Environment environment = sluice.createIfMissing()) {
      String name = sluice.pipeline(environment, pipeline);
      for (String file : files) {
        send(environment, name, source, file);
      }
    }
    return 0;
  }

  private void send(Environment environment, String name, Source source, String file)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    try (InputFile input = InputFile.open(file);
        EventFile events = EventFile.open(input, name, source, err);
        Progress progress = new Progress(err, "sending " + file, "messages")) {
      long messages =
          send(
              environment.queue(name),
              file,
              events,
              count -> progress.show(count, input.percentRead()));
      spec.commandLine()
          .getOut()
          .printf(
              "%s: sent %,d %s in %,d messages to %s%n",
              file, events.given(), events.unit(), messages, name);
    }
  }

  private long send(MessageSink queue, String file, EventFile events, LongConsumer progress) {
    try {
      return queue.send(new PackedLines(events, pack), progress);
    } catch (OperationFailed failed) {
      // Errors in the file's content already contain its name.
      String message = String.valueOf(failed.getMessage());
      throw message.startsWith(file) ? failed : new OperationFailed(file + ": " + message, failed);
    }
  }
}
