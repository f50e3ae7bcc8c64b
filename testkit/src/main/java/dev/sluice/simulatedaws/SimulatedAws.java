package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import java.util.random.RandomGenerator;

/// A simulation of SQS, S3, DynamoDB and Step Functions in one account. The services share only the
/// clock.
///
/// Not safe for concurrent use: only one thread may send a request at a time.
public final class SimulatedAws implements Wire {
  public final SimulatedSqs sqs;
  public final SimulatedS3 s3;
  public final SimulatedDynamoDb dynamodb;
  public final SimulatedStepFunctions stepFunctions = new SimulatedStepFunctions();

  /// Creates an empty account.
  ///
  /// @param random decides what the services leave undefined, such as the order of messages
  public SimulatedAws(SettableClock clock, RandomGenerator random, Behavior behavior) {
    this.sqs = new SimulatedSqs(clock, random, behavior);
    this.s3 = new SimulatedS3(clock);
    this.dynamodb = new SimulatedDynamoDb(clock, random, behavior);
  }

  /// The probabilities of unusual behavior that the contracts of the services allow.
  ///
  /// @param twice the probability that a receive returns a message that is in flight
  /// @param undeleted the probability that a receive returns a deleted message again, as from a
  ///   server of the queue that missed the delete
  /// @param shortPages the probability that a page of a query or scan has only one item
  /// @param missed the probability that a receive that does not wait misses a message
  /// @param stale the probability that an eventually consistent read misses the last write of an
  ///   item
  public record Behavior(
      double twice, double undeleted, double shortPages, double missed, double stale) {
    public static final Behavior PERFECT = new Behavior(0, 0, 0, 0, 0);
  }

  @Override
  public Response send(Request request) {
    return answer(request, false);
  }

  /// Handles a request.
  ///
  /// @param degraded whether the service does less than requested, where its contract allows it: it
  ///   processes half of a batch, returns one item per page, rejects a write because of a conflict,
  ///   or fails a copy after status 200
  public Response answer(Request request, boolean degraded) {
    return switch (request.service()) {
      case "sqs" -> sqs.answer(request, degraded);
      case "s3" -> s3.answer(request, degraded);
      case "sfn" -> stepFunctions.answer(request);
      case "dynamodb" -> dynamodb.answer(request, degraded);
      default -> throw new IllegalArgumentException("not simulated: " + request.http().host());
    };
  }

  /// Whether the parameter `degraded` of [#answer] has an effect on this operation.
  public static boolean canBeDegraded(String operation) {
    return switch (operation) {
      case "sqs ReceiveMessage",
          "sqs DeleteMessageBatch",
          "s3 PutObject if absent",
          "s3 CopyObject",
          "dynamodb PutItem",
          "dynamodb UpdateItem",
          "dynamodb DeleteItem",
          "dynamodb BatchGetItem",
          "dynamodb Query",
          "dynamodb Scan",
          "dynamodb TransactWriteItems" ->
          true;
      default -> false;
    };
  }
}
