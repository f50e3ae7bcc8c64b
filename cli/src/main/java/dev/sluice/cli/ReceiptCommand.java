package dev.sluice.cli;

import dev.sluice.bucket.Bucket;
import dev.sluice.failure.MissingObject;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.layout.Layout;
import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalResources;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.Pipeline;
import java.nio.charset.StandardCharsets;
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

  @Parameters(index = "0", paramLabel = "PIPELINE", description = "Its folder's name.")
  String pipeline;

  @Parameters(index = "1", paramLabel = "SEQUENCE", description = "As `sluice receipts` lists it.")
  long sequence;

  @Option(names = "--format", description = "table or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  ReceiptCommand() {}

  @Override
  public Integer call() throws Exception {
    if (format == Rows.Format.CSV) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "a receipt is a table or json, not csv");
    }
    Pipeline loaded = sluice.pipelines().load(pipeline);
    try (DataFolder folder = sluice.openExisting()) {
      LocalResources cloud = folder.cloud();
      cloud.create(loaded);
      String receipt = read(cloud.bucket());
      if (format == Rows.Format.JSON) {
        spec.commandLine().getOut().println("[" + receipt + "]");
      } else if (new JsonParser().parseWhole(receipt)
          instanceof JsonParser.Value(Json.Obj fields, int _)) {
        PrettyJson.print(fields, spec.commandLine().getOut());
      }
    }
    return 0;
  }

  private String read(Bucket bucket) {
    try {
      return new String(
          bucket.read(new Layout(pipeline).receipt(sequence)), StandardCharsets.UTF_8);
    } catch (MissingObject missing) {
      throw new UsageError(
          "pipeline %s has no receipt %d; `sluice receipts %s` lists them"
              .formatted(pipeline, sequence, pipeline));
    }
  }
}
