package dev.sluice.interop;

import dev.sluice.aws.AwsClients;
import dev.sluice.contracts.LedgerContract;
import dev.sluice.ledger.Ledger;
import java.util.UUID;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Runs the ledger contract on DynamoDB Local.
@ExtendWith(EmbeddedAwsExtension.class)
final class DynamoLedgerTest extends LedgerContract {
  private static final String TABLE = "ledger-contract";

  private final AwsClients clients;

  DynamoLedgerTest(AwsClients clients) {
    this.clients = clients;
  }

  /// Each test uses its own pipeline, and so its own ledger, in one table.
  @Override
  protected Ledger empty() {
    DynamoDbClient dynamodb = clients.dynamodb();
    Tables.create(dynamodb, TABLE, "pipeline", "item");
    return clients.ledger(dynamodb, TABLE, "pipeline-" + UUID.randomUUID());
  }
}
