package dev.sluice.model;

import dev.sluice.model.Scenario.Event;
import dev.sluice.model.State.Plan;
import java.util.Set;

/// The result of an attempt at a plan: copies of messages are dropped, invalid events are
/// quarantined, and repeated events are dropped. It depends only on the plan.
///
/// @param loaded the set of loaded events
/// @param quarantined the set of quarantined events
/// @param twice whether an event was loaded more than once
record AttemptResult(int loaded, int quarantined, boolean twice) {
  static AttemptResult of(State state, Plan plan, Set<Rule> off) {
    AttemptResult result = new AttemptResult(0, 0, false);
    int messages = state.scenario.messages();
    for (int i = 0; i < messages; i++) {
      // Messages are numbered in the order in which they were sent.
      int m = off.contains(Rule.FIRST_BY_SENDING) ? messages - 1 - i : i;
      boolean inBatch = false;
      for (int c = 0; c < state.chunks.length; c++) {
        if (IntSets.has(plan.chunks, c) && IntSets.has(state.chunks[c], m)) {
          boolean copy =
              (inBatch && !off.contains(Rule.DROP_COPIES_IN_BATCH))
                  || (IntSets.has(plan.seenMessages, m) && !off.contains(Rule.DROP_SEEN_COPIES));
          result = copy ? result : result.and(state, plan, m, off);
          inBatch = true;
        }
      }
    }
    return result;
  }

  private AttemptResult and(State state, Plan plan, int message, Set<Rule> off) {
    int events = state.scenario.eventsOf(message);
    AttemptResult result = this;
    for (int e = 0; e < state.scenario.events().size(); e++) {
      result = IntSets.has(events, e) ? result.and(state.scenario, plan, e, off) : result;
    }
    return result;
  }

  private AttemptResult and(Scenario scenario, Plan plan, int number, Set<Rule> off) {
    Event event = scenario.events().get(number);
    if (event.isInvalid()) {
      return new AttemptResult(loaded, quarantined | IntSets.of(number), twice);
    }
    int known =
        (off.contains(Rule.DROP_REPEATED_IN_BATCH) ? 0 : loaded)
            | (off.contains(Rule.DROP_SEEN_EVENTS) ? 0 : plan.seenEvents);
    boolean conflict = false;
    for (int other = 0; other < scenario.events().size(); other++) {
      Event before = scenario.events().get(other);
      if (IntSets.has(known, other) && event.id() != 0 && before.id() == event.id()) {
        if (before.content() == event.content() || off.contains(Rule.COMPARE_CONTENT)) {
          return this;
        }
        conflict = true;
      }
    }
    return conflict
        ? new AttemptResult(loaded, quarantined | IntSets.of(number), twice)
        : new AttemptResult(
            loaded | IntSets.of(number), quarantined, twice || IntSets.has(loaded, number));
  }

  /// The events in the seen file of this batch.
  int seen(Set<Rule> off) {
    return off.contains(Rule.FORGET_BAD_EVENTS) ? loaded | quarantined : loaded;
  }
}
