package dev.sluice.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.transform.DynamoReferenceTable;
import dev.sluice.transform.ReferenceTable;
import dev.sluice.transform.ReferenceTableContract;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@ExtendWith(Aws.class)
final class DynamoReferenceTableTest extends ReferenceTableContract {
  private final DynamoDbClient dynamodb;
  private final String name = "reference-" + UUID.randomUUID();
  private final ReferenceTable table;

  DynamoReferenceTableTest(AwsClients clients) {
    this.dynamodb = clients.dynamodb();
    Tables.create(dynamodb, name, KEY);
    this.table = new DynamoReferenceTable(dynamodb, name, KEY);
  }

  @Override
  protected ReferenceTable table() {
    return table;
  }

  @Test
  void readsEveryScalarAsTextAndPassesOverTheRest() {
    dynamodb.putItem(b ->
        b.tableName(name)
            .item(
                Map.of(
                    KEY,
                    AttributeValue.fromS("a"),
                    "rate",
                    AttributeValue.fromN("1.50"),
                    "blocked",
                    AttributeValue.fromBool(true),
                    "since",
                    AttributeValue.fromNul(true),
                    "tags",
                    AttributeValue.fromSs(List.of("x")))));

    assertThat(table.get(List.of("a")))
        .containsExactly(Map.of(KEY, "a", "rate", "1.5", "blocked", "true"));
  }
}
