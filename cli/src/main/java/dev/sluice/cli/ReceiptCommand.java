package dev.sluice.cli;

import dev.sluice.failure.MissingObject;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.operate.Environment;
import dev.sluice.operate.Receipts;
import dev.sluice.operate.UsageError;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice receipt`.
@Command(name = "receipt", description = "Shows one receipt in full.")
final class ReceiptCommand implements Callable<Integer> {
  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "The pipeline's name.")
  String pipeline;

  @Parameters(
      index = "1",
      paramLabel = "SEQUENCE",
      description = "The sequence number, as shown by `sluice receipts`.")
  long sequence;

  @Option(names = "--format", description = "table or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  ReceiptCommand() {}

  @Override
  public Integer call() throws Exception {
    if (format == Rows.Format.CSV) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "a receipt is shown as table or json, not as csv");
    }
    try (Environment environment = sluice.existing()) {
      String receipt = read(environment, sluice.pipeline(environment, pipeline));
      if (format == Rows.Format.JSON) {
        spec.commandLine().getOut().println("[" + receipt + "]");
      } else if (new JsonParser().parseWhole(receipt)
          instanceof JsonParser.Value(Json.Obj fields, int _)) {
        PrettyJson.print(fields, spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private String read(Environment environment, String name) throws IOException {
    try {
      return Files.readString(new Receipts(environment.objects(), name).file(sequence));
    } catch (MissingObject missing) {
      throw new UsageError(
          "pipeline %s has no receipt %d; `sluice receipts %1$s%3$s` lists them"
              .formatted(name, sequence, environment.options()));
    }
  }
}
