package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Counts;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.operate.PipelineStatus;
import dev.sluice.operate.QueueState;
import dev.sluice.operate.TableSummary;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The complete output of `status`, `receipts` and `tables`, for values that all differ.
final class StatusTextTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:07Z");
  private static final Sha256 SHA = Sha256.of(new byte[0]);
  private static final Receipt RECEIPT =
      new Receipt(manifest(), NOW.minusSeconds(31), NOW.minusSeconds(30));

  private final StringWriter out = new StringWriter();

  @Test
  void showsEveryFieldOfAStatus() {
    assertThat(text(full(), Rows.Format.TABLE))
        .isEqualTo(
            """
            orders on here, %s
              last tick      20 s ago
              queue          22 messages, 5 of them in flight; oldest sent 99 s ago
              staged         2 chunks, 3,200 messages
              open plan      batch 5, attempt 3: no space
              last batch     4, published 30 s ago, lag 11 s
              tables         items 50 s ago, orders 40 s ago
              quarantined    99 events in the last hour: bad_amount 90, not_json 9
              parked         1 chunks
              state          STOPPED
              WARNING        first warning
              WARNING        second warning
              TO DO          first action
              TO DO          second action

            """
                .formatted(
                    LocalTime.ofInstant(NOW, ZoneId.systemDefault())
                        .truncatedTo(ChronoUnit.SECONDS)));
    out.getBuffer().setLength(0);
    assertThat(text(full(), Rows.Format.JSON))
        .isEqualTo(
            """
            [{"pipeline":"orders","at":"2026-01-01T12:00:07Z","last_tick":"2026-01-01T11:59:47Z",\
            "queue_visible":17,"queue_in_flight":5,"oldest_message":"2026-01-01T11:58:28Z",\
            "staged_chunks":2,"staged_messages":3200,\
            "open_plan":{"plan":"00000000-0000-0007-0000-000000000007","attempts":3,"error":"no space"},\
            "committed":4,"published":3,"last_batch_at":"2026-01-01T11:59:37Z","lag_ms":11000,\
            "tables":{"items":"2026-01-01T11:59:17Z","orders":"2026-01-01T11:59:27Z"},\
            "quarantined_last_hour":{"bad_amount":90,"not_json":9},\
            "parked":["00000000-0000-0000-0000-000000000001"],"stopped":true,\
            "warnings":["first warning","second warning"],"actions":["first action","second action"]}]
            """);
  }

  @Test
  void showsAStatusWithoutAnything() {
    PipelineStatus status =
        new PipelineStatus(
            "orders",
            NOW,
            Optional.empty(),
            new QueueState(0, 0, Optional.empty()),
            0,
            0,
            Head.NEW,
            Optional.empty(),
            new TreeMap<>(),
            List.of(),
            new TreeMap<>(),
            List.of(),
            List.of());

    assertThat(text(status, Rows.Format.TABLE).lines().skip(1))
        .containsExactly(
            "  last tick      unknown",
            "  queue          0 messages, 0 of them in flight",
            "  staged         0 chunks, 0 messages",
            "  open plan      none",
            "  last batch     none",
            "  tables         none loaded",
            "  quarantined    0 events in the last hour",
            "  parked         0 chunks",
            "  state          running",
            "");
    out.getBuffer().setLength(0);
    assertThat(text(status, Rows.Format.JSON))
        .isEqualTo(
            """
            [{"pipeline":"orders","at":"2026-01-01T12:00:07Z","last_tick":null,"queue_visible":0,\
            "queue_in_flight":0,"oldest_message":null,"staged_chunks":0,"staged_messages":0,\
            "committed":0,"published":0,"last_batch_at":null,"lag_ms":null,"tables":{},\
            "quarantined_last_hour":{},"parked":[],"stopped":false,"warnings":[],"actions":[]}]
            """);
  }

  @Test
  void showsEveryColumnOfAReceipt() {
    new Rows(ReceiptsCommand.COLUMNS, List.of(ReceiptsCommand.row(RECEIPT)))
        .print(new PrintWriter(out), Rows.Format.JSON);

    assertThat(out.toString())
        .isEqualTo(
            """
            [{"sequence":4,"committed_at":"2026-01-01T11:59:36Z","messages":123,"received":1000,\
            "loaded":700,"quarantined":10,"duplicate":200,"filtered":90,"files":2,\
            "plan":"00000000-0000-0001-0000-000000000001"}]
            """);
  }

  @Test
  void showsEveryColumnOfATable() {
    TableSummary table =
        new TableSummary(
            "orders",
            "items",
            List.of(new Column("sku", "VARCHAR"), new Column("quantity", "BIGINT")),
            List.of("dt"),
            1_410,
            3,
            5_000,
            Optional.of(NOW));
    TablesCommand.print(table, new PrintWriter(out, true));
    assertThat(out.toString())
        .isEqualTo(
            """
            orders.items: 1,410 rows in 3 files, 5000 B, newest 2026-01-01T12:00:07Z
              sku                      VARCHAR
              quantity                 BIGINT
              dt                       VARCHAR, partition
            """);
    out.getBuffer().setLength(0);

    new Rows(TablesCommand.COLUMNS, List.of(TablesCommand.row(table)))
        .print(new PrintWriter(out), Rows.Format.JSON);
    assertThat(out.toString())
        .isEqualTo(
            """
            [{"pipeline":"orders","table":"items","rows":1410,"files":3,"bytes":5000,\
            "newest":"2026-01-01T12:00:07Z","columns":"sku VARCHAR, quantity BIGINT"}]
            """);
  }

  private String text(PipelineStatus status, Rows.Format format) {
    StatusText.print(List.of(status), "here", format, new PrintWriter(out));
    return out.toString();
  }

  private static PipelineStatus full() {
    OpenPlan plan =
        new OpenPlan(PlanId.of(new UUID(7, 7)), new ObjectKey("work/7"), SHA, 3, "no space");
    StagedChunk chunk =
        new StagedChunk(
            ChunkId.of(new UUID(0, 1)), new ObjectKey("raw/1"), 10, 9, NOW.minusSeconds(61), SHA);
    return new PipelineStatus(
        "orders",
        NOW,
        Optional.of(NOW.minusSeconds(20)),
        new QueueState(17, 5, Optional.of(NOW.minusSeconds(99))),
        2,
        3_200,
        new Head(4, 3, 6, 90, 2, Optional.of(plan)),
        Optional.of(RECEIPT),
        new TreeMap<>(Map.of("orders", NOW.minusSeconds(40), "items", NOW.minusSeconds(50))),
        List.of(new ParkedChunk(chunk, NOW.minusSeconds(62), "not zstd")),
        new TreeMap<>(Map.of("bad_amount", 90L, "not_json", 9L)),
        List.of("first warning", "second warning"),
        List.of("first action", "second action"));
  }

  private static Manifest manifest() {
    OutputFile file = new OutputFile("orders", "dt=2026-01-01", new ObjectKey("lake/o"), 1, 2, SHA);
    return new Manifest(
        "orders",
        PlanId.of(new UUID(1, 1)),
        AttemptId.of(new UUID(3, 3)),
        4,
        "digest",
        "engine",
        123,
        210,
        NOW.minusSeconds(41),
        new Counts(1_000, 700, 10, 200, 90),
        new TreeMap<>(Map.of("bad_amount", 7L)),
        new TreeMap<>(),
        List.of(),
        List.of(file, file),
        Map.of(),
        Map.of());
  }
}
