package dev.sluice.model;

import dev.sluice.model.State.Lane;
import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Tick;

/// Maps states that differ only in names to one state.
///
/// Chunks and plans that are no longer referenced are removed, the others are numbered in a fixed
/// order, and equal processes are sorted.
///
/// Sequences and counts of cleared plans never decrease, and the protocol only tests whether two of
/// them are equal or consecutive. All values that are more than [#FAR] behind those of the head are
/// therefore equivalent, and the values of the head can stay constant. Otherwise the number of
/// states would be infinite.
@SuppressWarnings("EnumOrdinal") // Any order of the processes is correct.
final class CanonicalForm {
  private static final int FAR = 2;

  private final State state;

  private CanonicalForm(State state) {
    this.state = state;
  }

  static void apply(State state) {
    CanonicalForm form = new CanonicalForm(state);
    form.limitNumbers();
    form.sortProcesses();
    form.renumberPlans();
    form.renumberChunks();
  }

  private void limitNumbers() {
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

  /// Compares ticks without their plans. Two ticks that differ only in their plans may end up in
  /// either order: this makes the search visit some equivalent states twice, but it omits none.
  private static int order(Tick tick) {
    int order = tick.step.ordinal();
    order = (order << 2) | tick.readSequence;
    order = (order << 2) | tick.readCleared;
    order = (order << 3) | tick.listed;
    order = (order << 2) | tick.publishes;
    order = (order << 1) | (tick.digest ? 1 : 0);
    return (order << 1) | (tick.reference ? 1 : 0);
  }

  /// Numbers the open plan first, then the plans of the ticks, and removes the others.
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

  /// Removes the chunks that are not referenced. The others keep their order, which is by age.
  private void renumberChunks() {
    int referenced = state.staged | state.parked;
    for (Lane lane : state.lanes) {
      referenced |= lane.step == ExtractSteps.Step.IDLE ? 0 : IntSets.of(lane.chunk);
    }
    for (Tick tick : state.ticks) {
      referenced |= tick.listed;
    }
    for (Plan plan : state.plans) {
      referenced |= plan.chunks;
    }
    for (int c = state.chunks.length - 1; c >= 0; c--) {
      if (!IntSets.has(referenced, c)) {
        remove(c);
      }
    }
  }

  private void remove(int chunk) {
    System.arraycopy(state.chunks, chunk + 1, state.chunks, chunk, state.chunks.length - 1 - chunk);
    state.chunks[state.chunks.length - 1] = 0;
    state.staged = without(state.staged, chunk);
    state.parked = without(state.parked, chunk);
    state.inBatches = without(state.inBatches, chunk);
    for (Lane lane : state.lanes) {
      lane.chunk -= lane.step != ExtractSteps.Step.IDLE && lane.chunk > chunk ? 1 : 0;
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
