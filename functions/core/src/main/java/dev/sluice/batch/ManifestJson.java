package dev.sluice.batch;

import static dev.sluice.json.Json.field;

import dev.sluice.batch.Manifest.Column;
import dev.sluice.batch.Manifest.TableColumns;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// The JSON of manifests, and of receipts, which are manifests with the times of commit and
/// publication.
public final class ManifestJson {
  private ManifestJson() {}

  public static byte[] write(Manifest manifest) {
    return bytes(fields(manifest));
  }

  public static byte[] write(Receipt receipt) {
    List<Json.Field> fields = fields(receipt.manifest());
    fields.add(field("committed_at", receipt.committedAt().toString()));
    fields.add(field("published_at", receipt.publishedAt().toString()));
    Duration lag = Duration.between(receipt.manifest().oldest(), receipt.publishedAt());
    fields.add(field("lag_ms", lag.toMillis()));
    return bytes(fields);
  }

  /// Reads a manifest.
  ///
  /// @throws dev.sluice.failure.UnknownFormat if `bytes` are not a manifest in a known format
  public static Manifest read(ObjectKey key, byte[] bytes) {
    return manifest(JsonRecord.read(key.value(), bytes));
  }

  /// Reads a receipt.
  ///
  /// @throws dev.sluice.failure.UnknownFormat if `bytes` are not a receipt in a known format
  public static Receipt readReceipt(ObjectKey key, byte[] bytes) {
    JsonRecord receipt = JsonRecord.read(key.value(), bytes);
    return new Receipt(
        manifest(receipt), receipt.instant("committed_at"), receipt.instant("published_at"));
  }

  private static byte[] bytes(List<Json.Field> fields) {
    return JsonText.of(new Json.Obj(fields)).getBytes(StandardCharsets.UTF_8);
  }

  private static List<Json.Field> fields(Manifest m) {
    Counts counts = m.counts();
    return new ArrayList<>(
        List.of(
            field("format", JsonRecord.FORMAT),
            field("pipeline", m.pipeline()),
            field("sequence", m.sequence()),
            field("plan", m.plan().value()),
            field("attempt", m.attempt().value()),
            field("digest", m.digest()),
            field("engine", m.engine()),
            field("messages", m.messages()),
            field("bytes", m.bytes()),
            field("oldest", m.oldest().toString()),
            field("received", counts.received()),
            field("loaded", counts.loaded()),
            field("quarantined", counts.quarantined()),
            field("duplicate", counts.duplicate()),
            field("filtered", counts.filtered()),
            field("reasons", numbers(m.reasons())),
            field("warnings", numbers(m.warnings())),
            field("metrics", metrics(m.metrics())),
            field("tables", Json.array(m.tables().stream().map(ManifestJson::table).toList())),
            field("files", Json.array(m.files().stream().map(ManifestJson::file).toList())),
            field("took_ms", numbers(m.took()))));
  }

  private static Manifest manifest(JsonRecord m) {
    return new Manifest(
        m.text("pipeline"),
        new PlanId(m.text("plan")),
        new AttemptId(m.text("attempt")),
        m.number("sequence"),
        m.text("digest"),
        m.text("engine"),
        m.number("messages"),
        m.number("bytes"),
        m.instant("oldest"),
        new Counts(
            m.number("received"),
            m.number("loaded"),
            m.number("quarantined"),
            m.number("duplicate"),
            m.number("filtered")),
        sorted(m.object("reasons")),
        sorted(m.object("warnings")),
        m.objects("tables").stream().map(ManifestJson::table).toList(),
        m.objects("files").stream().map(ManifestJson::file).toList(),
        metrics(m.object("metrics")),
        numbers(m.object("took_ms")));
  }

  private static Json numbers(Map<String, Long> numbers) {
    return new Json.Obj(
        numbers.entrySet().stream().map(e -> field(e.getKey(), e.getValue())).toList());
  }

  private static Map<String, Long> numbers(JsonRecord record) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    record.names().forEach(name -> numbers.put(name, record.number(name)));
    return numbers;
  }

  private static SortedMap<String, Long> sorted(JsonRecord record) {
    return new TreeMap<>(numbers(record));
  }

  private static Json metrics(Map<String, Optional<String>> metrics) {
    return new Json.Obj(
        metrics.entrySet().stream()
            .map(e ->
                field(e.getKey(), e.getValue().<Json>map(Json.Num::new).orElse(new Json.Null())))
            .toList());
  }

  private static Map<String, Optional<String>> metrics(JsonRecord record) {
    Map<String, Optional<String>> metrics = new LinkedHashMap<>();
    record.names().forEach(name -> metrics.put(name, record.optionalText(name)));
    return metrics;
  }

  private static Json table(TableColumns table) {
    List<Json> columns =
        table.columns().stream()
            .<Json>map(c -> Json.object(field("name", c.name()), field("type", c.type())))
            .toList();
    return Json.object(field("table", table.table()), field("columns", Json.array(columns)));
  }

  private static TableColumns table(JsonRecord table) {
    return new TableColumns(
        table.text("table"),
        table.objects("columns").stream()
            .map(c -> new Column(c.text("name"), c.text("type")))
            .toList());
  }

  private static Json file(OutputFile file) {
    return Json.object(
        field("table", file.table()),
        field("partition", file.partition()),
        field("key", file.key().value()),
        field("rows", file.rows()),
        field("bytes", file.bytes()),
        field("sha256", file.sha256().hex()));
  }

  private static OutputFile file(JsonRecord file) {
    return new OutputFile(
        file.text("table"),
        file.text("partition"),
        file.parsed("key", ObjectKey::new),
        file.number("rows"),
        file.number("bytes"),
        file.parsed("sha256", Sha256::new));
  }
}
