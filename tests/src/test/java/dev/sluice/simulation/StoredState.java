package dev.sluice.simulation;

import dev.sluice.batch.BatchName;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.PlanJson;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.event.Envelope;
import dev.sluice.layout.Layout;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedDynamoDb;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Reads the queue, the ledger and the bucket of a run.
final class StoredState {
  private final SimulatedAws aws;

  StoredState(SimulatedAws aws) {
    this.aws = aws;
  }

  /// Whether no work is left: nothing is queued, staged, parked, planned or unpublished.
  boolean isIdle() {
    return aws.sqs.depth(Fixture.QUEUE) == 0
        && items("staged#").isEmpty()
        && items("parked#").isEmpty()
        && items("head").stream().noneMatch(StoredState::isBusy);
  }

  private static boolean isBusy(ObjectNode head) {
    return head.has("plan")
        || !SimulatedDynamoDb.attribute(head, "sequence")
            .equals(SimulatedDynamoDb.attribute(head, "published"));
  }

  /// The items of the ledger, in the JSON of DynamoDB, whose name starts with `prefix`.
  List<ObjectNode> items(String prefix) {
    return aws.dynamodb.items(Fixture.LEDGER).stream()
        .filter(
            i -> SimulatedDynamoDb.attribute(i, "pipeline").equals(Optional.of(Fixture.PIPELINE)))
        .filter(i -> SimulatedDynamoDb.attribute(i, "item").orElse("").startsWith(prefix))
        .toList();
  }

  /// The chunks of the open plan that are not staged any more.
  List<String> plannedButNotStaged() {
    return items("head").stream()
        .flatMap(head -> SimulatedDynamoDb.attribute(head, "plan_key").stream())
        .flatMap(key -> PlanJson.read(new ObjectKey(key), aws.s3.bytes(key)).chunks().stream())
        .map(chunk -> "staged#" + chunk.id())
        .filter(item -> items(item).isEmpty())
        .toList();
  }

  /// A text for people.
  String state() {
    return "%d messages, ledger %s".formatted(aws.sqs.depth(Fixture.QUEUE), items(""));
  }

  /// The names of the batches in the ledger.
  List<String> committed() {
    return items("batch#").stream()
        .map(batch ->
            new BatchName(
                    Long.parseLong(SimulatedDynamoDb.attribute(batch, "sequence").orElseThrow()),
                    new PlanId(SimulatedDynamoDb.attribute(batch, "plan").orElseThrow()))
                .toString())
        .toList();
  }

  /// The ids of the messages in the chunks of all published batches.
  Set<String> planned() {
    return receipts().stream()
        .flatMap(receipt -> plan(receipt.manifest()).chunks().stream())
        .flatMap(chunk -> envelopes(chunk.key().value()).stream())
        .map(Envelope::messageId)
        .collect(Collectors.toSet());
  }

  Receipt receipt(String key) {
    return ManifestJson.readReceipt(new ObjectKey(key), aws.s3.bytes(key));
  }

  /// All receipts, by sequence.
  List<Receipt> receipts() {
    return aws.s3.keys("receipts/").stream().map(this::receipt).toList();
  }

  Plan plan(Manifest batch) {
    ObjectKey key = new Layout(Fixture.PIPELINE).plan(batch.plan());
    return PlanJson.read(key, aws.s3.bytes(key.value()));
  }

  /// The messages of a chunk.
  List<Envelope> envelopes(String key) {
    try (ChunkReader chunk = new ChunkReader(key, new ByteArrayInputStream(aws.s3.bytes(key)))) {
      return Stream.generate(chunk::next)
          .takeWhile(Optional::isPresent)
          .map(Optional::orElseThrow)
          .toList();
    }
  }

  /// The keys of the parked chunks in which no message contains `word`.
  List<String> parkedWithout(String word) {
    return items("parked#").stream()
        .map(parked -> SimulatedDynamoDb.attribute(parked, "key").orElseThrow())
        .filter(key -> envelopes(key).stream().noneMatch(e -> e.body().contains(word)))
        .toList();
  }
}
