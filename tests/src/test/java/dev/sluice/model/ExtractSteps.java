package dev.sluice.model;

import dev.sluice.model.State.Lane;
import dev.sluice.model.State.Message;
import dev.sluice.model.State.Queued;
import java.util.Set;

/// The steps of the lanes of Extract. A lane may be killed between any two steps.
///
/// Receiving messages and putting their chunk is one step, because a chunk has no effect before it
/// is staged. A received message can be received again, because its visibility timeout may expire
/// at any time.
final class ExtractSteps {
  /// The next step of a lane.
  enum Step {
    IDLE,
    STAGE,
    STAGE_AGAIN,
    DELETE;
    static final Step[] ALL = values();
  }

  private final Set<Rule> off;

  ExtractSteps(Set<Rule> off) {
    this.off = off;
  }

  void steps(State state, int number, StepConsumer steps) {
    if (state.lanes[number].step != Step.IDLE) {
      State next = state.copy();
      end(next.lanes[number]);
      steps.step("a lane is killed", next);
    }
    switch (state.lanes[number].step) {
      case IDLE -> fill(state, number, steps);
      case STAGE -> stage(state, number, steps);
      case STAGE_AGAIN -> stageAgain(state, number, steps);
      case DELETE -> delete(state, number, steps);
    }
  }

  private static void end(Lane lane) {
    lane.step = Step.IDLE;
    lane.chunk = 0;
    lane.toDelete = 0;
  }

  private void fill(State state, int number, StepConsumer steps) {
    int slot = 0;
    while (slot < state.scenario.chunks() && state.chunks[slot] != 0) {
      slot++;
    }
    if (slot == state.scenario.chunks()) {
      return;
    }
    int waiting = waiting(state);
    for (int some = waiting; some > 0; some = (some - 1) & waiting) {
      State next = state.copy();
      Lane lane = next.lanes[number];
      next.chunks[slot] = some;
      lane.chunk = slot;
      lane.toDelete = some;
      lane.step = Step.STAGE;
      if (off.contains(Rule.STAGE_BEFORE_DELETE)) {
        lane.step = Step.DELETE;
      }
      steps.step("a lane fills a chunk", next);
    }
  }

  private static int waiting(State state) {
    int waiting = 0;
    for (int m = 0; m < state.scenario.messages(); m++) {
      waiting |= state.messages[m].queued == Queued.WAITING ? IntSets.of(m) : 0;
    }
    return waiting;
  }

  private void stage(State state, int number, StepConsumer steps) {
    State next = state.copy();
    next.staged |= IntSets.of(next.lanes[number].chunk);
    next.due = off.contains(Rule.START_FOR_EARLIER_WORK);
    next.lanes[number].step = Step.DELETE;
    if (next.lanes[number].toDelete == 0) {
      end(next.lanes[number]);
    }
    steps.step("a lane stages its chunk", next);
    // With the rule, a lost reply is the same as a kill: the lane stops without deleting.
    if (off.contains(Rule.STAGE_ONCE)) {
      State noReply = state.copy();
      noReply.staged |= IntSets.of(noReply.lanes[number].chunk);
      noReply.lanes[number].step = Step.STAGE_AGAIN;
      steps.step("a lane stages its chunk, and the reply is lost", noReply);
    }
  }

  private static void stageAgain(State state, int number, StepConsumer steps) {
    State next = state.copy();
    next.staged |= IntSets.of(next.lanes[number].chunk);
    next.lanes[number].step = Step.DELETE;
    steps.step("a lane stages its chunk again", next);
  }

  private void delete(State state, int number, StepConsumer steps) {
    int message = Integer.numberOfTrailingZeros(state.lanes[number].toDelete);
    State deleted = state.copy();
    deleted.messages[message].queued = Queued.DELETED;
    if (off.contains(Rule.DELETE_ONLY_STAGED)) {
      deleteAll(deleted);
    }
    deleted(deleted, number, message);
    steps.step("a lane deletes a message", deleted);

    State failed = state.copy();
    deleted(failed, number, message);
    steps.step("a lane fails to delete a message", failed);
  }

  private static void deleteAll(State state) {
    for (Message message : state.messages) {
      message.queued = message.queued == Queued.WAITING ? Queued.DELETED : message.queued;
    }
  }

  private void deleted(State next, int number, int message) {
    Lane lane = next.lanes[number];
    lane.toDelete &= ~IntSets.of(message);
    if (lane.toDelete == 0) {
      if (off.contains(Rule.STAGE_BEFORE_DELETE)) {
        lane.step = Step.STAGE;
      } else {
        end(lane);
      }
    }
  }
}
