package dev.sluice.aws;

import static dev.sluice.aws.DynamoItem.value;

import dev.sluice.aws.LedgerTable.Update;
import dev.sluice.batch.AttemptId;
import dev.sluice.batch.PlanId;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.OpenPlan;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Every conditional change of the head: its update expression and its condition.
final class HeadUpdates {
  private static final Map<String, String> NAMES =
      Map.of("#plan", "plan", "#error", "error", "#sequence", "sequence");

  private static final String SET_PLAN =
      "SET #plan = :plan, plan_key = :key, plan_sha256 = :sha, attempts = :attempts, #error = :error";

  private static final String CLEAR_PLAN =
      "REMOVE #plan, plan_key, plan_sha256, attempts, attempt, #error";

  private HeadUpdates() {}

  /// Opens a plan if nothing has changed since `read`.
  static Update seal(Head read, OpenPlan plan) {
    return new Update(
        SET_PLAN,
        "attribute_not_exists(#plan) AND #sequence = :n AND published = :n AND cleared = :cleared",
        NAMES,
        DynamoItem.join(
            plan(plan), Map.of(":n", value(read.sequence()), ":cleared", value(read.cleared()))));
  }

  static Update reseal(PlanId old, OpenPlan plan, int maxChunks) {
    return new Update(
        SET_PLAN + ", max_chunks = :max",
        "#plan = :old",
        Map.of("#plan", "plan", "#error", "error"),
        DynamoItem.join(plan(plan), Map.of(":old", value(old.value()), ":max", value(maxChunks))));
  }

  private static Map<String, AttributeValue> plan(OpenPlan plan) {
    return Map.of(
        ":plan", value(plan.id().value()),
        ":key", value(plan.key().value()),
        ":sha", value(plan.sha256().hex()),
        ":attempts", value(plan.attempts()),
        ":error", value(plan.error()));
  }

  static Update beginAttempt(OpenPlan plan, AttemptId attempt) {
    return new Update(
        "SET attempts = :attempts, attempt = :attempt",
        "#plan = :plan AND attempts = :before",
        Map.of("#plan", "plan"),
        Map.of(
            ":plan", value(plan.id().value()),
            ":attempt", value(attempt.value()),
            ":attempts", value(plan.attempts()),
            ":before", value(plan.attempts() - 1)));
  }

  static Update uncountAttempt(PlanId plan) {
    return new Update(
        "SET attempts = attempts - :one",
        "#plan = :plan AND attempts > :zero",
        Map.of("#plan", "plan"),
        Map.of(":plan", value(plan.value()), ":one", value(1), ":zero", value(0)));
  }

  static Update recordError(PlanId plan, String error) {
    return new Update(
        "SET #error = :error",
        "#plan = :plan",
        Map.of("#plan", "plan", "#error", "error"),
        Map.of(":plan", value(plan.value()), ":error", value(error)));
  }

  static Update park(PlanId plan) {
    return new Update(
        "SET cleared = cleared + :one, parkings = parkings + :one, max_chunks = :one " + CLEAR_PLAN,
        "#plan = :plan",
        Map.of("#plan", "plan", "#error", "error"),
        Map.of(":plan", value(plan.value()), ":one", value(1)));
  }

  static Update commit(CommittedBatch batch, int maxChunks) {
    return new Update(
        "SET #sequence = :n, cleared = cleared + :one, parkings = :zero, max_chunks = :max "
            + CLEAR_PLAN,
        "#sequence = :before AND #plan = :plan",
        NAMES,
        Map.of(
            ":n", value(batch.sequence()),
            ":before", value(batch.sequence() - 1),
            ":plan", value(batch.plan().value()),
            ":one", value(1),
            ":zero", value(0),
            ":max", value(maxChunks)));
  }

  static Update published(long sequence) {
    return new Update(
        "SET #published = :n",
        "#published = :before",
        Map.of("#published", "published"),
        Map.of(":n", value(sequence), ":before", value(sequence - 1)));
  }
}
