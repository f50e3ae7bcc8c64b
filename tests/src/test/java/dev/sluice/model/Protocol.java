package dev.sluice.model;

import dev.sluice.model.State.Message;
import dev.sluice.model.State.Queued;
import java.util.Set;

/// Every step that anybody can take: the world outside, the lanes, the ticks.
final class Protocol {
  private final Set<Rule> off;
  private final Lanes lanes;
  private final Ticks ticks;

  /// @param off the rules that do not hold
  Protocol(Set<Rule> off) {
    this.off = off;
    this.lanes = new Lanes(off);
    this.ticks = new Ticks(off);
  }

  void steps(State state, Steps told) {
    Steps steps =
        (name, next) -> {
          NormalForm.make(next);
          told.step(name, next);
        };
    queue(state, steps);
    outside(state, steps);
    operator(state, steps);
    for (int lane = 0; lane < state.scenario.lanes(); lane++) {
      lanes.steps(state, lane, steps);
    }
    for (int tick = 0; tick < state.scenario.ticks(); tick++) {
      ticks.steps(state, tick, steps);
    }
  }

  private static void queue(State state, Steps steps) {
    for (int m = 0; m < state.scenario.messages(); m++) {
      Queued queued = state.messages[m].queued;
      boolean again = queued == Queued.DELETED && state.scenario.redelivers();
      if (queued == Queued.UNSENT || again) {
        State next = state.copy();
        next.messages[m].queued = Queued.WAITING;
        steps.step(again ? "a deleted message comes again" : "a message is sent", next);
      }
    }
  }

  private void outside(State state, Steps steps) {
    if (state.scenario.deploys() && !state.digest) {
      State next = state.copy();
      next.digest = true;
      steps.step("the pipeline is deployed under another digest", next);
    }
    if (state.scenario.references() && !state.reference) {
      State next = state.copy();
      next.reference = true;
      steps.step("the reference table changes", next);
    }
    if (off.contains(Rule.WINDOW_FROM_SENT)) {
      State next = state.copy();
      for (Message message : next.messages) {
        message.receivedSince = 0;
      }
      steps.step("a day passes", next);
    }
  }

  private static void operator(State state, Steps steps) {
    for (int c = 0; c < state.chunks.length; c++) {
      if (Sets.has(state.parked, c)) {
        State next = state.copy();
        next.parked &= ~Sets.of(c);
        next.staged |= Sets.of(c);
        next.parkings = 0;
        steps.step("the operator unparks a chunk", next);
        if (state.scenario.isPoison(state.chunks[c])
            && Sets.within(state.chunks[c], state.content(state.parked & ~Sets.of(c)))) {
          // Only so that copies of poison do not use up the few chunks of a scenario.
          State without = state.copy();
          without.parked &= ~Sets.of(c);
          steps.step("the operator forgets a parked copy", without);
        }
      }
    }
  }
}
