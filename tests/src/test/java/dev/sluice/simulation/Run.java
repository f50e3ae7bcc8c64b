package dev.sluice.simulation;

import dev.sluice.batch.Plan;
import dev.sluice.extract.Lane;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedSqs;
import dev.sluice.simulation.EventGenerator.Message;
import dev.sluice.simulation.Fault.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// One run: sends messages and runs ticks while faults are injected, then runs ticks without faults
/// until no work is left, and checks the invariants.
final class Run {
  static final int MESSAGES_PER_LANE = 3;
  static final String HARNESS_FAILED = "the simulation itself failed: ";
  static final String DID_NOT_END = "the run did not end: ";
  private static final Set<String> CHANGE_THE_PLAN =
      Set.of("dynamodb UpdateItem", "dynamodb TransactWriteItems");
  private static final JsonMapper JSON = new JsonMapper();

  /// Currencies whose rows sort before and between those of the other currencies.
  private static final List<String> UNUSED_CURRENCIES = List.of("AAA", "BBB", "FFF");

  private static final Instant START = Instant.parse("2026-01-01T01:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration PAST_LEASE = SimulatedExecution.LEASE.plusSeconds(30);
  private static final Duration LONG_SUSPENSION = Duration.ofMinutes(90);
  private static final int MAX_TICKS_UNTIL_IDLE = 40;
  private static final int TICKS_BEFORE_REPAIR = 15;
  private static final int MAX_RANDOM_TICKS = 4;
  private static final long SMALL_BYTES = 400;
  private static final Duration SHORT_TIME = Duration.ofMillis(30);
  private static final int CHUNKS_OF_BACKLOG = 9;

  /// A limit in real time, many times the duration of the longest run.
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private static final int ATTEMPTS_UNTIL_PARKED = 3;

  /// Three attempts at a chunk fail, and the next tick parks it; two ticks may find the lease of a
  /// suspended function.
  private static final int TICKS_UNTIL_PARKED = 6;

  /// Three attempts at the whole plan fail first. The next tick halves the plan, and its attempt is
  /// the first one at the half. Then the chunk is parked as above.
  private static final int TICKS_UNTIL_HALVED_AND_PARKED = 10;

  /// The faults after which an attempt may stay counted. After three of them a chunk is parked,
  /// because the protocol cannot distinguish a killed function from poison.
  private static final Set<Kind> COUNTED_AS_ATTEMPT =
      Set.of(
          Kind.KILLED_BEFORE,
          Kind.KILLED_AFTER,
          Kind.KILLED_DURING,
          Kind.DAMAGED,
          Kind.HANGS,
          Kind.REPLY_LOST,
          Kind.DELAYED_ONCE,
          Kind.DELAYED,
          Kind.PARTIAL_ONCE,
          Kind.PARTIAL,
          Kind.SUSPENDED_PAST_LEASE,
          Kind.SUSPENDED_FOR_HOURS);

  final Scheduler scheduler;
  final Defect defect;
  final SimulatedAws aws;
  final SettableClock clock = new SettableClock(START);
  final Random random;
  final CallFaults calls;
  final Functions functions;

  private final Fixture fixture;
  private final Script script;
  private final Conditions conditions;
  private final EventGenerator generator;
  private final Map<String, Message> sent = new HashMap<>();
  private final Set<String> redriven = new HashSet<>();
  private final Set<String> ticks = new HashSet<>();
  private final Set<String> violations = Collections.synchronizedSet(new LinkedHashSet<>());
  private final StoredState stored;
  private long ids;
  private long failedDeletes;

  Run(Fixture fixture, Script script, Defect defect) {
    this.fixture = fixture;
    this.script = script;
    this.defect = defect;
    this.random = new Random(script.seed());
    this.conditions = Conditions.of(script.scenario(), random);
    this.calls = new CallFaults(script, conditions.faultRate(), clock);
    this.scheduler = new Scheduler(clock, random);
    this.aws = new SimulatedAws(clock, random, conditions.behavior());
    this.generator = new EventGenerator(random);
    this.stored = new StoredState(aws);
    LakeReader.observe(aws, conditions.clockSkew(), violations::add);
    this.functions = new Functions(this, fixture, conditions, violations::add);
    aws.stepFunctions.onStart((name, input) -> startExecution(name, input.path("lanes").asInt()));
  }

  /// @param violations of invariants, in the order in which they were found
  /// @param operations the operations of the calls until faults stopped
  /// @param faults the injected faults
  /// @param history one line for each call
  record Result(
      Script script,
      List<String> violations,
      List<String> operations,
      List<Fault> faults,
      List<String> history) {
    boolean passed() {
      return violations.isEmpty();
    }
  }

  Result run() {
    return run(LIMIT);
  }

  /// @param limit of real time
  Result run(Duration limit) {
    fixture.reset();
    createQueue(Fixture.DEAD_LETTERS, Optional.empty());
    createQueue(Fixture.QUEUE, Optional.of(Fixture.DEAD_LETTERS));
    aws.dynamodb.create(Fixture.LEDGER, "pipeline", "item");
    fixture.pipeline.references().forEach(r -> aws.dynamodb.create(Fixture.table(r), r.key()));
    EventGenerator.ACCOUNTS.forEach(row -> aws.dynamodb.put(Fixture.ACCOUNTS, row));
    EventGenerator.rates().forEach(row -> aws.dynamodb.put(Fixture.RATES, row));
    UNUSED_CURRENCIES.forEach(currency ->
        aws.dynamodb.put(
            Fixture.RATES, Map.of("currency", currency, "rate", "0.000001", "fee", "0.001")));
    try {
      scheduler.run(this::runScenario, limit);
      if (!redriven.isEmpty()) {
        redriven.removeAll(stored.planned());
        sent.keySet().removeAll(redriven);
      }
      new Invariants(aws, fixture.rows, violations::add).check(sent, generator);
      if (functions.undeleted() < failedDeletes) {
        violations.add(
            "%d deletes failed, but %d were reported"
                .formatted(failedDeletes, functions.undeleted()));
      }
    } catch (Scheduler.DidNotEnd hangs) {
      violations.add(DID_NOT_END + hangs.getMessage());
    } catch (RuntimeException failed) {
      violations.add(
          HARNESS_FAILED + String.valueOf(failed.getCause() == null ? failed : failed.getCause()));
    }
    return new Result(
        script, List.copyOf(violations), calls.operations(), calls.injected(), calls.history());
  }

  private void createQueue(String name, Optional<String> deadLetters) {
    aws.sqs.create(
        name, new SimulatedSqs.Settings(MINUTE, conditions.maxReceives(), deadLetters, 120_000));
  }

  private void runScenario() {
    switch (script.scenario()) {
      case RANDOM -> randomTicks();
      case MANY_BATCHES -> {
        withoutFaults(() -> runUntilBatch(Plan.COVER_INTERVAL - 1 - random.nextInt(3)));
        randomTicks();
      }
      case ONE_BATCH -> {
        send(generator.oneOfEach(clock.instant()));
        tick(MINUTE);
        tick(PAST_LEASE);
      }
      case TWO_BATCHES -> {
        send(generator.oneOfEach(clock.instant()));
        tick(MINUTE);
        send(generator.more(clock.instant()));
        tick(PAST_LEASE);
      }
      case FIRED_TWICE -> {
        send(generator.oneOfEach(clock.instant()));
        String tick = newTick();
        scheduler.start(() -> fire(tick));
        scheduler.start(() -> fire(tick));
        scheduler.sleep(MINUTE);
        fire(tick);
        tick(PAST_LEASE);
      }
      case POISON -> poison();
      case DEPLOY -> {
        send(generator.oneOfEach(clock.instant()));
        send(List.of(generator.poison(clock.instant())));
        tick(MINUTE);
        functions.deploy();
        tick(PAST_LEASE);
      }
      case BACKLOG -> {
        List<Message> first = generator.oneOfEach(clock.instant());
        send(first);
        for (int chunks = 0; chunks < CHUNKS_OF_BACKLOG; chunks += SimulatedExecution.MAX_LANES) {
          send(messages(SimulatedExecution.MAX_LANES * MESSAGES_PER_LANE));
          lanes();
        }
        tick(PAST_LEASE);
        send(first);
        tick(PAST_LEASE);
      }
      case OUTAGE -> {
        send(messages(2));
        tick(PAST_LEASE);
        send(messages(2));
        for (int ticks = 0; ticks < TICKS_UNTIL_PARKED; ticks++) {
          tick(PAST_LEASE);
        }
      }
      case LATE_CHUNK -> {
        send(generator.oneOfEach(clock.instant()));
        tick(MINUTE);
        tick(PAST_LEASE);
        // The tick of the suspended lane plans both chunks.
        scheduler.sleep(LONG_SUSPENSION.minusMinutes(10));
        send(messages(1));
        lanes();
        scheduler.sleep(LONG_SUSPENSION);
      }
      case DEPLOY_DURING_TICK -> {
        send(generator.oneOfEach(clock.instant()));
        tick(MINUTE);
        functions.deploy();
        tick(PAST_LEASE);
      }
    }
    // This tick continues what the previous tick left unfinished when its lease expired.
    tick(PAST_LEASE);
    runUntilIdle();
  }

  private void poison() {
    send(List.of(generator.poison(clock.instant())));
    ticks(TICKS_UNTIL_PARKED);
    checkIsParked();
    // A function that was suspended for hours resumes while the chunk is parked.
    scheduler.sleep(LONG_SUSPENSION.plusMinutes(10));
    // A batch that succeeds doubles max_chunks, so that the next plan may have two chunks.
    send(messages(1));
    tick(MINUTE);
    functions.unpark();
    send(generator.oneOfEach(clock.instant()));
    ticks(TICKS_UNTIL_HALVED_AND_PARKED);
    checkIsParked();
    // A function that is suspended for hours from here on resumes after the repair and the commit.
    scheduler.sleep(LONG_SUSPENSION.dividedBy(2));
    repair();
  }

  private void ticks(int count) {
    for (int ticks = 0; ticks < count; ticks++) {
      tick(MINUTE);
    }
  }

  /// A tick that the schedule may start.
  private String newTick() {
    String tick = id().toString();
    ticks.add(tick);
    return tick;
  }

  /// The schedule invokes Extract, which may start the execution of the tick.
  private void fire(String tick) {
    try {
      functions.startTick(tick);
    } catch (FunctionKilled killed) {
      // The next tick continues.
    } catch (TransientFailure failed) {
      if (calls.injected().isEmpty()) {
        violations.add("the start of a tick failed without a fault: " + failed.getMessage());
      }
    } catch (RuntimeException failed) {
      functions.checkFailure("extract", failed);
    }
  }

  private void startExecution(String name, int lanes) {
    if (!ticks.contains(name)) {
      violations.add("an execution has the name %s, which is not a tick".formatted(name));
    }
    boolean endsWithFunction = conditions.irregularTicks() && random.nextInt(3) == 0;
    scheduler.start(() -> new SimulatedExecution(this, name, endsWithFunction).run(lanes));
  }

  /// Stages the messages of the queue, without a plan.
  private void lanes() {
    boolean _ = new SimulatedExecution(this, newTick(), false).lanes(SimulatedExecution.MAX_LANES);
  }

  /// Starts a tick, and returns after `pause`, even if the tick has not ended.
  private void tick(Duration pause) {
    String tick = newTick();
    scheduler.start(() -> fire(tick));
    changeReference();
    scheduler.sleep(pause);
  }

  /// Runs `body` with no faults; its calls have no numbers.
  private void withoutFaults(Runnable body) {
    calls.disable();
    body.run();
    calls.enable();
  }

  /// Sends one message per minute until the given number of batches is committed.
  private void runUntilBatch(int batches) {
    for (int minutes = 0; stored.committed().size() < batches; minutes++) {
      if (minutes > 2 * batches) {
        violations.add("no batches are committed: " + stored.state());
        return;
      }
      send(messages(1));
      fire(newTick());
      scheduler.sleep(MINUTE);
    }
  }

  /// Starts one tick per minute. If ticks are irregular, starts none or several, and late.
  private void randomTicks() {
    int minutes = 2 + random.nextInt(MAX_RANDOM_TICKS - 1);
    int pause = random.nextInt(4 * minutes);
    send(messages(1 + random.nextInt(5)));
    if (conditions.poison()) {
      send(List.of(generator.poison(clock.instant())));
    }
    if (conditions.recall()) {
      send(List.of(generator.recalled(clock.instant())));
    }
    for (int minute = 0; minute < minutes; minute++) {
      int ticks = conditions.irregularTicks() ? random.nextInt(4) : 1;
      for (int i = 0; i < ticks; i++) {
        String tick = newTick();
        scheduler.start(() -> fire(tick));
        if (conditions.irregularTicks() && random.nextInt(4) == 0) {
          scheduler.start(() -> fire(tick));
        }
      }
      changeReference();
      scheduler.sleep(
          minute == pause
              ? hours()
              : MINUTE.plusSeconds(conditions.irregularTicks() ? random.nextInt(30) : 0));
      send(messages(random.nextInt(2)));
    }
  }

  /// Runs ticks without faults, as long as any work is left.
  private void runUntilIdle() {
    calls.disable();
    for (int ticks = 0; !isIdle() || !scheduler.isAlone(); ) {
      if (isIdle()) {
        // A suspended function may resume and leave work.
        scheduler.sleep(Duration.ofHours(1));
        continue;
      }
      if (++ticks > MAX_TICKS_UNTIL_IDLE) {
        violations.add("work is left after %d ticks: ".formatted(ticks - 1) + stored.state());
        return;
      }
      if (ticks > TICKS_BEFORE_REPAIR || hasParkedWithoutPoison()) {
        repair();
      }
      redrive();
      fire(newTick());
      scheduler.sleep(PAST_LEASE);
    }
    checkIdleTick();
  }

  /// When no work is left, the schedule starts no execution, unless it has too little time to find
  /// out that the queue is empty.
  private void checkIdleTick() {
    int before = aws.stepFunctions.started();
    if (conditions.behavior().undeleted() == 0 && !conditions.smallShares()) {
      fire(newTick());
      if (aws.stepFunctions.started() > before) {
        violations.add("an idle tick started an execution");
      }
    }
  }

  /// Changes the reference `accounts`: in small scenarios before the next tick, otherwise at any
  /// time, or not at all.
  private void changeReference() {
    boolean isRandom = script.scenario().isRandom();
    if (!isRandom || random.nextBoolean()) {
      scheduler.start(() -> {
        scheduler.sleep(isRandom ? Duration.ofSeconds(random.nextInt(90)) : MINUTE.minusSeconds(1));
        generator
            .changeLevels(clock.instant())
            .forEach(row -> aws.dynamodb.put(Fixture.ACCOUNTS, row));
      });
    }
  }

  private boolean hasParkedWithoutPoison() {
    return !conditions.poison() && !stored.items("parked#").isEmpty();
  }

  private boolean isIdle() {
    return stored.isIdle() && aws.sqs.depth(Fixture.DEAD_LETTERS) == 0;
  }

  /// Longer than the maximum clock skew, and shorter than the time for which event ids are
  /// remembered.
  private Duration hours() {
    return script.scenario().isRandom()
        ? LONG_SUSPENSION.plusMinutes(random.nextInt(600))
        : LONG_SUSPENSION;
  }

  /// Long enough for another tick to take the lease and finish.
  private static Duration minutesPastLease() {
    return SimulatedExecution.LEASE.plusMinutes(2);
  }

  boolean hasInjected(Kind kind) {
    return calls.injected().stream().anyMatch(fault -> fault.kind() == kind);
  }

  /// How long a function with a fault of this kind is suspended.
  Duration suspension(Kind kind) {
    return kind == Kind.SUSPENDED_FOR_HOURS ? hours() : minutesPastLease();
  }

  /// Unparks everything, after the engine is repaired. A chunk without poison may be parked only if
  /// three faults counted as attempts.
  private void repair() {
    // With clock skew two functions may have the lease at the same time, and both count attempts.
    if (countedFaults() < ATTEMPTS_UNTIL_PARKED && !conditions.clockSkew()) {
      stored
          .parkedWithout(EventGenerator.POISON)
          .forEach(chunk -> violations.add("parked without a cause: " + chunk));
    }
    functions.repair();
  }

  private long countedFaults() {
    return calls.injected().stream()
        .filter(fault -> COUNTED_AS_ATTEMPT.contains(fault.kind()))
        .count();
  }

  /// Whether faults may have parked two chunks, after which the pipeline stops.
  boolean mayHaveStopped() {
    return countedFaults() >= 2 * ATTEMPTS_UNTIL_PARKED;
  }

  /// If no faults were injected, poison must be parked at this point.
  private void checkIsParked() {
    if (calls.injected().isEmpty() && stored.items("parked#").isEmpty()) {
      violations.add("poison was not parked: " + stored.state());
    }
  }

  /// Checks the invariant that holds at the end of each execution.
  void executionEnded(String tick) {
    aws.stepFunctions.ended(tick);
    stored
        .plannedButNotStaged()
        .forEach(
            chunk -> violations.add("the open plan names a chunk that is not staged: " + chunk));
  }

  /// Sends the messages of the dead-letter queue again, with new message ids. The old ids count
  /// only if they are in a batch.
  private void redrive() {
    aws.sqs
        .redrive(Fixture.DEAD_LETTERS, Fixture.QUEUE)
        .forEach((oldId, newId) -> {
          sent.put(newId, sent.get(oldId));
          redriven.add(oldId);
        });
  }

  private List<Message> messages(int count) {
    return Stream.generate(() -> generator.message(clock.instant())).limit(count).toList();
  }

  private void send(List<Message> messages) {
    messages.forEach(message -> sent.put(aws.sqs.send(Fixture.QUEUE, message.body()), message));
  }

  /// The share of a lane. In some random runs it is so small that lanes reach each limit.
  Lane lane(String tick, int number) {
    return conditions.smallShares()
        ? new Lane(tick, number, MESSAGES_PER_LANE, SMALL_BYTES, SHORT_TIME)
        : new Lane(tick, number, MESSAGES_PER_LANE, 1 << 20, Duration.ofSeconds(20));
  }

  /// The messages that were sent, by message id.
  Map<String, Message> sent() {
    return sent;
  }

  UUID id() {
    return new UUID(0, ++ids);
  }

  /// The response of AWS, after a random latency.
  Response answer(Request request, boolean isPartial) {
    clock.advance(Duration.ofMillis(1 + random.nextInt(20)));
    Response response = aws.answer(request, isPartial);
    if (CHANGE_THE_PLAN.contains(request.operation())) {
      functions.limits.ledgerChanged();
    }
    return response;
  }

  /// Delays the effect of a request by minutes or hours.
  void answerLater(Request request) {
    scheduler.start(() -> {
      boolean isSoon = !script.scenario().isRandom() || random.nextInt(4) > 0;
      scheduler.sleep(isSoon ? minutesPastLease() : hours());
      Response _ = answer(request, false);
    });
  }

  /// Counts the failed deletes that were reported to a function.
  void recordReply(Request request, Response response) {
    if (request.operation().equals("sqs DeleteMessageBatch")) {
      failedDeletes += failedEntries(response);
    }
  }

  private static int failedEntries(Response response) {
    return response.status() == 200 ? JSON.readTree(response.body()).path("Failed").size() : 0;
  }
}
