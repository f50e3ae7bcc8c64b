package dev.sluice.transform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.PlanId;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.reference.ReferenceTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanReferencesTest {
  private static final PlanId PLAN = new PlanId("plan-1");
  private static final Layout LAYOUT = new Layout("lines");
  private static final Reference BY_KEY = reference(Optional.of(new Sql("SELECT 1", "", 1)));
  private static final Reference WHOLE = reference(Optional.empty());

  @TempDir Path folder;

  private final MemoryBucket bucket = new MemoryBucket();
  private final RecordingTable table = new RecordingTable();

  @Test
  void namesTheTableInTheService() {
    assertThat(references(false).table(BY_KEY)).isEqualTo("dev-rates");
  }

  @Test
  void readsTheWholeTableOfAReferenceWithoutKeys() {
    assertThat(references(false).rows(WHOLE, List.of())).containsExactly(Map.of("id", "all"));
    assertThat(table.calls).containsExactly("scan");
  }

  /// 1,024 letters of two bytes each are the longest key that DynamoDB accepts.
  @Test
  void looksUpOnlyKeysThatATableCanHave() {
    String longest = "é".repeat(1024);

    List<Map<String, String>> rows =
        references(false).rows(BY_KEY, List.of("", "a", longest, longest + "x", "b"));

    assertThat(rows).containsExactly(Map.of("id", "a"), Map.of("id", longest), Map.of("id", "b"));
    assertThat(table.calls).containsExactly("get [a, %s, b]".formatted(longest));
  }

  @Test
  void doesNotReadTheTableWithoutAKeyToLookUp() {
    assertThat(references(false).rows(BY_KEY, List.of("", "x".repeat(2049)))).isEmpty();
    assertThat(table.calls).isEmpty();
  }

  @Test
  void savesTheRowsInTheFolderOfThePlan() throws IOException {
    Path file = Files.writeString(folder.resolve("rows"), "mine");

    assertThat(references(false).save(BY_KEY, file)).isEqualTo(file);
    assertThat(bucket.read(LAYOUT.planReference(PLAN, "rates"))).asString().isEqualTo("mine");
  }

  @Test
  void usesTheRowsThatAnotherAttemptSavedFirst() throws IOException {
    bucket.putIfAbsent(LAYOUT.planReference(PLAN, "rates"), "theirs".getBytes(UTF_8));
    Path file = Files.writeString(folder.resolve("rows"), "mine");

    Path saved = references(false).save(BY_KEY, file);

    assertThat(saved).isEqualTo(folder.resolve("saved-rates.parquet")).hasContent("theirs");
    assertThat(bucket.read(LAYOUT.planReference(PLAN, "rates"))).asString().isEqualTo("theirs");
  }

  @Test
  void aLaterAttemptUsesTheSavedRows() {
    assertThat(references(true).saved(BY_KEY)).isEmpty();
    bucket.putIfAbsent(LAYOUT.planReference(PLAN, "rates"), "theirs".getBytes(UTF_8));

    assertThat(references(true).saved(BY_KEY).orElseThrow()).hasContent("theirs");
  }

  @Test
  void theFirstAttemptDoesNotLookForSavedRows() {
    bucket.putIfAbsent(LAYOUT.planReference(PLAN, "rates"), "theirs".getBytes(UTF_8));

    assertThat(references(false).saved(BY_KEY)).isEmpty();
  }

  private PlanReferences references(boolean mayBeSaved) {
    return new PlanReferences(bucket, LAYOUT, PLAN, mayBeSaved, _ -> table, folder);
  }

  private static Reference reference(Optional<Sql> keys) {
    return new Reference(
        "rates", "rates", "id", keys, List.of(), List.of(new ReferenceColumn("id", "VARCHAR")));
  }

  /// A table that has every key, and records the calls.
  private static final class RecordingTable implements ReferenceTable {
    private final List<String> calls = new ArrayList<>();

    @Override
    public String name() {
      return "dev-rates";
    }

    @Override
    public boolean isEmpty() {
      return false;
    }

    @Override
    public List<Map<String, String>> get(List<String> keys) {
      calls.add("get " + keys);
      return keys.stream().map(key -> Map.of("id", key)).toList();
    }

    @Override
    public List<Map<String, String>> scan() {
      calls.add("scan");
      return List.of(Map.of("id", "all"));
    }

    @Override
    public void put(Stream<Map<String, String>> rows) {
      throw new UnsupportedOperationException();
    }
  }
}
