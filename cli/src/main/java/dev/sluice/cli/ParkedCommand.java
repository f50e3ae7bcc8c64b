package dev.sluice.cli;

import dev.sluice.chunk.ParkedChunk;
import dev.sluice.json.Json;
import dev.sluice.operate.Environment;
import dev.sluice.operate.ParkedChunks;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice parked`.
@Command(name = "parked", description = "Lists the chunks that no attempt could process.")
final class ParkedCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of("chunk", "messages", "bytes", "oldest", "parked_at", "error", "key");

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
  ParkedCommand() {}

  @Override
  public Integer call() {
    try (Environment environment = sluice.existing()) {
      String name = sluice.pipeline(environment, pipeline);
      List<ParkedChunk> parked = new ParkedChunks(environment, name, Clock.systemUTC()).list();
      new Rows(COLUMNS, parked.stream().map(ParkedCommand::row).toList())
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
