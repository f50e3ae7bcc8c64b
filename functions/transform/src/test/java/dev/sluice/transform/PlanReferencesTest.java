package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.PlanId;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.reference.ReferenceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanReferencesTest {
  private static final PlanId PLAN = PlanId.of(new UUID(0, 1));
  private static final Layout LAYOUT = new Layout("orders");
  private static final Reference WHOLE = reference(Optional.empty());

  @TempDir Path folder;

  private final MemoryBucket bucket = new MemoryBucket();
  private final MemoryReferenceTable table = new MemoryReferenceTable("id");

  @Test
  void theFirstAttemptDoesNotLookForSavedRows() {
    bucket.putIfAbsent(LAYOUT.planReference(PLAN, "things"), "saved".getBytes(UTF_8));

    assertThat(references(false).saved(WHOLE)).isEmpty();
    assertThat(references(true).saved(WHOLE))
        .hasValueSatisfying(f -> assertThat(f).hasContent("saved"));
  }

  @Test
  void nothingIsSavedBeforeTheFirstSave() {
    assertThat(references(true).saved(WHOLE)).isEmpty();
  }

  /// Two attempts at one plan must use the same rows.
  @Test
  void theRowsThatWereSavedFirstAreUsed() throws IOException {
    Path first = Files.writeString(folder.resolve("first"), "first rows");
    Path second = Files.writeString(folder.resolve("second"), "second rows");

    assertThat(references(false).save(WHOLE, first)).isEqualTo(first);
    assertThat(references(false).save(WHOLE, second)).hasContent("first rows");
    assertThat(bucket.read(LAYOUT.planReference(PLAN, "things")))
        .asString(UTF_8)
        .isEqualTo("first rows");
  }

  @Test
  void looksUpOnlyTheKeysThatATableCanHave() {
    Reference byKey = reference(Optional.of(new Sql("SELECT 1", "keys.sql", 1)));
    String longest = "k".repeat(ReferenceTable.MAX_KEY_BYTES);
    String longer = longest + "k";
    String longInBytes = "é".repeat(ReferenceTable.MAX_KEY_BYTES / 2) + "é";
    table.put(Stream.of(longest, longer, longInBytes, "a", "").map(id -> Map.of("id", id)));

    assertThat(references(false).rows(byKey, List.of("a", "", longest, longer, longInBytes)))
        .containsExactly(Map.of("id", "a"), Map.of("id", longest));
    assertThat(references(false).rows(byKey, List.of(""))).isEmpty();
    assertThat(references(false).rows(WHOLE, List.of())).hasSize(5);
  }

  private PlanReferences references(boolean mayBeSaved) {
    return new PlanReferences(bucket, LAYOUT, PLAN, mayBeSaved, _ -> table, folder);
  }

  private static Reference reference(Optional<Sql> keys) {
    return new Reference(
        "things", "things", "id", keys, List.of(), List.of(new ReferenceColumn("id", "VARCHAR")));
  }
}
