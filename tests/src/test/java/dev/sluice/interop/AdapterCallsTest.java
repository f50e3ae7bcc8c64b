package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.TransientFailure;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import software.amazon.awssdk.core.exception.SdkException;
import tools.jackson.databind.JsonNode;

/// The guards of the adapters, on every call: failures are reported and repeated as documented,
/// reads are consistent and writes have a condition.
final class AdapterCallsTest {
  /// A failure of AWS that persists, with the number of requests that one call then makes.
  @SuppressWarnings("ImmutableEnumChecker") // the wires have no state
  enum Failure {
    SERVICE(3, request -> Response.failure(request, 500)),
    THROTTLED(3, request -> Response.failure(request, 503)),
    DENIED(
        1,
        _ ->
            SimulatedAdapters.json(
                400,
                "{\"__type\": \"com.amazonaws#AccessDeniedException\", \"message\": \"not authorized\"}")),
    NO_CONNECTION(
        3,
        _ -> {
          throw new IOException("Connection refused");
        });

    final int tries;
    final Wire wire;

    Failure(int tries, Wire wire) {
      this.tries = tries;
      this.wire = wire;
    }
  }

  /// A call makes no other requests, such as a read to check a write that succeeded.
  @ParameterizedTest
  @CsvSource({
    "HEAD, GetItem",
    "STAGE, PutItem",
    "STAGED, Query",
    "TAKE_LEASE, UpdateItem",
    "RELEASE_LEASE, DeleteItem",
    "BREAK_LEASE, DeleteItem",
    "SEAL, GetItem GetItem UpdateItem",
    "SEAL_THE_FIRST_PLAN, GetItem PutItem UpdateItem",
    "RESEAL, UpdateItem",
    "BEGIN_ATTEMPT, UpdateItem",
    "RETURN_ATTEMPT, UpdateItem",
    "RECORD_ERROR, UpdateItem",
    "PARK, TransactWriteItems",
    "PARKED, Query",
    "UNPARK, GetItem TransactWriteItems",
    "COMMIT, GetItem TransactWriteItems",
    "BATCH, GetItem",
    "BATCHES_SINCE, Query",
    "PUBLISHED, UpdateItem",
    "GET, BatchGetItem",
    "SCAN, Scan",
    "IS_EMPTY, Scan",
    "PUT, BatchWriteItem",
    "RECEIVE, ReceiveMessage",
    "DELETE, DeleteMessageBatch"
  })
  void aCallMakesTheseRequests(AdapterCall call, String operations) {
    SimulatedAdapters aws = undisturbed(call);

    assertThat(aws.requests.stream().map(request -> request.operation().replaceFirst("\\w+ ", "")))
        .containsExactlyElementsOf(List.of(operations.split(" ", -1)));
  }

  /// Each request of a call fails in turn, and so do all requests after it.
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "RELEASE_LEASE")
  void aFailureOfEachRequestIsTransientAndNamesWhatWasCalled(AdapterCall call) {
    int requests = requestsOf(call);
    for (Failure failure : Failure.values()) {
      for (int healthy = 0; healthy < requests; healthy++) {
        SimulatedAdapters aws = new SimulatedAdapters();
        Wire failing = after(healthy, aws, failure.wire);

        assertThatExceptionOfType(TransientFailure.class)
            .as("%s after %d requests", failure, healthy)
            .isThrownBy(() -> aws.call(failing, () -> call.on(aws)))
            .withMessageContaining(call.about)
            .withCauseInstanceOf(SdkException.class)
            .satisfies(thrown ->
                assertThat(thrown)
                    .hasMessageContaining(
                        Objects.requireNonNull(
                            Objects.requireNonNull(thrown.getCause()).getMessage())));

        // A repeated `stage` could stage a chunk that is already committed.
        int tries = call == AdapterCall.STAGE ? 1 : failure.tries;
        assertThat(aws.requests).as("requests").hasSize(healthy + tries);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aLeaseThatIsNotReleasedIsNoFailure(Failure failure) {
    SimulatedAdapters aws = new SimulatedAdapters();

    aws.call(failure.wire, () -> AdapterCall.RELEASE_LEASE.on(aws));

    assertThat(aws.requests).hasSize(failure.tries);
  }

  /// The last request takes effect, and its response is lost.
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"STAGE", "RECEIVE"})
  void aLostResponseDoesNotChangeTheResult(AdapterCall call) {
    SimulatedAdapters undisturbed = new SimulatedAdapters();
    Object expected = undisturbed.call(undisturbed.aws, () -> call.on(undisturbed));
    int last = undisturbed.requests.size();
    SimulatedAdapters aws = new SimulatedAdapters();
    Wire losing =
        request -> {
          Response response = aws.aws.send(request);
          if (aws.requests.size() == last) {
            throw new IOException("Connection reset");
          }
          return response;
        };

    assertThat(aws.call(losing, () -> call.on(aws))).isEqualTo(expected);
    assertThat(aws.requests).hasSizeGreaterThan(last);
  }

  /// The service also returns one item per page, or half of a batch, for the first three requests.
  @ParameterizedTest
  @EnumSource
  void everyReadIsConsistent(AdapterCall call) {
    SimulatedAdapters aws = new SimulatedAdapters();

    aws.call(
        request -> aws.aws.answer(request, isRead(request.operation()) && aws.requests.size() <= 3),
        () -> call.on(aws));

    for (int i = 0; i < aws.requests.size(); i++) {
      JsonNode body = aws.bodies().get(i);
      if (isRead(aws.requests.get(i).operation())) {
        assertThat(body.findValues("ConsistentRead"))
            .as("%s", body)
            .singleElement()
            .matches(JsonNode::asBoolean);
      }
    }
  }

  private static boolean isRead(String operation) {
    return Stream.of("GetItem", "BatchGetItem", "Query", "Scan")
        .anyMatch(read -> operation.equals("dynamodb " + read));
  }

  /// The chunk of `STAGE` is new, and `BREAK_LEASE` deletes any lease. The other write without a
  /// condition sets `parkings`, in the transaction that unparks a chunk. Rows of a reference table
  /// are replaced.
  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"STAGE", "BREAK_LEASE"})
  void everyWriteHasACondition(AdapterCall call) {
    SimulatedAdapters aws = undisturbed(call);

    List<JsonNode> writes = new ArrayList<>();
    aws.bodies()
        .forEach(body -> {
          if (body.has("TransactItems")) {
            body.get("TransactItems").forEach(item -> item.forEach(writes::add));
          } else if (body.has("Item") || (body.has("Key") && !body.has("ConsistentRead"))) {
            writes.add(body);
          }
        });
    assertThat(writes)
        .allSatisfy(write -> {
          if (!write.path("UpdateExpression").asString("").equals("SET parkings = :zero")) {
            assertThat(write.path("ConditionExpression").asString("")).isNotEmpty();
          }
        });
  }

  private static int requestsOf(AdapterCall call) {
    return undisturbed(call).requests.size();
  }

  /// The adapters after a call that no failure disturbed.
  private static SimulatedAdapters undisturbed(AdapterCall call) {
    SimulatedAdapters aws = new SimulatedAdapters();
    aws.call(aws.aws, () -> call.on(aws));
    return aws;
  }

  private static Wire after(int healthy, SimulatedAdapters aws, Wire failure) {
    return request ->
        aws.requests.size() <= healthy ? aws.aws.send(request) : failure.send(request);
  }
}
