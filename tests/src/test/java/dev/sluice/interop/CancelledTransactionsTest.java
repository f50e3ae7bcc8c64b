package dev.sluice.interop;

import static dev.sluice.interop.SimulatedAdapters.batch;
import static dev.sluice.interop.SimulatedAdapters.chunk;
import static dev.sluice.interop.SimulatedAdapters.parked;
import static dev.sluice.interop.SimulatedAdapters.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.failure.TransientFailure;
import dev.sluice.ledger.Ledger;
import dev.sluice.simulatedaws.Response;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// What a transaction of the ledger returns for the reasons of its cancellation.
final class CancelledTransactionsTest {
  /// One failed condition is enough to reject the transaction, whatever the other reasons are.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ConditionalCheckFailed None None",
        "None ConditionalCheckFailed None",
        "None None ConditionalCheckFailed",
        "TransactionConflict None ConditionalCheckFailed",
        "ConditionalCheckFailed None ThrottlingError"
      })
  void aFailedConditionRejectsATransaction(String codes) {
    transactions()
        .forEach((call, transaction) ->
            assertThat(cancelled(transaction, codes)).as("%s", call).isEqualTo(false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TransactionConflict None None",
        "None None TransactionConflict",
        "None ProvisionedThroughputExceeded None",
        "None ThrottlingError None",
        "ItemCollectionSizeLimitExceeded None None",
        "None None ValidationError",
        "None None None"
      })
  void aTransactionThatIsCancelledForAnotherReasonFails(String codes) {
    transactions()
        .forEach((call, transaction) ->
            assertThatThrownBy(() -> cancelled(transaction, codes))
                .as("%s", call)
                .isInstanceOf(TransientFailure.class)
                .hasCauseInstanceOf(TransactionCanceledException.class)
                .hasMessageStartingWith("ledger ledger, pipeline planned: ")
                .hasMessageEndingWith(": cancelled for [%s]".formatted(codes.replace(" ", ", "))));
  }

  private static Map<AdapterCall, Predicate<Ledger>> transactions() {
    Map<AdapterCall, Predicate<Ledger>> calls = new EnumMap<>(AdapterCall.class);
    calls.put(AdapterCall.PARK, ledger -> ledger.park(plan(5, 1).id(), parked(2)));
    calls.put(AdapterCall.UNPARK, ledger -> ledger.unpark(chunk(9).id()));
    calls.put(AdapterCall.COMMIT, ledger -> ledger.commit(batch(2, 5), List.of(chunk(2))));
    return calls;
  }

  private static boolean cancelled(Predicate<Ledger> transaction, String codes) {
    SimulatedAdapters aws = new SimulatedAdapters();
    String reasons =
        Stream.of(codes.split(" ", -1)).map("{\"Code\": \"%s\"}"::formatted).toList().toString();
    Response cancelled =
        SimulatedAdapters.json(
            400,
            """
            {"__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
             "Message": "cancelled", "CancellationReasons": %s}\
            """
                .formatted(reasons));
    return aws.call(
        request ->
            request.operation().equals("dynamodb TransactWriteItems")
                ? cancelled
                : aws.aws.send(request),
        () -> transaction.test(aws.ledger("planned")));
  }
}
