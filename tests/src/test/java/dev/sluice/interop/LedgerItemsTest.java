package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.ledger.Ledger;
import dev.sluice.simulatedaws.SimulatedDynamoDb;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The ledger rejects an item of DynamoDB from which an attribute is missing, or that has one of a
/// different type.
final class LedgerItemsTest {
  private static final Map<String, Function<Ledger, Object>> READS =
      Map.of(
          "head", Ledger::head,
          "staged#", Ledger::staged,
          "parked#", Ledger::parked,
          "batch#", ledger -> ledger.batch(1));

  /// They are not read from the item. Without `plan`, no plan is open.
  private static final Set<String> NOT_READ = Set.of("pipeline", "item", "plan", "attempt");

  private final SimulatedAdapters aws = new SimulatedAdapters();

  @Test
  void anItemWithoutAnAttributeIsRejected() {
    READS.forEach((item, read) -> {
      List<String> attributes = readFrom(item);
      assertThat(attributes).hasSizeGreaterThanOrEqualTo(5);
      attributes.forEach(name -> {
        ObjectNode changed = item(item);
        JsonNode value = changed.remove(name);
        assertRejected(read, name, value.has("N") ? "number" : "string");
        changed.set(name, value);
      });
    });
  }

  @Test
  void anAttributeOfADifferentTypeIsRejected() {
    READS.forEach((item, read) ->
        readFrom(item)
            .forEach(name -> {
              ObjectNode changed = item(item);
              JsonNode value = changed.get(name);
              boolean isNumber = value.has("N");
              changed.putObject(name).put(isNumber ? "S" : "N", "1");
              assertRejected(read, name, isNumber ? "number" : "string");
              changed.set(name, value);
            }));
  }

  @Test
  void theOpenPlanAndItsAttemptHaveTheirTypes() {
    ObjectNode head = item("head");
    head.putObject("plan").put("N", "1");

    assertRejected(Ledger::head, "plan", "string");
  }

  /// The head and the sort keys as DynamoDB stores them.
  @Test
  void itemsHaveTheDocumentedNamesAndValues() {
    Map<String, String> head = new HashMap<>();
    item("head")
        .propertyNames()
        .forEach(
            name -> head.put(name, SimulatedDynamoDb.attribute(item("head"), name).orElseThrow()));

    assertThat(head)
        .containsEntry("sequence", "1")
        .containsEntry("published", "1")
        .containsEntry("cleared", "2")
        .containsEntry("max_chunks", "1")
        .containsEntry("parkings", "1")
        .containsEntry("attempts", "1");
    assertThat(
            aws.aws.dynamodb.items("ledger").stream()
                .map(item -> SimulatedDynamoDb.attribute(item, "item").orElseThrow()))
        .contains(
            "head",
            "lease",
            "batch#000000000001",
            "staged#00000000-0000-0000-0000-000000000002",
            "parked#00000000-0000-0000-0000-000000000009");
  }

  private List<String> readFrom(String item) {
    List<String> names = new ArrayList<>(item(item).propertyNames());
    names.removeAll(item.equals("batch#") ? Set.of("pipeline", "item") : NOT_READ);
    return names;
  }

  /// The first item of the pipeline `planned` whose sort key begins with `prefix`.
  private ObjectNode item(String prefix) {
    return aws.aws.dynamodb.items("ledger").stream()
        .filter(
            item -> SimulatedDynamoDb.attribute(item, "pipeline").orElseThrow().equals("planned"))
        .filter(item -> SimulatedDynamoDb.attribute(item, "item").orElseThrow().startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  private void assertRejected(Function<Ledger, Object> read, String name, String type) {
    Supplier<Object> call = () -> read.apply(aws.ledger("planned"));
    assertThatIllegalStateException()
        .as(name)
        .isThrownBy(() -> aws.call(aws.aws, call))
        .withMessageStartingWith("ledger item {")
        .withMessageContaining("item=AttributeValue(S=")
        .withMessageEndingWith("has no %s attribute '%s'", type, name);
  }
}
