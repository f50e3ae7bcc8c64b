package dev.sluice.batch;

import static dev.sluice.json.Json.field;

import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ChunkId;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.json.Json;
import dev.sluice.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The JSON of plans.
public final class PlanJson {
  private PlanJson() {}

  public static byte[] write(Plan plan) {
    Json json =
        Json.object(
            field("format", JsonRecord.FORMAT),
            field("plan", plan.id().value()),
            field("pipeline", plan.pipeline()),
            field("sequence", plan.sequence()),
            field("digest", plan.digest()),
            field("chunks", Json.array(plan.chunks().stream().map(PlanJson::chunk).toList())),
            field("seen_messages", keys(plan.seenMessages())),
            field("seen_events", keys(plan.seenEvents())),
            field("cover_messages", keys(plan.coverMessages())),
            field("cover_events", keys(plan.coverEvents())));
    return JsonText.of(json).getBytes(StandardCharsets.UTF_8);
  }

  /// Reads a plan.
  ///
  /// @throws dev.sluice.failure.UnknownFormat if `bytes` are not a plan in a known format
  public static Plan read(ObjectKey key, byte[] bytes) {
    JsonRecord plan = JsonRecord.read(key.value(), bytes);
    return new Plan(
        new PlanId(plan.text("plan")),
        plan.text("pipeline"),
        plan.number("sequence"),
        plan.text("digest"),
        plan.objects("chunks").stream().map(PlanJson::chunk).toList(),
        keys(plan, "seen_messages"),
        keys(plan, "seen_events"),
        keys(plan, "cover_messages"),
        keys(plan, "cover_events"));
  }

  private static Json chunk(StagedChunk chunk) {
    return Json.object(
        field("chunk", chunk.id().value()),
        field("key", chunk.key().value()),
        field("messages", chunk.messages()),
        field("bytes", chunk.bytes()),
        field("oldest", chunk.oldest().toString()),
        field("sha256", chunk.sha256().hex()));
  }

  private static StagedChunk chunk(JsonRecord chunk) {
    return new StagedChunk(
        chunk.parsed("chunk", ChunkId::new),
        chunk.parsed("key", ObjectKey::new),
        chunk.parsed("messages", Integer::parseInt),
        chunk.number("bytes"),
        chunk.instant("oldest"),
        chunk.parsed("sha256", Sha256::new));
  }

  private static Json keys(List<ObjectKey> keys) {
    return Json.array(keys.stream().map(key -> Json.of(key.value())).toList());
  }

  private static List<ObjectKey> keys(JsonRecord plan, String name) {
    return plan.parsedList(name, ObjectKey::new);
  }
}
