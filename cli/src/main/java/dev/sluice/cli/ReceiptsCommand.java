package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Receipt;
import dev.sluice.json.Json;
import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalResources;
import dev.sluice.operate.Lake;
import dev.sluice.pipeline.Pipeline;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice receipts`.
@Command(name = "receipts", description = "Lists a pipeline's batches.")
final class ReceiptsCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "sequence",
          "committed_at",
          "messages",
          "received",
          "loaded",
          "quarantined",
          "duplicate",
          "filtered",
          "files",
          "plan");

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", description = "Its folder's name.")
  String pipeline;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  ReceiptsCommand() {}

  @Override
  public Integer call() throws Exception {
    Pipeline loaded = sluice.pipelines().load(pipeline);
    try (DataFolder folder = sluice.openExisting()) {
      LocalResources cloud = folder.cloud();
      cloud.create(loaded);
      Lake lake = new Lake(cloud.bucket(), folder.path().resolve("kept"));
      new Rows(COLUMNS, lake.receipts(pipeline).stream().map(ReceiptsCommand::row).toList())
          .print(spec.commandLine().getOut(), format);
    }
    return 0;
  }

  private static List<Json> row(Receipt receipt) {
    Counts counts = receipt.manifest().counts();
    return List.of(
        Json.of(receipt.manifest().sequence()),
        Json.of(receipt.committedAt().toString()),
        Json.of(receipt.manifest().messages()),
        Json.of(counts.received()),
        Json.of(counts.loaded()),
        Json.of(counts.quarantined()),
        Json.of(counts.duplicate()),
        Json.of(counts.filtered()),
        Json.of(receipt.manifest().files().size()),
        Json.of(receipt.manifest().plan().value()));
  }
}
