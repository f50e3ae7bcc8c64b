package dev.sluice.model;

import dev.sluice.model.Scenario.Event;
import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Queued;

/// The invariants. They are checked against the complete history, which is not visible to any
/// process.
final class Invariants {
  private Invariants() {}

  /// The violation in a state, or empty.
  static String violation(State state) {
    int safe = state.received | state.content(state.staged | state.parked);
    for (int m = 0; m < state.scenario.messages(); m++) {
      if (state.messages[m].queued == Queued.DELETED && !IntSets.has(safe, m)) {
        return "a message is lost: deleted, and neither staged, parked nor in a batch";
      }
    }
    if (state.open != State.NONE
        && !IntSets.isSubset(state.plan(state.open).chunks, state.staged)) {
      return "the open plan names a chunk that is not staged";
    }
    return "";
  }

  /// The violation that a commit of this plan causes, or empty. `state` is the state before the
  /// commit.
  static String violation(State state, Plan plan, AttemptResult result, boolean digest) {
    boolean sealed = state.open == State.NONE || state.plan(state.open).digest == digest;
    if (result.twice()) {
      return "an event is loaded twice by one batch";
    }
    if ((state.inBatches & plan.chunks) != 0) {
      return "a chunk is in two batches";
    }
    if (!sealed || digest != plan.digest) {
      return "a batch was processed with a digest that differs from that of the sealed plan";
    }
    for (int e = 0; e < state.scenario.events().size(); e++) {
      if (IntSets.has(state.content(plan.chunks), state.scenario.events().get(e).message())) {
        String violation = violation(state, result, e);
        if (!violation.isEmpty()) {
          return violation;
        }
      }
    }
    return "";
  }

  private static String violation(State state, AttemptResult result, int number) {
    Event event = state.scenario.events().get(number);
    boolean loads = IntSets.has(result.loaded(), number);
    boolean quarantines = IntSets.has(result.quarantined(), number);
    if (IntSets.has(state.received, event.message())) {
      return loads || quarantines ? "an event of a copy is loaded or quarantined again" : "";
    }
    if (event.isInvalid()) {
      return quarantines && !loads ? "" : "an invalid event is not in quarantine";
    }
    int before = state.loaded | (result.loaded() & ~IntSets.of(number));
    boolean repeats = false;
    for (int other = 0; other < state.scenario.events().size(); other++) {
      Event peer = state.scenario.events().get(other);
      if (IntSets.has(before, other) && event.id() != 0 && peer.id() == event.id()) {
        repeats = true;
        if (loads) {
          return "two events with one id are loaded";
        }
        if (other > number && IntSets.has(result.loaded(), other)) {
          return "of two events with one id in a batch, the later one is loaded";
        }
        if (quarantines != (peer.content() != event.content())) {
          return quarantines
              ? "a repeated event is in quarantine"
              : "a conflicting event is in no table and not in quarantine";
        }
      }
    }
    return repeats || loads
        ? ""
        : "an event is lost: it counts as a duplicate of an event that is not loaded";
  }

  /// Whether every message is in a batch or parked with poison, and no process has work left.
  static boolean isIdle(State state) {
    int done = state.received | state.content(state.parked);
    for (int m = 0; m < state.scenario.messages(); m++) {
      if (state.messages[m].queued != Queued.DELETED || !IntSets.has(done, m)) {
        return false;
      }
    }
    for (int c = 0; c < state.chunks.length; c++) {
      // The other messages of a parked chunk wait together with the poison.
      if (IntSets.has(state.parked, c) && !state.scenario.isPoison(state.chunks[c])) {
        return false;
      }
    }
    for (State.Lane lane : state.lanes) {
      if (lane.step != ExtractSteps.Step.IDLE) {
        return false;
      }
    }
    for (State.Tick tick : state.ticks) {
      if (tick.step != TransformSteps.Step.IDLE) {
        return false;
      }
    }
    return state.staged == 0
        && state.open == State.NONE
        && state.published == state.sequence
        && (state.sequence == 0 || state.receipt);
  }
}
