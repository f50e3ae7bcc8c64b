package dev.sluice.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.BatchName;
import dev.sluice.batch.PlanId;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.ChunkId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The keys of the table in docs/protocol.md. Readers, permissions and lifecycle rules depend on
/// them.
final class LayoutTest {
  private static final ChunkId CHUNK = new ChunkId("00000000-0000-0000-0000-00000000000c");
  private static final PlanId PLAN = new PlanId("00000000-0000-0000-0000-00000000000a");
  private static final AttemptId ATTEMPT = new AttemptId("00000000-0000-0000-0000-00000000000b");
  private static final String FOLDER =
      "work/orders/00000000-0000-0000-0000-00000000000a/00000000-0000-0000-0000-00000000000b";

  private final Layout layout = new Layout("orders");

  @ParameterizedTest
  @CsvSource({
    "2026-01-02T03:59:59.999Z, dt=2026-01-02/hour=03",
    "2026-12-31T23:00:00Z, dt=2026-12-31/hour=23",
    "2025-12-29T00:00:00Z, dt=2025-12-29/hour=00",
    "2026-06-30T13:00:00Z, dt=2026-06-30/hour=13",
  })
  void aChunkIsInTheHourInWhichItWasStaged(Instant stagedAt, String folder) {
    assertKey(
        layout.chunk(CHUNK, stagedAt),
        "raw/orders/" + folder + "/00000000-0000-0000-0000-00000000000c.ndjson.zst");
  }

  @Test
  void keysOfPlansAndAttempts() {
    assertKey(layout.plan(PLAN), "plans/orders/00000000-0000-0000-0000-00000000000a/plan.json");
    assertKey(
        layout.planReference(PLAN, "rates"),
        "plans/orders/00000000-0000-0000-0000-00000000000a/references/rates.parquet");
    assertKey(layout.work(PLAN, ATTEMPT), FOLDER);
    assertKey(
        layout.workFile(PLAN, ATTEMPT, "sales", "dt=2026-01-01/hour=05", "data_0.parquet"),
        FOLDER + "/sales/dt=2026-01-01/hour=05/data_0.parquet");
    assertKey(layout.manifest(PLAN, ATTEMPT), FOLDER + "/manifest.json");
  }

  @ParameterizedTest
  @CsvSource({
    "messages, false, messages.parquet",
    "messages, true, messages-cover.parquet",
    "events, false, events.parquet",
    "events, true, events-cover.parquet",
  })
  void keysOfSeenFiles(String kind, boolean cover, String name) {
    assertKey(layout.seen(PLAN, ATTEMPT, kind, cover), FOLDER + "/seen/" + name);
    assertKey(layout.seenFile(PLAN, ATTEMPT, name), FOLDER + "/seen/" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 000000000001",
    "64, 000000000064",
    "999999999999, 999999999999",
  })
  void keysOfPublishedObjects(long sequence, String digits) {
    BatchName batch = new BatchName(sequence, PLAN);
    String file = digits + "-00000000-0000-0000-0000-00000000000a.parquet";

    assertKey(
        layout.lake("sales", "dt=2026-01-01/hour=05", batch),
        "lake/orders/sales/dt=2026-01-01/hour=05/" + file);
    assertKey(layout.quarantine("dt=2026-01-01", batch), "quarantine/orders/dt=2026-01-01/" + file);
    assertKey(layout.receipt(sequence), "receipts/orders/" + digits + ".json");
    assertThat(layout.receipts()).isEqualTo("receipts/orders/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Orders",
        "1a",
        "a-b",
        "a/b",
        "..",
        "a b",
        "_a",
        "a1234567890123456789012345678901234567890x"
      })
  void rejectsOtherNamesOfPipelines(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Layout(name));
  }

  @Test
  void aNameHasUpTo41Characters() {
    assertThat(new Layout("o".repeat(41)).receipts()).isEqualTo("receipts/" + "o".repeat(41) + "/");
  }

  private static void assertKey(ObjectKey key, String expected) {
    assertThat(key.value()).isEqualTo(expected);
  }
}
