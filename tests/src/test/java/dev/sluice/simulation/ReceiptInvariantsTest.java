package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every field of a receipt has an invariant, and each invariant reports a value that differs from
/// the expected one.
final class ReceiptInvariantsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private final List<String> violations = new ArrayList<>();

  @Test
  void everyFieldOfAReceiptHasAnInvariant() throws IOException {
    Run run = runTwoBatches();
    ReceiptInvariants invariants =
        new ReceiptInvariants(run.aws, PlainEngine::rows, run.sent(), violations::add);
    Set<String> fields = new TreeSet<>();

    List<String> keys = run.aws.s3.keys("receipts/");
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      JsonNode receipt = JSON.readTree(run.aws.s3.bytes(key));
      ObjectNode expected = invariants.expected(i + 1, key);
      invariants.compare(key, receipt.deepCopy(), expected.deepCopy());
      assertThat(violations).isEmpty();
      for (Change change : changes(receipt)) {
        fields.add(change.field.replaceAll("\\[\\d+]", "[]"));
        JsonNode changed = receipt.deepCopy();
        change.apply(changed);

        invariants.compare(key, changed, expected.deepCopy());

        assertThat(violations).as("%s of %s", change, key).isNotEmpty();
        violations.clear();
      }
    }

    assertThat(fields)
        .contains(
            "/format",
            "/committed_at",
            "/published_at",
            "/lag_ms",
            "/metrics/sales_usd",
            "/files[]/sha256",
            "/tables[]/columns[]/type",
            "/reasons/negative_amount");
  }

  private Run runTwoBatches() {
    Run run =
        new Run(
            Simulation.plain(folder),
            new Script(1, Scenario.TWO_BATCHES, Optional.of(List.of())),
            Defect.NONE);
    assertThat(run.run().violations()).isEmpty();
    return run;
  }

  /// A changed, added or removed value.
  ///
  /// @param field the path of the value; that of an added value does not exist
  private record Change(String field, String kind) {
    void apply(JsonNode receipt) {
      int slash = field.lastIndexOf('/');
      JsonNode parent = receipt.at(field.substring(0, slash).replaceAll("\\[(\\d+)]", "/$1"));
      String name = field.substring(slash + 1);
      ObjectNode object = (ObjectNode) parent;
      switch (kind) {
        case "removed" -> object.remove(name);
        case "added" -> object.put("added", 1);
        default -> object.set(name, other(object.path(name)));
      }
    }

    private static JsonNode other(JsonNode value) {
      if (value.isNumber()) {
        return JSON.getNodeFactory().numberNode(value.decimalValue().add(BigDecimal.ONE));
      }
      return JSON.getNodeFactory().stringNode(value.asString() + "0");
    }
  }

  private static List<Change> changes(JsonNode receipt) {
    return objects("", receipt).entrySet().stream()
        .flatMap(at ->
            Stream.concat(
                Stream.of(new Change(at.getKey() + "/added", "added")),
                at.getValue()
                    .propertyStream()
                    .flatMap(value ->
                        Stream.of("removed", "changed")
                            .filter(
                                kind -> kind.equals("removed") || !value.getValue().isContainer())
                            .map(kind -> new Change(at.getKey() + "/" + value.getKey(), kind)))))
        .toList();
  }

  /// Every object in `node`, by path.
  private static Map<String, JsonNode> objects(String path, JsonNode node) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    if (node instanceof ObjectNode) {
      all.put(path, node);
      node.properties().forEach(f -> all.putAll(objects(path + "/" + f.getKey(), f.getValue())));
    } else if (node instanceof ArrayNode items) {
      for (int i = 0; i < items.size(); i++) {
        all.putAll(objects("%s[%d]".formatted(path, i), items.path(i)));
      }
    }
    return all;
  }
}
