package dev.sluice.alarms;

import dev.sluice.alarms.SimulatedStack.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A problem of a stack, whose values are just above the limits, and the alarm that it must raise.
///
/// @param alarm the logical id
/// @param busy whether there are messages
record Problem(String alarm, String what, boolean busy, Change change) {
  private static final String NO_EXECUTION = "AWS/States";
  private static final String NO_LOG_LINE = "Sluice";

  private static final List<Problem> PROBLEMS =
      List.of(
          problem("InFlight", "AWS/SQS ApproximateNumberOfMessagesNotVisible QueueName", 100_001),
          new Problem(
              "NoCommit",
              "no tick runs, and the queue is empty",
              false,
              new Change(
                  Map.of("AWS/SQS ApproximateNumberOfMessagesVisible QueueName", 0.0),
                  Set.of(NO_LOG_LINE))),
          new Problem(
              "NoCommit",
              "chunks are staged, and no batch is published",
              true,
              new Change(Map.of("Sluice staged Name", 5.0), Set.of("Sluice batches"))),
          new Problem(
              "NoCommit",
              "messages wait, and no chunk is staged",
              true,
              new Change(Map.of("Sluice staged Name", 0.0), Set.of("Sluice batches"))),
          problem("StagedBacklog", "Sluice staged Name", 21),
          problem("FailedTicks", "AWS/States ExecutionsFailed StateMachineArn", 1),
          problem("FailedTicks", "AWS/States ExecutionsTimedOut StateMachineArn", 1),
          new Problem(
              "FailedTicks",
              "the scheduled invocation of Extract fails",
              false,
              new Change(
                  Map.of("AWS/Lambda Errors ExtractName", 1.0), Set.of(NO_LOG_LINE, NO_EXECUTION))),
          problem("InvariantsViolated", "Sluice invariants_violated Name", 1),
          problem("ParkedChunks", "Sluice parked Name", 1),
          problem(
              "DeadLetters", "AWS/SQS ApproximateNumberOfMessagesVisible DeadLetterQueueName", 1),
          problem("Throttles", "AWS/Lambda Throttles ExtractName", 1),
          problem("Throttles", "AWS/Lambda Throttles TransformName", 1),
          problem("Throttles", "AWS/Lambda Throttles LoadName", 1),
          problem("Throttles", "AWS/DynamoDB ReadThrottleEvents LedgerName", 1),
          problem("Throttles", "AWS/DynamoDB WriteThrottleEvents LedgerName", 1),
          problem("TransformSlow", "AWS/Lambda Duration TransformName", 240_001),
          problem("QuarantineRate", "Sluice quarantined Name", 51),
          problem("OrdersPaymentSuccess", "Sluice payments_declined Name", 21));

  /// @param frequency the schedule interval
  static List<Problem> all(String frequency) {
    List<Problem> all = new ArrayList<>(PROBLEMS);
    all.add(
        problem(
            "OldestMessage",
            "AWS/SQS ApproximateAgeOfOldestMessage QueueName",
            SimulatedStack.maxAge(frequency) + 1));
    return all;
  }

  private static Problem problem(String alarm, String metric, double value) {
    return new Problem(alarm, metric, true, new Change(Map.of(metric, value), Set.of()));
  }
}
