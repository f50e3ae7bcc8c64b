package dev.sluice.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.batch.ChangedFields.Changed;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BatchJsonTest {
  private static final ObjectKey KEY = new ObjectKey("plans/orders/1/plan.json");
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");
  private static final Sha256 SHA = Sha256.of(new byte[0]);

  private static final Set<String> TEXTS_OF_A_MANIFEST =
      Set.of(
          "pipeline",
          "plan",
          "attempt",
          "digest",
          "engine",
          "tables.table",
          "tables.columns.name",
          "tables.columns.type",
          "files.table",
          "files.partition");

  /// The fields whose names are data.
  private static final Set<String> MAPS = Set.of("reasons", "warnings", "metrics", "took_ms");

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
    assertThat(ManifestJson.readReceipt(KEY, ManifestJson.write(receipt()))).isEqualTo(receipt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "{", "{}", "{\"format\":1}", "{\"format\":1,\"plan\":[]}"})
  void rejectsOtherBytes(String json) {
    for (Function<byte[], Object> reader : readers()) {
      assertThatExceptionOfType(UnknownFormat.class)
          .isThrownBy(() -> reader.apply(json.getBytes(UTF_8)))
          .withMessageContaining(KEY.value());
    }
  }

  @Test
  void rejectsEveryOtherFormat() {
    for (String format : List.of("0", "2", "-1", "10")) {
      for (byte[] document : List.of(PlanJson.write(plan()), ManifestJson.write(manifest()))) {
        String json =
            new String(document, UTF_8).replace("\"format\":1,", "\"format\":" + format + ",");
        for (Function<byte[], Object> reader : readers()) {
          assertThatExceptionOfType(UnknownFormat.class)
              .isThrownBy(() -> reader.apply(json.getBytes(UTF_8)))
              .withMessageContaining(KEY + " has format " + format);
        }
      }
    }
  }

  @Test
  void checksEveryFieldOfAPlan() {
    assertChecksEveryField(
        PlanJson.write(plan()), BatchJsonTest::readPlan, Set.of("plan", "pipeline", "digest"));
  }

  @Test
  void checksEveryFieldOfAManifest() {
    assertChecksEveryField(
        ManifestJson.write(manifest()), BatchJsonTest::readManifest, TEXTS_OF_A_MANIFEST);
  }

  @Test
  void checksEveryFieldOfAReceipt() {
    assertChecksEveryField(
        ManifestJson.write(receipt()), BatchJsonTest::readReceipt, TEXTS_OF_A_MANIFEST);
  }

  private static List<Function<byte[], Object>> readers() {
    return List.of(
        BatchJsonTest::readPlan, BatchJsonTest::readManifest, BatchJsonTest::readReceipt);
  }

  private static Object readPlan(byte[] json) {
    return PlanJson.read(KEY, json);
  }

  private static Object readManifest(byte[] json) {
    return ManifestJson.read(KEY, json);
  }

  private static Object readReceipt(byte[] json) {
    return ManifestJson.readReceipt(KEY, json);
  }

  /// Changes each field in each way. A changed document is rejected with the field's name, or, if
  /// the change is valid, read as something else.
  ///
  /// @param texts the fields that may have any text
  private static void assertChecksEveryField(
      byte[] document, Function<byte[], Object> reader, Set<String> texts) {
    Object original = reader.apply(document);
    SoftAssertions.assertSoftly(softly -> {
      for (Changed changed : ChangedFields.of(document)) {
        if (changed.path().equals("lag_ms")) {
          continue; // For readers of receipts only.
        }
        if (isValid(changed, texts)) {
          softly
              .assertThatCode(
                  () -> assertThat(reader.apply(changed.bytes())).isNotEqualTo(original))
              .as(changed.toString())
              .doesNotThrowAnyException();
        } else {
          softly
              .assertThatThrownBy(() -> reader.apply(changed.bytes()))
              .as(changed.toString())
              .isInstanceOf(UnknownFormat.class)
              .hasMessageContaining(KEY.value())
              .hasMessageContaining(changed.field());
        }
      }
    });
  }

  private static boolean isValid(Changed changed, Set<String> texts) {
    boolean isMetric = changed.path().startsWith("metrics.");
    return switch (changed.change()) {
      case ABSENT ->
          MAPS.contains(changed.path().replaceFirst("[.].*", "")) && changed.path().contains(".");
      // A metric without a value.
      case NULL, OTHER_TYPE -> isMetric;
      case SCALAR -> false;
      case INVALID_TEXT -> isMetric || texts.contains(changed.path());
      case OTHER_VALUE -> !changed.path().equals("format");
    };
  }

  /// Other programs read receipts.
  @Test
  void writesAReceiptWithTheseNames() {
    assertThat(new String(ManifestJson.write(receipt()), UTF_8))
        .isEqualTo(
            """
            {"format":1,"pipeline":"orders","sequence":64,"plan":"00000000-0000-0000-0000-000000000001",\
            "attempt":"00000000-0000-0000-0000-000000000003","digest":"digest","engine":"duckdb 1","messages":7,\
            "bytes":1099511627776,"oldest":"2026-01-01T12:00:00.123456Z","received":10,"loaded":4,"quarantined":3,\
            "duplicate":2,"filtered":1,"reasons":{"not_json":3},"warnings":{"looks_odd":1},"metrics":{"volume":4.50},\
            "tables":[{"table":"orders","columns":[{"name":"amount","type":"DECIMAL(18,2)"}]}],\
            "files":[{"table":"orders","partition":"dt=2026-01-01","key":"work/f","rows":4,"bytes":99,"sha256":"%s"}],\
            "took_ms":{"admit":12},"committed_at":"2026-01-01T12:00:01.123456Z",\
            "published_at":"2026-01-01T12:00:01.623456Z","lag_ms":1500}\
            """
                .formatted(SHA));
  }

  @Test
  void writesAPlanWithTheseNames() {
    assertThat(new String(PlanJson.write(plan()), UTF_8))
        .isEqualTo(
            """
            {"format":1,"plan":"00000000-0000-0000-0000-000000000001","pipeline":"orders","sequence":64,\
            "digest":"digest","chunks":[{"chunk":"00000000-0000-0000-0000-000000000002","key":"raw/orders/2",\
            "messages":7,"bytes":1099511627776,"oldest":"2026-01-01T12:00:00.123456Z","sha256":"%s"}],\
            "seen_messages":["work/a"],"seen_events":["work/e"],"cover_messages":["work/b","work/c"],\
            "cover_events":["work/d"]}\
            """
                .formatted(SHA));
  }

  private static Receipt receipt() {
    return new Receipt(manifest(), NOON.plusSeconds(1), NOON.plusMillis(1500));
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
        List.of(new ObjectKey("work/e")),
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
        Map.of("volume", Optional.of("4.50")),
        Map.of("admit", 12L));
  }
}
