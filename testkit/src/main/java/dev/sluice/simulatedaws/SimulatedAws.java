package dev.sluice.simulatedaws;

import dev.sluice.fakes.SettableClock;
import java.util.random.RandomGenerator;

/// SQS, S3 and DynamoDB of one account, with nothing between them but the clock.
///
/// Not safe for threads: whoever sends takes turns.
public final class SimulatedAws implements Wire {
  public final SimulatedSqs sqs;
  public final SimulatedS3 s3;
  public final SimulatedDynamoDb dynamodb;

  /// An empty account.
  ///
  /// @param random what the services leave open: which messages come first, whether one comes twice
  public SimulatedAws(SettableClock clock, RandomGenerator random, Manners manners) {
    this.sqs = new SimulatedSqs(clock, random, manners);
    this.s3 = new SimulatedS3(clock);
    this.dynamodb = new SimulatedDynamoDb(clock, random, manners);
  }

  /// How often services make use of what they may do.
  ///
  /// @param twice the share of receives that bring a message which another receiver has
  /// @param undeleted the share of receives that bring a deleted message once more, from a server
  ///   of the queue that has missed the delete
  /// @param shortPages the share of pages of a query or scan that have one item
  /// @param stale the share of reads not asked to be consistent that miss the last write
  public record Manners(double twice, double undeleted, double shortPages, double stale) {
    public static final Manners PERFECT = new Manners(0, 0, 0, 0);
  }

  @Override
  public Response send(Request request) {
    return answer(request, false);
  }

  /// Answers a request.
  ///
  /// @param grudging does less than it was asked for, where the service may: some entries of a
  ///   batch, one item a page; refuses, for a conflict, what can conflict; and breaks off a copy
  ///   that it has begun to answer
  public Response answer(Request request, boolean grudging) {
    return switch (request.service()) {
      case "sqs" -> sqs.answer(request, grudging);
      case "s3" -> s3.answer(request, grudging);
      case "dynamodb" -> dynamodb.answer(request, grudging);
      default -> throw new IllegalArgumentException("no service at " + request.http().host());
    };
  }

  /// Whether [#answer] of this operation can be grudging.
  public static boolean canBeGrudging(String operation) {
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
