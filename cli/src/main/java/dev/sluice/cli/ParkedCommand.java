package dev.sluice.cli;

import dev.sluice.chunk.ParkedChunk;
import dev.sluice.json.Json;
import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalResources;
import dev.sluice.pipeline.Pipeline;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice parked`.
@Command(name = "parked", description = "Lists the chunks that no transform could process.")
final class ParkedCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("chunk", "messages", "bytes", "oldest", "parked_at", "error", "key");

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "PIPELINE", description = "Its folder's name.")
  String pipeline;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  ParkedCommand() {}

  @Override
  public Integer call() throws Exception {
    Pipeline loaded = sluice.pipelines().load(pipeline);
    try (DataFolder folder = sluice.openExisting()) {
      LocalResources cloud = folder.cloud();
      cloud.create(loaded);
      new Rows(COLUMNS, cloud.ledger(pipeline).parked().stream().map(ParkedCommand::row).toList())
          .print(spec.commandLine().getOut(), format);
    }
    return 0;
  }

  private static List<Json> row(ParkedChunk parked) {
    return List.of(
        Json.of(parked.chunk().id().value()),
        Json.of(parked.chunk().messages()),
        Json.of(parked.chunk().bytes()),
        Json.of(parked.chunk().oldest().toString()),
        Json.of(parked.parkedAt().toString()),
        Json.of(parked.error()),
        Json.of(parked.chunk().key().value()));
  }
}
