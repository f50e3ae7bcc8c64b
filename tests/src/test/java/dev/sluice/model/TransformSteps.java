package dev.sluice.model;

import dev.sluice.model.State.Plan;
import dev.sluice.model.State.Tick;
import java.util.Set;

/// The steps of Transform in a tick, up to the handover; [LoadSteps] has the others. A tick may be
/// killed between any two steps, which includes lost replies.
///
/// The execution of a tick may start at any time, also when there is no work: an operator can start
/// one. There is no lease: any tick may continue at any time. Each write that other processes can
/// see is a step. Reading the head and counting the attempt at an open plan is one step, because
/// that write compares everything that was read.
final class TransformSteps {
  /// The next step of a tick.
  enum Step {
    IDLE,
    READ_HEAD,
    LIST,
    SEAL,
    RESEAL,
    PARK,
    READ_REFERENCES,
    SAVE_REFERENCES,
    ATTEMPT,
    COMMIT,
    REMOVE_STAGED,
    SETTLE,
    COPY_FIRST,
    COPY_SECOND,
    RECEIPT,
    MARK;
    static final Step[] ALL = values();
  }

  private final Set<Rule> off;
  private final LoadSteps loads;

  TransformSteps(Set<Rule> off) {
    this.off = off;
    this.loads = new LoadSteps(off);
  }

  void steps(State state, int number, StepConsumer steps) {
    if (state.ticks[number].step != Step.IDLE) {
      State killed = state.copy();
      end(killed, number);
      steps.step("a tick is killed", killed);
    }
    State next = state.copy();
    Tick tick = next.ticks[number];
    switch (tick.step) {
      case IDLE -> {
        if (next.due || !off.contains(Rule.START_FOR_EARLIER_WORK)) {
          next.due = false;
          steps.step(start(next, tick, number), next);
        }
      }
      case READ_HEAD -> steps.step(readHead(next, tick, number), next);
      case LIST -> steps.step(list(next, tick, number), next);
      case SEAL -> steps.step(seal(next, tick, number), next);
      case RESEAL -> steps.step(reseal(next, tick, number), next);
      case PARK -> steps.step(park(next, tick, number), next);
      case READ_REFERENCES -> steps.step(readReferences(next, tick), next);
      case SAVE_REFERENCES -> steps.step(saveReferences(next, tick), next);
      case ATTEMPT -> steps.step(attempt(next, tick, number), next);
      case COMMIT, REMOVE_STAGED, SETTLE, COPY_FIRST, COPY_SECOND, RECEIPT, MARK ->
          loads.steps(next, number, steps);
    }
  }

  static void end(State next, int number) {
    next.ticks[number] = new Tick();
  }

  private String start(State next, Tick tick, int number) {
    tick.digest = next.digest;
    if (off.contains(Rule.LIST_AFTER_HEAD)) {
      tick.listed = chosen(next);
      tick.step = Step.READ_HEAD;
      return "a tick lists what is staged";
    }
    return readHead(next, tick, number);
  }

  private String readHead(State next, Tick tick, int number) {
    tick.readSequence = next.sequence;
    tick.readCleared = next.cleared;
    if (next.published < next.sequence && !off.contains(Rule.PUBLISH_FIRST)) {
      loads.settle(next, number);
      return "a tick finds an unpublished batch";
    }
    if (next.parkings >= 2) {
      end(next, number);
      return "a tick finds the pipeline stopped";
    }
    if (next.open != State.NONE && !off.contains(Rule.SEAL_WITHOUT_PLAN)) {
      return resume(next, tick, number);
    }
    tick.step = off.contains(Rule.LIST_AFTER_HEAD) ? Step.SEAL : Step.LIST;
    if (off.contains(Rule.LIST_AFTER_HEAD) && tick.listed == 0) {
      end(next, number);
    }
    return "a tick reads the head";
  }

  private String resume(State next, Tick tick, int number) {
    Plan plan = next.plan(next.open);
    tick.plan = next.open;
    tick.listed = plan.chunks;
    if (plan.digest != tick.digest && !off.contains(Rule.RESEAL_OF_DIFFERENT_DIGEST)) {
      tick.step = Step.RESEAL;
      return "a tick finds a plan with a different digest";
    }
    int max = next.scenario.attempts();
    if (max > 0 && next.attempts >= max) {
      return failedTooOften(next, tick, number);
    }
    next.attempts += max > 0 ? 1 : 0;
    startAttempt(next, tick);
    return "a tick resumes the plan";
  }

  private String failedTooOften(State next, Tick tick, int number) {
    int chunks = IntSets.size(tick.listed);
    if (off.contains(chunks > 1 ? Rule.HALVE_BEFORE_PARKING : Rule.PARK_AFTER_FAILURES)) {
      end(next, number);
    } else if (chunks > 1) {
      tick.listed = IntSets.first(tick.listed, chunks / 2);
      tick.step = Step.RESEAL;
    } else {
      tick.step = Step.PARK;
    }
    return "a tick finds a plan that failed too many times";
  }

  private static void startAttempt(State next, Tick tick) {
    tick.readSequence = 0;
    tick.readCleared = 0;
    tick.listed = 0;
    tick.step = next.scenario.references() ? Step.READ_REFERENCES : Step.ATTEMPT;
  }

  /// The oldest staged chunks that fit into a plan.
  private static int chosen(State state) {
    return IntSets.first(state.staged, Math.min(state.maxChunks, state.scenario.perPlan()));
  }

  private String list(State next, Tick tick, int number) {
    tick.listed = chosen(next);
    tick.step = Step.SEAL;
    if (tick.listed == 0) {
      end(next, number);
    }
    return "a tick lists what is staged";
  }

  private String seal(State next, Tick tick, int number) {
    boolean sealed =
        (next.open == State.NONE || off.contains(Rule.SEAL_WITHOUT_PLAN))
            && (next.sequence == tick.readSequence || off.contains(Rule.SEAL_COMPARES_SEQUENCE))
            && (next.published == next.sequence || off.contains(Rule.SEAL_AFTER_PUBLISHED))
            && (next.cleared == tick.readCleared || off.contains(Rule.SEAL_COMPARES_CLEARED));
    if (!sealed) {
      end(next, number);
      return "a tick's seal is refused";
    }
    open(next, tick, next.freePlan());
    return "a tick seals a plan";
  }

  private String reseal(State next, Tick tick, int number) {
    if (next.open != tick.plan && !off.contains(Rule.RESEAL_COMPARES_PLAN)) {
      end(next, number);
      return "a tick's reseal is refused";
    }
    boolean halved = tick.listed != next.plan(tick.plan).chunks;
    next.maxChunks = halved ? IntSets.size(tick.listed) : next.maxChunks;
    open(next, tick, off.contains(Rule.RESEAL_UNDER_FRESH_ID) ? tick.plan : next.freePlan());
    return "a tick reseals the plan";
  }

  private void open(State next, Tick tick, int slot) {
    Plan plan = new Plan();
    plan.chunks = tick.listed;
    plan.sequence = tick.readSequence + 1;
    plan.digest = tick.digest;
    window(next, plan);
    next.plans[slot - 1] = plan;
    next.open = slot;
    next.attempts = next.scenario.attempts() > 0 ? 1 : 0;
    tick.plan = slot;
    startAttempt(next, tick);
  }

  /// Reads the content of the seen files in the window, which starts at the oldest message, unless
  /// the rule is off.
  private void window(State next, Plan plan) {
    boolean newest = off.contains(Rule.WINDOW_FROM_OLDEST);
    int messages = newest ? -1 : 0;
    int events = 0;
    int content = next.content(plan.chunks);
    for (int m = 0; m < next.scenario.messages(); m++) {
      if (IntSets.has(content, m)) {
        int since = next.messages[m].receivedSince;
        messages = newest ? messages & since : messages | since;
        events |= next.messages[m].loadedSince;
      }
    }
    plan.seenMessages = messages;
    plan.seenEvents = off.contains(Rule.REMEMBER_EVENTS) ? events : next.seenEvents;
  }

  private String park(State next, Tick tick, int number) {
    boolean parks = next.open == tick.plan && IntSets.isSubset(tick.listed, next.staged);
    if (parks || off.contains(Rule.PARK_COMPARES)) {
      next.parked |= tick.listed;
      next.staged &= ~tick.listed;
      next.open = State.NONE;
      next.attempts = 0;
      next.cleared += off.contains(Rule.PARKING_RAISES_CLEARED) ? 0 : 1;
      next.parkings = Math.min(2, next.parkings + 1);
      next.maxChunks = 1;
      end(next, number);
      return "a tick parks the chunk";
    }
    end(next, number);
    return "a tick's park is refused";
  }

  private static String readReferences(State next, Tick tick) {
    Plan plan = next.plan(tick.plan);
    tick.reference = plan.saved ? plan.reference : next.reference;
    tick.step = plan.saved ? Step.ATTEMPT : Step.SAVE_REFERENCES;
    return plan.saved ? "a tick finds saved references" : "a tick reads the references";
  }

  private String saveReferences(State next, Tick tick) {
    Plan plan = next.plan(tick.plan);
    if (plan.saved && !off.contains(Rule.REFERENCES_IF_ABSENT)) {
      tick.reference = plan.reference;
    } else if (!off.contains(Rule.SAVE_REFERENCES)) {
      plan.saved = true;
      plan.reference = tick.reference;
    }
    tick.step = Step.ATTEMPT;
    return "a tick saves the references, or finds saved ones";
  }

  private String attempt(State next, Tick tick, int number) {
    Plan plan = next.plan(tick.plan);
    if (next.scenario.isPoison(next.content(plan.chunks))) {
      end(next, number);
      return "a tick fails on poison";
    }
    for (Tick rival : next.ticks) {
      if (rival.step == Step.COMMIT
          && rival.plan == tick.plan
          && rival.reference != tick.reference) {
        next.violation = "two attempts at one plan join with different rows";
      }
    }
    if (off.contains(Rule.PUBLISH_AFTER_COMMIT)) {
      next.violation = "a file in the lake that no committed batch names";
    }
    if (plan.sequence > next.published) {
      next.sharedWorkDigest = off.contains(Rule.OWN_FOLDER) && tick.digest;
    }
    if (off.contains(Rule.SEEN_AFTER_COMMIT)) {
      loads.markSeen(next, plan, AttemptResult.of(next, plan, off));
    }
    if (next.open == tick.plan && next.attempts > 0) {
      // `attempts` is decremented, because the data was processed.
      next.attempts--;
    }
    tick.step = Step.COMMIT;
    return "a tick writes files, seen file and manifest";
  }
}
