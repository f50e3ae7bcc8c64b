package dev.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.failure.UnknownFormat;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchJsonTest {
  private static final ObjectKey KEY = new ObjectKey("plans/orders/1/plan.json");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");
  private static final Sha256 SHA = Sha256.of(new byte[0]);

  @Test
  void readsAWrittenPlan() {
    assertThat(PlanJson.read(KEY, PlanJson.write(plan()))).isEqualTo(plan());
  }

  @Test
  void readsAWrittenManifest() {
    assertThat(ManifestJson.read(KEY, ManifestJson.write(manifest()))).isEqualTo(manifest());
  }

  @Test
  void readsAWrittenReceipt() {
    Receipt receipt = new Receipt(manifest(), NOON.plusSeconds(1), NOON.plusMillis(1500));

    byte[] json = ManifestJson.write(receipt);

    assertThat(ManifestJson.readReceipt(KEY, json)).isEqualTo(receipt);
    assertThat(new String(json, UTF_8)).contains("\"lag_ms\":1500");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"format\":2}",
        "{\"format\":\"one\"}",
        "{\"format\":1}",
        "{\"format\":1,\"plan\":[]}"
      })
  void rejectsUnknownFormats(String json) {
    assertThatExceptionOfType(UnknownFormat.class)
        .isThrownBy(() -> PlanJson.read(KEY, json.getBytes(UTF_8)))
        .withMessageContaining(KEY.value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sequence\":\"x",
        "oldest\":\"noon",
        "sha256\":\"00",
        "messages\":\"-",
        "key\":\"/"
      })
  void namesTheInvalidField(String invalid) {
    String name = invalid.substring(0, invalid.indexOf('"'));
    String json =
        new String(PlanJson.write(plan()), UTF_8)
            .replaceFirst("\"" + name + "\":(\"[^\"]*\"|[0-9]+)", "\"" + invalid + "\"");

    assertThatExceptionOfType(UnknownFormat.class)
        .isThrownBy(() -> PlanJson.read(KEY, json.getBytes(UTF_8)))
        .withMessageContaining(name);
  }

  private static Plan plan() {
    return new Plan(
        PlanId.of(new UUID(0, 1)),
        "orders",
        64,
        "digest",
        List.of(
            new StagedChunk(
                ChunkId.of(new UUID(0, 2)), new ObjectKey("raw/orders/2"), 7, 1L << 40, NOON, SHA)),
        List.of(new ObjectKey("work/a")),
        List.of(),
        List.of(new ObjectKey("work/b"), new ObjectKey("work/c")),
        List.of(new ObjectKey("work/d")));
  }

  private static Manifest manifest() {
    return new Manifest(
        "orders",
        PlanId.of(new UUID(0, 1)),
        AttemptId.of(new UUID(0, 3)),
        64,
        "digest",
        "duckdb 1",
        7,
        1L << 40,
        NOON,
        new Counts(10, 4, 3, 2, 1),
        new TreeMap<>(Map.of("not_json", 3L)),
        new TreeMap<>(Map.of("looks_odd", 1L)),
        List.of(new TableColumns("orders", List.of(new Column("amount", "DECIMAL(18,2)")))),
        List.of(new OutputFile("orders", "dt=2026-01-01", new ObjectKey("work/f"), 4, 99, SHA)),
        Map.of("volume", Optional.of("4.50"), "rate", Optional.empty()),
        Map.of("admit", 12L));
  }
}
