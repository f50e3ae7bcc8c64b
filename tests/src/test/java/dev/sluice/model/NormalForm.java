package dev.sluice.model;

import dev.sluice.model.State.Lane;
import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Tick;

/// Makes one state of those that differ only in the names of things.
///
/// Chunks and plans that nobody names are gone, the others are numbered in a fixed order, and equal
/// processes change places. Sequence numbers and counts of cleared plans are only compared for
/// being the same or the next, and a number of the past never becomes the present again; so all
/// that are further back than [#FAR] are alike, and the head's own need not grow. Without that the
/// states would never end.
@SuppressWarnings("EnumOrdinal") // any order of the processes will do
final class NormalForm {
  private static final int FAR = 2;

  private final State state;

  private NormalForm(State state) {
    this.state = state;
  }

  static void make(State state) {
    NormalForm form = new NormalForm(state);
    form.countFromNear();
    form.sortProcesses();
    form.renumberPlans();
    form.renumberChunks();
  }

  private void countFromNear() {
    while (state.sequence > FAR) {
      state.sequence--;
      state.published = Math.max(0, state.published - 1);
      for (Tick tick : state.ticks) {
        tick.readSequence = Math.max(0, tick.readSequence - 1);
        tick.publishes = Math.max(0, tick.publishes - 1);
      }
      for (Plan plan : state.plans) {
        plan.sequence = Math.max(0, plan.sequence - 1);
      }
    }
    while (state.cleared > 1) {
      state.cleared--;
      for (Tick tick : state.ticks) {
        tick.readCleared = Math.max(0, tick.readCleared - 1);
      }
    }
  }

  private void sortProcesses() {
    if (state.scenario.lanes() == 2 && order(state.lanes[0]) > order(state.lanes[1])) {
      Lane first = state.lanes[0];
      state.lanes[0] = state.lanes[1];
      state.lanes[1] = first;
    }
    if (state.scenario.ticks() == 2 && order(state.ticks[0]) > order(state.ticks[1])) {
      Tick first = state.ticks[0];
      state.ticks[0] = state.ticks[1];
      state.ticks[1] = first;
    }
  }

  private static int order(Lane lane) {
    return (((lane.step.ordinal() << 3) | lane.toDelete) << 2) | lane.chunk;
  }

  /// Plans count as equal here: two ticks alike but for their plans may be in either order, which
  /// costs states and loses none.
  private static int order(Tick tick) {
    int order = tick.step.ordinal();
    order = (order << 2) | tick.readSequence;
    order = (order << 2) | tick.readCleared;
    order = (order << 3) | tick.listed;
    order = (order << 2) | tick.publishes;
    order = (order << 1) | (tick.digest ? 1 : 0);
    return (order << 1) | (tick.reference ? 1 : 0);
  }

  /// The open plan first, then those of the ticks; a plan that nobody names is gone.
  private void renumberPlans() {
    int[] names = new int[State.PLANS + 1];
    int count = 0;
    for (int slot : new int[] {state.open, state.ticks[0].plan, state.ticks[1].plan}) {
      if (slot != State.NONE && names[slot] == State.NONE) {
        names[slot] = ++count;
      }
    }
    state.open = names[state.open];
    for (Tick tick : state.ticks) {
      tick.plan = names[tick.plan];
    }
    Plan[] old = state.plans.clone();
    for (int slot = 1; slot <= State.PLANS; slot++) {
      state.plans[slot - 1] = new Plan();
    }
    for (int slot = 1; slot <= State.PLANS; slot++) {
      if (names[slot] != State.NONE) {
        state.plans[names[slot] - 1] = old[slot - 1];
      }
    }
  }

  /// Slots that nobody names are given up; the others keep their order, which is their age.
  private void renumberChunks() {
    int named = state.staged | state.parked;
    for (Lane lane : state.lanes) {
      named |= lane.step == Lanes.Step.IDLE ? 0 : Sets.of(lane.chunk);
    }
    for (Tick tick : state.ticks) {
      named |= tick.listed;
    }
    for (Plan plan : state.plans) {
      named |= plan.chunks;
    }
    for (int c = state.chunks.length - 1; c >= 0; c--) {
      if (!Sets.has(named, c)) {
        giveUp(c);
      }
    }
  }

  private void giveUp(int chunk) {
    System.arraycopy(state.chunks, chunk + 1, state.chunks, chunk, state.chunks.length - 1 - chunk);
    state.chunks[state.chunks.length - 1] = 0;
    state.staged = without(state.staged, chunk);
    state.parked = without(state.parked, chunk);
    state.inBatches = without(state.inBatches, chunk);
    for (Lane lane : state.lanes) {
      lane.chunk -= lane.step != Lanes.Step.IDLE && lane.chunk > chunk ? 1 : 0;
    }
    for (Tick tick : state.ticks) {
      tick.listed = without(tick.listed, chunk);
    }
    for (Plan plan : state.plans) {
      plan.chunks = without(plan.chunks, chunk);
    }
  }

  private static int without(int set, int chunk) {
    int before = (1 << chunk) - 1;
    return (set & before) | ((set >>> 1) & ~before);
  }
}
