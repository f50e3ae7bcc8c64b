package dev.sluice.cli;

import dev.sluice.operate.Environment;
import dev.sluice.operate.FileLines;
import dev.sluice.operate.MessageFile;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.PackedLines;
import java.io.IOException;
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
@Command(name = "send", description = "Sends JSON lines to a pipeline's queue, verbatim.")
final class SendCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
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
    if (sluice.stack == null) {
      // Before a data folder is created.
      sluice.pipelines().load(pipeline);
    }
    for (String file : files) {
      new MessageFile(file).requireReadable();
    }
    try (Environment environment = sluice.createIfMissing()) {
      String name = sluice.pipeline(environment, pipeline);
      for (String file : files) {
        send(environment, name, file);
      }
    }
    return 0;
  }

  private void send(Environment environment, String name, String file) throws IOException {
    try (FileLines lines = new MessageFile(file).lines(spec.commandLine().getErr());
        Progress progress =
            new Progress(spec.commandLine().getErr(), "sending " + file, "messages")) {
      long messages = environment.queue(name).send(new PackedLines(lines, pack), progress::show);
      spec.commandLine()
          .getOut()
          .printf(
              "%s: sent %,d lines in %,d messages to %s%n", file, lines.given(), messages, name);
    } catch (OperationFailed failed) {
      throw new OperationFailed(file + ": " + failed.getMessage(), failed);
    }
  }
}
