package dev.sluice.interop;

import dev.sluice.aws.AwsClients;
import dev.sluice.contracts.LedgerContract;
import dev.sluice.ledger.Ledger;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

@ExtendWith(Aws.class)
final class DynamoLedgerTest extends LedgerContract {
  private static final String TABLE = "ledger-contract";

  private final AwsClients clients;

  DynamoLedgerTest(AwsClients clients) {
    this.clients = clients;
  }

  /// Every pipeline has a ledger of its own, in one table.
  @Override
  protected Ledger empty() {
    DynamoDbClient dynamodb = clients.dynamodb();
    Tables.create(dynamodb, TABLE, "pipeline", "item");
    return clients.ledger(dynamodb, TABLE, "pipeline-" + UUID.randomUUID());
  }
}
