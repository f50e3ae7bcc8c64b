package dev.sluice.model;

import dev.sluice.model.State.Message;
import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Queued;
import dev.sluice.model.State.Tick;
import dev.sluice.model.Ticks.Step;
import java.util.Set;

/// Load of the ticks: the commit, and publishing what is committed.
final class Loads {
  private static final int BOTH_FILES = 3;

  private final Set<Rule> off;

  Loads(Set<Rule> off) {
    this.off = off;
  }

  void steps(State next, int number, Steps steps) {
    Tick tick = next.ticks[number];
    switch (tick.step) {
      case COMMIT -> commit(next, number, steps);
      case REMOVE_STAGED -> {
        next.staged &= ~tick.listed;
        settle(next, number);
        steps.step("a tick removes the staged chunks afterwards", next);
      }
      case SETTLE -> {
        settle(next, number);
        steps.step("a tick reads what the ledger says now", next);
      }
      case COPY_FIRST -> steps.step(copy(next, number, 0), next);
      case COPY_SECOND -> steps.step(copy(next, number, 1), next);
      case RECEIPT -> steps.step(receipt(next, number), next);
      case MARK -> steps.step(mark(next, number), next);
      case IDLE, READ_HEAD, LIST, SEAL, RESEAL, PARK, READ_REFERENCES, SAVE_REFERENCES, ATTEMPT ->
          throw new IllegalStateException(tick.step + " is not a step of Load");
    }
  }

  private void commit(State next, int number, Steps steps) {
    Tick tick = next.ticks[number];
    Plan plan = next.plan(tick.plan);
    boolean committed =
        (next.open == tick.plan || off.contains(Rule.COMMIT_COMPARES_PLAN))
            && (next.sequence + 1 == plan.sequence || off.contains(Rule.COMMIT_COMPARES_SEQUENCE))
            && (Sets.within(plan.chunks, next.staged) || off.contains(Rule.COMMIT_TAKES_STAGED));
    if (committed && off.contains(Rule.KEEP_WORK_IN_DOUBT)) {
      State doubt = next.copy();
      take(doubt, doubt.ticks[number], doubt.plan(tick.plan), true);
      doubt.workGone = true;
      Ticks.end(doubt, number);
      steps.step("a tick commits, has no reply, and deletes its work", doubt);
    }
    if (committed && off.contains(Rule.SEEN_BEFORE_COMMIT)) {
      State unseen = next.copy();
      take(unseen, unseen.ticks[number], unseen.plan(tick.plan), false);
      Ticks.end(unseen, number);
      steps.step("a tick commits, and dies before it writes the seen file", unseen);
    }
    // Whether batch# is there, this attempt's or another's.
    boolean settled = committed || next.sequence >= plan.sequence;
    if (committed) {
      take(next, tick, plan, true);
    }
    if (settled) {
      tick.step = committed && off.contains(Rule.COMMIT_AT_ONCE) ? Step.REMOVE_STAGED : Step.SETTLE;
      tick.listed = tick.step == Step.REMOVE_STAGED ? plan.chunks : 0;
      tick.plan = State.NONE;
    } else {
      Ticks.end(next, number);
    }
    steps.step(committed ? "a tick commits" : "a tick's commit is refused", next);
  }

  /// The transaction.
  private void take(State next, Tick tick, Plan plan, boolean seen) {
    Judge judge = Judge.of(next, plan, off);
    next.broken = Truth.wrong(next, plan, judge, tick.digest);
    next.unreceipted |= next.sequence > 0 && !next.receipt;
    if (seen) {
      see(next, plan, judge);
    }
    next.received |= next.content(plan.chunks);
    next.loaded |= judge.loaded();
    next.inBatches |= plan.chunks;
    next.staged &= off.contains(Rule.COMMIT_AT_ONCE) ? -1 : ~plan.chunks;
    next.sequence = plan.sequence;
    next.open = State.NONE;
    next.attempts = 0;
    next.cleared++;
    next.parkings = 0;
    next.maxChunks =
        Math.min(next.scenario.perPlan(), 2 * Math.max(Sets.size(plan.chunks), next.maxChunks));
    next.batchDigest = tick.digest;
    next.batchReference = tick.reference;
    next.filesCopied = 0;
    next.receipt = false;
    next.workGone = false;
  }

  /// Enters the ids of a batch into what the seen files of the batches until now hold.
  void see(State next, Plan plan, Judge judge) {
    int messages = 0;
    for (int m = 0; m < next.scenario.messages(); m++) {
      boolean counts =
          !off.contains(Rule.SEEN_HOLDS_RECEIVED)
              || (judge.loaded() & next.scenario.eventsOf(m)) != 0;
      messages |= counts ? next.content(plan.chunks) & Sets.of(m) : 0;
    }
    for (Message message : next.messages) {
      if (message.queued != Queued.UNSENT) {
        message.receivedSince |= messages;
        message.loadedSince |= off.contains(Rule.REMEMBER_EVENTS) ? judge.remembered(off) : 0;
      }
    }
    next.seenEvents |= judge.remembered(off);
  }

  /// Load reads the head again, whatever became of its commit, and publishes the last batch as
  /// `batch#` names it.
  void settle(State next, int number) {
    Tick old = next.ticks[number];
    boolean own = off.contains(Rule.PUBLISH_WHAT_IS_NAMED) && old.step == Step.SETTLE;
    Ticks.end(next, number);
    if (next.published < next.sequence) {
      Tick tick = next.ticks[number];
      tick.publishes = next.sequence;
      tick.digest = own ? old.digest : next.batchDigest;
      tick.reference = own ? old.reference : next.batchReference;
      tick.step = off.contains(Rule.RECEIPT_AFTER_FILES) ? Step.RECEIPT : Step.COPY_FIRST;
    }
  }

  private String copy(State next, int number, int file) {
    Tick tick = next.ticks[number];
    boolean refused = Sets.has(next.filesCopied, file) && off.contains(Rule.COPY_AGAIN);
    tick.step = file == 0 ? Step.COPY_SECOND : afterFiles();
    if (isLast(next, tick)) {
      if (refused || next.workGone) {
        Ticks.end(next, number);
        return refused ? "a tick's copy is refused" : "a tick finds no work to copy";
      }
      boolean digest = off.contains(Rule.OWN_FOLDER) ? next.sharedWorkDigest : tick.digest;
      if (digest != next.batchDigest || tick.reference != next.batchReference) {
        next.broken = "a file in the lake that is not the committed attempt's";
      }
      next.filesCopied |= Sets.of(file);
    }
    return file == 0 ? "a tick copies the first file" : "a tick copies the second file";
  }

  private Step afterFiles() {
    return off.contains(Rule.MARK_AFTER_RECEIPT) || off.contains(Rule.RECEIPT_AFTER_FILES)
        ? Step.MARK
        : Step.RECEIPT;
  }

  /// A batch that is not the last was published before the last was planned: repeating that changes
  /// nothing.
  private static boolean isLast(State state, Tick tick) {
    return tick.publishes == state.sequence;
  }

  private String receipt(State next, int number) {
    Tick tick = next.ticks[number];
    if (isLast(next, tick)) {
      next.receipt = true;
      if (next.filesCopied != BOTH_FILES) {
        next.broken = "a receipt without all its files";
      } else if (next.unreceipted) {
        next.broken = "receipts have a gap";
      }
    }
    if (off.contains(Rule.MARK_AFTER_RECEIPT)) {
      Ticks.end(next, number);
    } else {
      tick.step = Step.MARK;
    }
    return "a tick puts the receipt";
  }

  private String mark(State next, int number) {
    Tick tick = next.ticks[number];
    if (isLast(next, tick) && next.published + 1 == next.sequence) {
      next.published = next.sequence;
    }
    if (off.contains(Rule.MARK_AFTER_RECEIPT)) {
      tick.step = Step.RECEIPT;
    } else {
      Ticks.end(next, number);
    }
    return "a tick marks the batch as published";
  }
}
