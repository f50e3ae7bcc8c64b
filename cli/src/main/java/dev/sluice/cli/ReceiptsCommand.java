package dev.sluice.cli;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Receipt;
import dev.sluice.json.Json;
import dev.sluice.operate.Environment;
import dev.sluice.operate.Receipts;
import dev.sluice.operate.Receipts.Stored;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice receipts`.
@Command(name = "receipts", description = "Lists the batches of a pipeline.")
final class ReceiptsCommand implements Callable<Integer> {
  static final List<String> COLUMNS =
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

  @Parameters(
      paramLabel = "PIPELINE",
      arity = "0..1",
      description = "The pipeline's name; may be omitted if there is only one.")
  @Nullable String pipeline;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  ReceiptsCommand() {}

  @Override
  public Integer call() {
    try (Environment environment = sluice.existing()) {
      String name = sluice.pipeline(environment, pipeline);
      List<Stored> receipts = new Receipts(environment.objects(), name).since(Optional.empty());
      new Rows(COLUMNS, receipts.stream().map(stored -> row(stored.receipt())).toList())
          .print(spec.commandLine().getOut(), format);
    }
    return 0;
  }

  static List<Json> row(Receipt receipt) {
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
