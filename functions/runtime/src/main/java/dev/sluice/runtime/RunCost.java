package dev.sluice.runtime;

import java.time.Duration;

/// The estimated cost of one run of a stage in US dollars: Lambda's gigabyte-seconds and the
/// expensive requests. The cost of a batch is the sum of its runs.
///
/// List prices of us-east-1 without free tiers, x86_64, on demand, November 2026. Not included,
/// because each is less than a tenth of the total: reads of S3 and DynamoDB, KMS (one key with
/// cached data keys), cold starts, X-Ray, EventBridge. Storage, logs and alarms are billed by
/// month. `docs/cost.md` lists all costs, and says what it does not include.
final class RunCost {
  /// <https://aws.amazon.com/lambda/pricing/>
  private static final double GIGABYTE_SECOND = 0.000_016_666_7;

  private static final double INVOCATION = 0.20 / 1_000_000;

  /// <https://aws.amazon.com/step-functions/pricing/>
  private static final double TRANSITION = 25.00 / 1_000_000;

  /// <https://aws.amazon.com/sqs/pricing/>
  private static final double QUEUE_REQUEST = 0.40 / 1_000_000;

  /// <https://aws.amazon.com/s3/pricing/>: PUT and COPY
  private static final double OBJECT_WRITTEN = 5.00 / 1_000_000;

  /// <https://aws.amazon.com/dynamodb/pricing/on-demand/>: an item of up to 1 KB
  private static final double ITEM_WRITTEN = 0.625 / 1_000_000;

  private final double gigabytes;
  private double requests;

  /// @param transitions the state machine transitions that belong to the run
  RunCost(long megabytes, int transitions) {
    this.gigabytes = megabytes / 1024.0;
    this.requests = INVOCATION + transitions * TRANSITION;
  }

  void transitions(long count) {
    requests += count * TRANSITION;
  }

  void queueRequests(long count) {
    requests += count * QUEUE_REQUEST;
  }

  void objectsWritten(long count) {
    requests += count * OBJECT_WRITTEN;
  }

  void itemsWritten(long count) {
    requests += count * ITEM_WRITTEN;
  }

  double dollars(Duration took) {
    return requests + gigabytes * took.toMillis() / 1000 * GIGABYTE_SECOND;
  }
}
