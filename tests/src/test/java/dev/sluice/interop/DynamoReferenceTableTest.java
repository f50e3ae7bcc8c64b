package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.contracts.ReferenceTableContract;
import dev.sluice.failure.InvalidReference;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.reference.ReferenceTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Runs the reference table contract on DynamoDB Local.
@ExtendWith(EmbeddedAwsExtension.class)
final class DynamoReferenceTableTest extends ReferenceTableContract {
  private static final Reference REFERENCE =
      new Reference(
          "things",
          "things",
          KEY,
          Optional.empty(),
          List.of(),
          List.of(new ReferenceColumn("tier", "VARCHAR")));

  private final DynamoDbClient dynamodb;
  private final String name = "reference-" + UUID.randomUUID();
  private final ReferenceTable table;

  DynamoReferenceTableTest(AwsClients clients) {
    this.dynamodb = clients.dynamodb();
    Tables.create(dynamodb, name, KEY);
    this.table = new DynamoReferenceTable(dynamodb, name, REFERENCE.key(), REFERENCE.columnNames());
  }

  @Override
  protected ReferenceTable table() {
    return table;
  }

  @Test
  void readsEveryScalarAsTextAndIgnoresUnusedAttributes() {
    put(
        Map.of(
            "rate", AttributeValue.fromN("1.50"),
            "blocked", AttributeValue.fromBool(true),
            "since", AttributeValue.fromNul(true),
            "tags", AttributeValue.fromSs(List.of("x"))));

    assertThat(table.get(List.of("a")))
        .containsExactly(Map.of(KEY, "a", "rate", "1.5", "blocked", "true"));
  }

  @Test
  void rejectsAListInAColumnThatIsAScalar() {
    put(Map.of("tier", AttributeValue.fromL(List.of(AttributeValue.fromS("gold")))));

    assertThatThrownBy(table::scan)
        .isInstanceOf(InvalidReference.class)
        .hasMessage(
            "attribute tier of the item with customer_id 'a' is a list; a column holds a string,"
                + " a number or a boolean: correct the item");
  }

  private void put(Map<String, AttributeValue> attributes) {
    Map<String, AttributeValue> item = new HashMap<>(attributes);
    item.put(KEY, AttributeValue.fromS("a"));
    dynamodb.putItem(b -> b.tableName(name).item(item));
  }
}
