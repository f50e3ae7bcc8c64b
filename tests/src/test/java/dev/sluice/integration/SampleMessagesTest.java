package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Counts;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.chunk.ChunkId;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine.Input;
import dev.sluice.engine.Engine.LocalChunk;
import dev.sluice.engine.Engine.Output;
import dev.sluice.engine.Engine.References;
import dev.sluice.engine.Engine.Seen;
import dev.sluice.event.Envelope;
import dev.sluice.fakes.TestChunks;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.Table;
import dev.sluice.pipeline.PipelineFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Proves that each sample message in `events/messages` has the result that its name says.
class SampleMessagesTest {
  private static final Path MESSAGES = Path.of("../events/messages");
  private static final Instant SENT = Instant.parse("2026-11-21T00:15:00Z");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "order,    1, 1, 0",
    "payment,  1, 1, 0",
    "shipment, 1, 1, 0",
    "array,    3, 3, 0",
    "lines,    3, 2, 1",
  })
  void loadsTheValidSamples(String name, long received, long loaded, long quarantined)
      throws Exception {
    Output output = transform(MESSAGES.resolve(name + ".json"));

    assertThat(output.counts()).isEqualTo(new Counts(received, loaded, quarantined, 0, 0));
  }

  static Stream<Path> invalidSamples() throws IOException {
    try (Stream<Path> files = Files.list(MESSAGES.resolve("quarantine"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("invalidSamples")
  void quarantinesEachInvalidSampleForTheReasonInItsName(Path message) throws Exception {
    String reason = message.getFileName().toString().replace(".json", "");

    Output output = transform(message);

    assertThat(output.reasons()).isEqualTo(Map.of(reason, 1L));
  }

  @Test
  void hasASampleForEachReasonThatAQueueCanDeliver() throws Exception {
    List<String> admission =
        Stream.of(dev.sluice.event.Reason.values()).map(dev.sluice.event.Reason::label).toList();
    List<Table> tables = new PipelineFolder(Path.of("../pipelines/orders")).load().tables();
    Stream<String> fields =
        tables.stream().flatMap(t -> t.fields().stream()).map(field -> field.rule().reason());
    Stream<String> rules =
        tables.stream().flatMap(t -> t.expect().stream()).map(rule -> rule.name());

    List<String> samples =
        invalidSamples().map(file -> file.getFileName().toString().replace(".json", "")).toList();

    // SQS rejects a message that is too large for an event.
    assertThat(samples)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(admission.stream(), fields, rules)
                .flatMap(reasons -> reasons)
                .distinct()
                .filter(reason -> !reason.equals("too_large"))
                .toList());
  }

  private Output transform(Path message) throws Exception {
    byte[] chunk =
        TestChunks.write(List.of(new Envelope("message-1", SENT, Files.readString(message))));
    Path file = Files.write(folder.resolve("chunk"), chunk);
    Plan plan =
        new Plan(
            PlanId.of(new UUID(1, 1)),
            "orders",
            1,
            "",
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    return new DuckDbEngine("200MB")
        .run(
            new Input(
                new PipelineFolder(Path.of("../pipelines/orders")).load(),
                plan,
                List.of(new LocalChunk(ChunkId.of(new UUID(1, 2)), file)),
                new EurosOnly(),
                new Seen(List.of(), List.of(), List.of(), List.of()),
                folder));
  }

  /// One exchange rate and no customers.
  private static final class EurosOnly implements References {
    @Override
    public Optional<Path> saved(Reference reference) {
      return Optional.empty();
    }

    @Override
    public List<Map<String, String>> rows(Reference reference, List<String> keys) {
      return reference.name().equals("rates")
          ? List.of(Map.of("currency", "EUR", "rate", "1.08"))
          : List.of();
    }

    @Override
    public Path save(Reference reference, Path file) {
      return file;
    }
  }
}
