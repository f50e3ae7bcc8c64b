package dev.sluice.model;

import dev.sluice.model.Scenario.Event;
import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Queued;

/// What must be so, judged by what no process sees: all that ever happened.
final class Truth {
  private Truth() {}

  /// What is wrong with a state, or empty.
  static String wrong(State state) {
    int safe = state.received | state.content(state.staged | state.parked);
    for (int m = 0; m < state.scenario.messages(); m++) {
      if (state.messages[m].queued == Queued.DELETED && !Sets.has(safe, m)) {
        return "a message is lost: deleted, and neither staged, parked nor in a batch";
      }
    }
    if (state.open != State.NONE && !Sets.within(state.plan(state.open).chunks, state.staged)) {
      return "the open plan names a chunk that is not staged";
    }
    return "";
  }

  /// What is wrong with committing this plan now, or empty. To be asked before the commit changes
  /// the state.
  static String wrong(State state, Plan plan, Judge judge, boolean digest) {
    boolean sealed = state.open == State.NONE || state.plan(state.open).digest == digest;
    if (judge.twice()) {
      return "an event is loaded twice by one batch";
    }
    if ((state.inBatches & plan.chunks) != 0) {
      return "a chunk is in two batches";
    }
    if (!sealed || digest != plan.digest) {
      return "a batch was made under another digest than the sealed plan's";
    }
    for (int e = 0; e < state.scenario.events().size(); e++) {
      if (Sets.has(state.content(plan.chunks), state.scenario.events().get(e).message())) {
        String wrong = wrong(state, judge, e);
        if (!wrong.isEmpty()) {
          return wrong;
        }
      }
    }
    return "";
  }

  private static String wrong(State state, Judge judge, int number) {
    Event event = state.scenario.events().get(number);
    boolean loads = Sets.has(judge.loaded(), number);
    boolean quarantines = Sets.has(judge.quarantined(), number);
    if (Sets.has(state.received, event.message())) {
      return loads || quarantines ? "an event of a copy counts again" : "";
    }
    if (event.bad()) {
      return quarantines && !loads ? "" : "a bad event is not in quarantine";
    }
    int before = state.loaded | (judge.loaded() & ~Sets.of(number));
    boolean repeats = false;
    for (int other = 0; other < state.scenario.events().size(); other++) {
      Event peer = state.scenario.events().get(other);
      if (Sets.has(before, other) && event.id() != 0 && peer.id() == event.id()) {
        repeats = true;
        if (loads) {
          return "two events with one id are loaded";
        }
        if (quarantines != (peer.content() != event.content())) {
          return quarantines
              ? "a repeated event is in quarantine"
              : "a conflicting event is in no table and not in quarantine";
        }
      }
    }
    return repeats || loads ? "" : "an event is lost: taken for a repetition of nothing loaded";
  }

  /// Whether all that was sent is where it belongs and nobody is at work.
  static boolean isIdle(State state) {
    int done = state.received | state.content(state.parked);
    for (int m = 0; m < state.scenario.messages(); m++) {
      if (state.messages[m].queued != Queued.DELETED || !Sets.has(done, m)) {
        return false;
      }
    }
    for (int c = 0; c < state.chunks.length; c++) {
      // A parked chunk is a whole chunk: what shares it with poison waits with it.
      if (Sets.has(state.parked, c) && !state.scenario.isPoison(state.chunks[c])) {
        return false;
      }
    }
    for (State.Lane lane : state.lanes) {
      if (lane.step != Lanes.Step.IDLE) {
        return false;
      }
    }
    for (State.Tick tick : state.ticks) {
      if (tick.step != Ticks.Step.IDLE) {
        return false;
      }
    }
    return state.staged == 0
        && state.open == State.NONE
        && state.published == state.sequence
        && (state.sequence == 0 || state.receipt);
  }
}
