package dev.sluice.model;

import dev.sluice.model.State.Message;
import dev.sluice.model.State.Queued;
import java.util.Set;

/// All possible steps: of the queue, the environment, the operator, the lanes and the ticks.
final class Protocol {
  private final Set<Rule> off;
  private final ExtractSteps lanes;
  private final TransformSteps ticks;

  /// @param off the rules that are switched off
  Protocol(Set<Rule> off) {
    this.off = off;
    this.lanes = new ExtractSteps(off);
    this.ticks = new TransformSteps(off);
  }

  void steps(State state, StepConsumer consumer) {
    StepConsumer steps =
        (name, next) -> {
          CanonicalForm.apply(next);
          consumer.step(name, next);
        };
    queue(state, steps);
    environment(state, steps);
    operator(state, steps);
    for (int lane = 0; lane < state.scenario.lanes(); lane++) {
      lanes.steps(state, lane, steps);
    }
    for (int tick = 0; tick < state.scenario.ticks(); tick++) {
      ticks.steps(state, tick, steps);
    }
  }

  private static void queue(State state, StepConsumer steps) {
    for (int m = 0; m < state.scenario.messages(); m++) {
      Queued queued = state.messages[m].queued;
      boolean again = queued == Queued.DELETED && state.scenario.redelivers();
      if (queued == Queued.UNSENT || again) {
        State next = state.copy();
        next.messages[m].queued = Queued.WAITING;
        steps.step(again ? "a deleted message is delivered again" : "a message is sent", next);
      }
    }
  }

  private void environment(State state, StepConsumer steps) {
    if (state.scenario.deploys() && !state.digest) {
      State next = state.copy();
      next.digest = true;
      steps.step("the pipeline is deployed under a different digest", next);
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

  private static void operator(State state, StepConsumer steps) {
    for (int c = 0; c < state.chunks.length; c++) {
      if (IntSets.has(state.parked, c)) {
        State next = state.copy();
        next.parked &= ~IntSets.of(c);
        next.staged |= IntSets.of(c);
        next.parkings = 0;
        steps.step("the operator unparks a chunk", next);
        if (state.scenario.isPoison(state.chunks[c])
            && IntSets.isSubset(state.chunks[c], state.content(state.parked & ~IntSets.of(c)))) {
          // Otherwise copies of poison would use up the few chunks of a scenario.
          State without = state.copy();
          without.parked &= ~IntSets.of(c);
          steps.step("the operator deletes a parked copy", without);
        }
      }
    }
  }
}
