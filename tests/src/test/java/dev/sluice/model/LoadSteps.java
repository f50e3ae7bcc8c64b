package dev.sluice.model;

import dev.sluice.model.State.Message;
import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Queued;
import dev.sluice.model.State.Tick;
import dev.sluice.model.TransformSteps.Step;
import java.util.Set;

/// The steps of Load in a tick: commit and publish.
final class LoadSteps {
  private static final int BOTH_FILES = 3;

  private final Set<Rule> off;

  LoadSteps(Set<Rule> off) {
    this.off = off;
  }

  void steps(State next, int number, StepConsumer steps) {
    Tick tick = next.ticks[number];
    switch (tick.step) {
      case COMMIT -> commit(next, number, steps);
      case REMOVE_STAGED -> {
        next.staged &= ~tick.listed;
        settle(next, number);
        steps.step("a tick removes the staged chunks after the commit", next);
      }
      case SETTLE -> {
        settle(next, number);
        steps.step("a tick reads the ledger after the commit", next);
      }
      case COPY_FIRST -> steps.step(copy(next, number, 0), next);
      case COPY_SECOND -> steps.step(copy(next, number, 1), next);
      case RECEIPT -> steps.step(receipt(next, number), next);
      case MARK -> steps.step(mark(next, number), next);
      case IDLE, READ_HEAD, LIST, SEAL, RESEAL, PARK, READ_REFERENCES, SAVE_REFERENCES, ATTEMPT ->
          throw new IllegalStateException(tick.step + " is not a step of Load");
    }
  }

  private void commit(State next, int number, StepConsumer steps) {
    Tick tick = next.ticks[number];
    Plan plan = next.plan(tick.plan);
    boolean isCommitted =
        (next.open == tick.plan || off.contains(Rule.COMMIT_COMPARES_PLAN))
            && (next.sequence + 1 == plan.sequence || off.contains(Rule.COMMIT_COMPARES_SEQUENCE))
            && (IntSets.isSubset(plan.chunks, next.staged)
                || off.contains(Rule.COMMIT_TAKES_STAGED));
    if (isCommitted && off.contains(Rule.KEEP_WORK_IN_DOUBT)) {
      State noReply = next.copy();
      commitPlan(noReply, noReply.ticks[number], noReply.plan(tick.plan), true);
      noReply.workGone = true;
      TransformSteps.end(noReply, number);
      steps.step("a tick commits, gets no reply, and deletes its work files", noReply);
    }
    if (isCommitted && off.contains(Rule.SEEN_BEFORE_COMMIT)) {
      State noSeenFile = next.copy();
      commitPlan(noSeenFile, noSeenFile.ticks[number], noSeenFile.plan(tick.plan), false);
      TransformSteps.end(noSeenFile, number);
      steps.step("a tick commits, and is killed before it writes the seen file", noSeenFile);
    }
    // Whether batch# exists, whichever attempt it names.
    boolean settled = isCommitted || next.sequence >= plan.sequence;
    if (isCommitted) {
      commitPlan(next, tick, plan, true);
    }
    if (settled) {
      tick.step =
          isCommitted && off.contains(Rule.COMMIT_ATOMICALLY) ? Step.REMOVE_STAGED : Step.SETTLE;
      tick.listed = tick.step == Step.REMOVE_STAGED ? plan.chunks : 0;
      tick.plan = State.NONE;
    } else {
      TransformSteps.end(next, number);
    }
    steps.step(isCommitted ? "a tick commits" : "a tick's commit is refused", next);
  }

  /// The transaction of the commit.
  private void commitPlan(State next, Tick tick, Plan plan, boolean writesSeenFile) {
    AttemptResult result = AttemptResult.of(next, plan, off);
    next.violation = Invariants.violation(next, plan, result, tick.digest);
    next.unreceipted |= next.sequence > 0 && !next.receipt;
    if (writesSeenFile) {
      markSeen(next, plan, result);
    }
    next.received |= next.content(plan.chunks);
    next.loaded |= result.loaded();
    next.inBatches |= plan.chunks;
    next.staged &= off.contains(Rule.COMMIT_ATOMICALLY) ? -1 : ~plan.chunks;
    next.sequence = plan.sequence;
    next.open = State.NONE;
    next.attempts = 0;
    next.cleared++;
    next.parkings = 0;
    next.maxChunks =
        Math.min(next.scenario.perPlan(), 2 * Math.max(IntSets.size(plan.chunks), next.maxChunks));
    next.batchDigest = tick.digest;
    next.batchReference = tick.reference;
    next.filesCopied = 0;
    next.receipt = false;
    next.workGone = false;
  }

  /// Adds the ids of a batch to the content of the seen files.
  void markSeen(State next, Plan plan, AttemptResult result) {
    int messages = 0;
    for (int m = 0; m < next.scenario.messages(); m++) {
      boolean counts =
          !off.contains(Rule.SEEN_HOLDS_RECEIVED)
              || (result.loaded() & next.scenario.eventsOf(m)) != 0;
      messages |= counts ? next.content(plan.chunks) & IntSets.of(m) : 0;
    }
    for (Message message : next.messages) {
      if (message.queued != Queued.UNSENT) {
        message.receivedSince |= messages;
        message.loadedSince |= off.contains(Rule.REMEMBER_EVENTS) ? result.seen(off) : 0;
      }
    }
    next.seenEvents |= result.seen(off);
  }

  /// Reads the head again, whether the commit succeeded or not, and publishes the last batch with
  /// the attempt that `batch#` names.
  void settle(State next, int number) {
    Tick old = next.ticks[number];
    boolean own = off.contains(Rule.PUBLISH_WHAT_IS_NAMED) && old.step == Step.SETTLE;
    TransformSteps.end(next, number);
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
    boolean refused = IntSets.has(next.filesCopied, file) && off.contains(Rule.COPY_AGAIN);
    tick.step = file == 0 ? Step.COPY_SECOND : afterFiles();
    if (isLast(next, tick)) {
      if (refused || next.workGone) {
        TransformSteps.end(next, number);
        return refused ? "a tick's copy is refused" : "a tick finds no work files to copy";
      }
      boolean digest = off.contains(Rule.OWN_FOLDER) ? next.sharedWorkDigest : tick.digest;
      if (digest != next.batchDigest || tick.reference != next.batchReference) {
        next.violation = "a file in the lake that is not from the committed attempt";
      }
      next.filesCopied |= IntSets.of(file);
    }
    return file == 0 ? "a tick copies the first file" : "a tick copies the second file";
  }

  private Step afterFiles() {
    return off.contains(Rule.MARK_AFTER_RECEIPT) || off.contains(Rule.RECEIPT_AFTER_FILES)
        ? Step.MARK
        : Step.RECEIPT;
  }

  /// An earlier batch was published before the last one was planned; publishing it again changes
  /// nothing.
  private static boolean isLast(State state, Tick tick) {
    return tick.publishes == state.sequence;
  }

  private String receipt(State next, int number) {
    Tick tick = next.ticks[number];
    if (isLast(next, tick)) {
      next.receipt = true;
      if (next.filesCopied != BOTH_FILES) {
        next.violation = "a receipt before all its files";
      } else if (next.unreceipted) {
        next.violation = "receipts have a gap";
      }
    }
    if (off.contains(Rule.MARK_AFTER_RECEIPT)) {
      TransformSteps.end(next, number);
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
      TransformSteps.end(next, number);
    }
    return "a tick marks the batch as published";
  }
}
