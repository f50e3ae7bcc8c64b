package dev.sluice.interop;

import static dev.sluice.interop.SimulatedAdapters.NOON;
import static dev.sluice.interop.SimulatedAdapters.attempt;
import static dev.sluice.interop.SimulatedAdapters.batch;
import static dev.sluice.interop.SimulatedAdapters.chunk;
import static dev.sluice.interop.SimulatedAdapters.parked;
import static dev.sluice.interop.SimulatedAdapters.plan;

import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Each call of the ledger, a reference table and the queue, with arguments for which it takes
/// effect. The result shows whether it did.
@SuppressWarnings("ImmutableEnumChecker") // the calls have no state
enum AdapterCall {
  HEAD("p", Ledger::head),
  STAGE("p", effect(ledger -> ledger.stage(chunk(4)))),
  STAGED("p", Ledger::staged),
  TAKE_LEASE("p", ledger -> ledger.takeLease("tick", NOON, NOON.plusSeconds(90))),
  RELEASE_LEASE("p", effect(ledger -> ledger.releaseLease("tick"))),
  BREAK_LEASE("p", effect(Ledger::breakLease)),
  SEAL("p", ledger -> ledger.seal(ledger.head(), plan(6, 1))),
  SEAL_THE_FIRST_PLAN("new", ledger -> ledger.seal(Head.NEW, plan(6, 1))),
  RESEAL("planned", ledger -> ledger.reseal(plan(5, 1).id(), plan(6, 1), 4)),
  BEGIN_ATTEMPT("planned", ledger -> ledger.beginAttempt(plan(5, 2), attempt(5))),
  RETURN_ATTEMPT("planned", effect(ledger -> ledger.uncountAttempt(plan(5, 1).id()))),
  RECORD_ERROR("planned", effect(ledger -> ledger.recordError(plan(5, 1).id(), "poison"))),
  PARK("planned", ledger -> ledger.park(plan(5, 1).id(), parked(2))),
  PARKED("p", Ledger::parked),
  UNPARK("p", ledger -> ledger.unpark(chunk(9).id())),
  COMMIT("planned", ledger -> ledger.commit(batch(2, 5), List.of(chunk(2), chunk(3)))),
  BATCH("p", ledger -> ledger.batch(1)),
  BATCHES_SINCE("p", ledger -> ledger.batchesSince(NOON, 1)),
  PUBLISHED("p", effect(ledger -> ledger.published(2))),
  GET(aws -> aws.accounts().get(List.of("a", "b")), "accounts"),
  SCAN(aws -> aws.accounts().scan(), "accounts"),
  IS_EMPTY(aws -> aws.accounts().isEmpty(), "accounts"),
  PUT(
      aws -> {
        aws.accounts().put(Stream.of(Map.of("account", "c")));
        return true;
      },
      "accounts"),
  RECEIVE(aws -> aws.source().receive(10), SimulatedAdapters.QUEUE),
  DELETE(aws -> aws.source().delete(List.of("one#1", "two#1")), SimulatedAdapters.QUEUE);

  /// What the message about a failure contains.
  final String about;

  private final Function<SimulatedAdapters, Object> call;

  AdapterCall(String pipeline, Function<Ledger, Object> call) {
    this(aws -> call.apply(aws.ledger(pipeline)), "ledger ledger, pipeline " + pipeline + ": ");
  }

  AdapterCall(Function<SimulatedAdapters, Object> call, String about) {
    this.call = call;
    this.about = about;
  }

  private static Function<Ledger, Object> effect(Consumer<Ledger> call) {
    return ledger -> {
      call.accept(ledger);
      return true;
    };
  }

  Object on(SimulatedAdapters aws) {
    return call.apply(aws);
  }
}
