package dev.sluice.operate;

import static dev.sluice.aws.Calls.call;

import dev.sluice.batch.Receipt;
import dev.sluice.ledger.Ledger;
import dev.sluice.operate.Receipts.Stored;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/// One tick of a stack: an execution of its state machine with one lane, as if the schedule had
/// found a full chunk.
final class StackTick {
  private static final Duration POLL = Duration.ofSeconds(1);

  /// The clocks of this machine and of the functions may differ by this much.
  private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(5);

  private final SfnClient stepFunctions;
  private final String stateMachineArn;
  private final Ledger ledger;
  private final Receipts receipts;

  StackTick(SfnClient stepFunctions, String stateMachineArn, Ledger ledger, Receipts receipts) {
    this.stepFunctions = stepFunctions;
    this.stateMachineArn = stateMachineArn;
    this.ledger = ledger;
    this.receipts = receipts;
  }

  TickResult run(TickListener listener) {
    long before = ledger.head().published();
    Instant started = Instant.now();
    String execution =
        call(
            "start an execution of " + stateMachineArn,
            () ->
                stepFunctions
                    .startExecution(b -> b.stateMachineArn(stateMachineArn).input("{\"lanes\": 1}"))
                    .executionArn());
    awaitEnd(execution, listener);
    List<Receipt> published =
        receipts.since(Optional.of(started.minus(CLOCK_TOLERANCE))).stream()
            .map(Stored::receipt)
            .filter(receipt -> receipt.manifest().sequence() > before)
            .toList();
    published.forEach(r ->
        listener.published(
            r, Duration.ofMillis(r.manifest().took().values().stream().mapToLong(n -> n).sum())));
    return new TickResult(published.size(), false);
  }

  private void awaitEnd(String execution, TickListener listener) {
    while (true) {
      DescribeExecutionResponse state =
          call(
              "describe execution " + execution,
              () -> stepFunctions.describeExecution(b -> b.executionArn(execution)));
      if (state.status() == ExecutionStatus.SUCCEEDED) {
        return;
      }
      if (state.status() != ExecutionStatus.RUNNING) {
        throw new OperationFailed(
            "the tick %s: %s: %s"
                .formatted(
                    state.statusAsString().toLowerCase(Locale.ROOT), state.error(), state.cause()));
      }
      listener.running();
      try {
        Thread.sleep(POLL);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new OperationFailed("interrupted; the tick continues: " + execution);
      }
    }
  }
}
