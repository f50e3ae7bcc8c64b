package dev.sluice.model;

import dev.sluice.model.Scenario.Event;
import dev.sluice.model.State.Plan;
import java.util.Set;

/// What an attempt makes of a plan: copies of messages are dropped, then events that break a rule,
/// then repeated events. It knows nothing but the plan.
///
/// @param loaded events, a set
/// @param quarantined events, a set
/// @param twice whether one event was loaded more than once
record Judge(int loaded, int quarantined, boolean twice) {
  static Judge of(State state, Plan plan, Set<Rule> off) {
    Judge judge = new Judge(0, 0, false);
    int inBatch = 0;
    for (int c = 0; c < state.chunks.length; c++) {
      int content = Sets.has(plan.chunks, c) ? state.chunks[c] : 0;
      for (int m = 0; m < state.scenario.messages(); m++) {
        boolean copy =
            (Sets.has(inBatch, m) && !off.contains(Rule.DROP_COPIES_IN_BATCH))
                || (Sets.has(plan.seenMessages, m) && !off.contains(Rule.DROP_SEEN_COPIES));
        if (Sets.has(content, m) && !copy) {
          judge = judge.and(state, plan, m, off);
        }
      }
      inBatch |= content;
    }
    return judge;
  }

  private Judge and(State state, Plan plan, int message, Set<Rule> off) {
    int events = state.scenario.eventsOf(message);
    Judge judge = this;
    for (int e = 0; e < state.scenario.events().size(); e++) {
      judge = Sets.has(events, e) ? judge.and(state.scenario, plan, e, off) : judge;
    }
    return judge;
  }

  private Judge and(Scenario scenario, Plan plan, int number, Set<Rule> off) {
    Event event = scenario.events().get(number);
    if (event.bad()) {
      return new Judge(loaded, quarantined | Sets.of(number), twice);
    }
    int known =
        (off.contains(Rule.DROP_REPEATED_IN_BATCH) ? 0 : loaded)
            | (off.contains(Rule.DROP_SEEN_EVENTS) ? 0 : plan.seenEvents);
    boolean conflict = false;
    for (int other = 0; other < scenario.events().size(); other++) {
      Event before = scenario.events().get(other);
      if (Sets.has(known, other) && event.id() != 0 && before.id() == event.id()) {
        if (before.content() == event.content() || off.contains(Rule.COMPARE_CONTENT)) {
          return this;
        }
        conflict = true;
      }
    }
    return conflict
        ? new Judge(loaded, quarantined | Sets.of(number), twice)
        : new Judge(loaded | Sets.of(number), quarantined, twice || Sets.has(loaded, number));
  }

  /// The events that a seen file of this batch holds.
  int remembered(Set<Rule> off) {
    return off.contains(Rule.FORGET_BAD_EVENTS) ? loaded | quarantined : loaded;
  }
}
