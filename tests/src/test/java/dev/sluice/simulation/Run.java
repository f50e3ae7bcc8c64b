package dev.sluice.simulation;

import dev.sluice.batch.Plan;
import dev.sluice.fakes.SettableClock;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedAws.Manners;
import dev.sluice.simulatedaws.SimulatedSqs;
import dev.sluice.simulation.EventGenerator.Message;
import dev.sluice.simulation.Fault.Kind;
import java.time.Duration;
import java.time.Instant;
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

/// One run: messages are sent, ticks fire, calls go wrong; then they go right until all is quiet,
/// and the law is checked.
final class Run {
  static final int MESSAGES_A_LANE = 3;
  static final String BROKE = "the run broke: ";
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant START = Instant.parse("2026-01-01T01:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration WHEN_ALL_IS_OVER = SimulatedTick.LEASE.plusSeconds(30);
  private static final Duration OVERSLEPT = Duration.ofMinutes(90);
  private static final int PATIENCE = 40;
  private static final int UNTIL_MENDED = 15;
  private static final int MAX_ODD_TICKS = 4;

  /// Three fail at a chunk, and the next parks it; two find the lease of one that is suspended.
  private static final int UNTIL_PARKED = 6;

  /// Before that three fail at the whole plan. The next halves it, and is the first at the half.
  private static final int UNTIL_HALVED_AND_PARKED = 10;

  /// What may count as an attempt at a plan; three of them park a chunk, for nobody can tell a
  /// death from poison.
  private static final Set<Kind> COUNTED =
      Set.of(
          Kind.DIES_BEFORE,
          Kind.DIES_AFTER,
          Kind.STALLS,
          Kind.LOSES_REPLY,
          Kind.LANDS_LATE_ONCE,
          Kind.LANDS_LATE,
          Kind.PARTIAL,
          Kind.WAKES_LATE,
          Kind.OVERSLEEPS);

  final Scheduler turns;
  final Defect bug;
  final SimulatedAws aws;
  final SettableClock clock = new SettableClock(START);
  final Random random;
  final CallFaults calls;
  final Functions functions;

  private final Fixture lab;
  private final Script script;
  private final Conditions circumstances;
  private final EventGenerator shop;
  private final Map<String, Message> sent = new HashMap<>();
  private final Set<String> redriven = new HashSet<>();
  private final Set<String> violations = new LinkedHashSet<>();
  private final StoredState stored;
  private long ids;
  private long refusedDeletes;

  Run(Fixture lab, Script script, Defect bug) {
    this.lab = lab;
    this.script = script;
    this.bug = bug;
    this.random = new Random(script.seed());
    this.circumstances = Conditions.of(script.scenario(), random);
    this.calls = new CallFaults(script, circumstances.faultRate(), clock);
    this.turns = new Scheduler(clock, random);
    this.aws = new SimulatedAws(clock, random, circumstances.manners());
    this.shop = new EventGenerator(random);
    this.stored = new StoredState(aws);
    LakeReader.observer(aws, violations::add);
    this.functions = new Functions(this, lab, circumstances, violations::add);
  }

  /// What came of a run.
  ///
  /// @param violations of the law, the first first
  /// @param operations of the calls until faults stopped
  /// @param faults that happened
  record Result(
      Script script,
      List<String> violations,
      List<String> operations,
      List<Fault> faults,
      List<String> history) {
    boolean isLawful() {
      return violations.isEmpty();
    }
  }

  Result run() {
    lab.clear();
    createQueue(Fixture.DEAD_LETTERS, Optional.empty());
    createQueue(Fixture.QUEUE, Optional.of(Fixture.DEAD_LETTERS));
    aws.dynamodb.create(Fixture.LEDGER, "pipeline", "item");
    lab.pipeline.references().forEach(r -> aws.dynamodb.create(Fixture.table(r), r.key()));
    EventGenerator.ACCOUNTS.forEach(row -> aws.dynamodb.put(Fixture.ACCOUNTS, row));
    EventGenerator.rates().forEach(row -> aws.dynamodb.put(Fixture.RATES, row));
    try {
      turns.run(this::schedule);
      if (!redriven.isEmpty()) {
        redriven.removeAll(stored.planned());
        sent.keySet().removeAll(redriven);
      }
      new Invariants(aws, lab.rows, violations::add).check(sent, shop);
      if (functions.undeleted() < refusedDeletes) {
        violations.add(
            "%d deletes were refused, %d were told"
                .formatted(refusedDeletes, functions.undeleted()));
      }
    } catch (RuntimeException broken) {
      violations.add(
          BROKE + String.valueOf(broken.getCause() == null ? broken : broken.getCause()));
    }
    return new Result(
        script, List.copyOf(violations), calls.operations(), calls.faults(), calls.history());
  }

  private void createQueue(String name, Optional<String> deadLetters) {
    aws.sqs.create(
        name, new SimulatedSqs.Settings(MINUTE, circumstances.maxReceives(), deadLetters, 120_000));
  }

  private void schedule() {
    switch (script.scenario()) {
      case RANDOM -> minutes();
      case MANY_BATCHES -> {
        calmly(() -> untilBatch(Plan.COVER_INTERVAL - 1 - random.nextInt(3)));
        minutes();
      }
      case ONE_BATCH -> {
        send(shop.oneOfEach(clock.instant()));
        tick(MINUTE);
        tick(WHEN_ALL_IS_OVER);
      }
      case TWO_BATCHES -> {
        send(shop.oneOfEach(clock.instant()));
        tick(MINUTE);
        send(shop.more(clock.instant()));
        tick(WHEN_ALL_IS_OVER);
      }
      case POISON -> {
        send(List.of(shop.poison(clock.instant())));
        ticks(UNTIL_PARKED);
        mustBeParked();
        // Whoever overslept wakes while the chunk is parked.
        turns.sleep(OVERSLEPT.plusMinutes(10));
        // A batch that goes well, so that the next plan may have two chunks.
        send(messages(1));
        tick(MINUTE);
        functions.unpark();
        send(shop.oneOfEach(clock.instant()));
        ticks(UNTIL_HALVED_AND_PARKED);
        mustBeParked();
        // Whoever oversleeps from here on wakes when it is mended and committed.
        turns.sleep(OVERSLEPT.dividedBy(2));
        mend();
      }
      case DEPLOY -> {
        send(shop.oneOfEach(clock.instant()));
        send(List.of(shop.poison(clock.instant())));
        tick(MINUTE);
        functions.deploy();
        tick(WHEN_ALL_IS_OVER);
      }
    }
    // Meets what needed time.
    tick(WHEN_ALL_IS_OVER);
    untilQuiet();
  }

  private void ticks(int count) {
    for (int ticks = 0; ticks < count; ticks++) {
      tick(MINUTE);
    }
  }

  /// Fires, and goes on after a while, whether the tick has ended or not.
  private void tick(Duration until) {
    SimulatedTick tick = new SimulatedTick(this, id().toString(), false);
    turns.start(tick::run);
    promotes();
    turns.sleep(until);
  }

  /// No call goes wrong, and none counts as one of those that may.
  private void calmly(Runnable what) {
    calls.heal();
    what.run();
    calls.hurt();
  }

  /// A message a minute, until so many batches are committed.
  private void untilBatch(int batches) {
    for (int minutes = 0; stored.committed().size() < batches; minutes++) {
      if (minutes > 2 * batches) {
        violations.add("no batches: " + stored.state());
        return;
      }
      send(messages(1));
      new SimulatedTick(this, id().toString(), false).run();
      turns.sleep(MINUTE);
    }
  }

  /// The schedule fires each minute, and now and then late, twice or not at all.
  private void minutes() {
    int odd = 2 + random.nextInt(MAX_ODD_TICKS - 1);
    int gap = random.nextInt(4 * odd);
    send(messages(1 + random.nextInt(5)));
    if (circumstances.poisonous()) {
      send(List.of(shop.poison(clock.instant())));
    }
    for (int minute = 0; minute < odd; minute++) {
      int times = circumstances.overlaps() ? random.nextInt(4) : 1;
      for (int i = 0; i < times; i++) {
        SimulatedTick tick =
            new SimulatedTick(
                this, id().toString(), circumstances.overlaps() && random.nextInt(3) == 0);
        turns.start(tick::run);
      }
      promotes();
      turns.sleep(
          minute == gap
              ? hours()
              : MINUTE.plusSeconds(circumstances.overlaps() ? random.nextInt(30) : 0));
      send(messages(random.nextInt(2)));
    }
  }

  /// Nothing goes wrong any more.
  private void untilQuiet() {
    calls.heal();
    for (int ticks = 0; !isIdle() || !turns.isAlone(); ) {
      if (isIdle()) {
        // Whoever is suspended may wake and leave something.
        turns.sleep(Duration.ofHours(1));
        continue;
      }
      if (++ticks > PATIENCE) {
        violations.add("never quiet: " + stored.state());
        return;
      }
      if (ticks > UNTIL_MENDED) {
        mend();
      }
      redrive();
      new SimulatedTick(this, id().toString(), false).run();
      turns.sleep(WHEN_ALL_IS_OVER);
    }
  }

  /// The customers' table changes: in a small run before the next tick, else at any moment.
  private void promotes() {
    boolean isRandom = script.scenario().isRandom();
    if (!isRandom || random.nextBoolean()) {
      turns.start(() -> {
        turns.sleep(isRandom ? Duration.ofSeconds(random.nextInt(90)) : MINUTE.minusSeconds(1));
        shop.changeLevels(clock.instant()).forEach(row -> aws.dynamodb.put(Fixture.ACCOUNTS, row));
      });
    }
  }

  private boolean isIdle() {
    return stored.isIdle() && aws.sqs.depth(Fixture.DEAD_LETTERS) == 0;
  }

  /// Longer than the slack of clocks, and no longer than event ids are remembered.
  private Duration hours() {
    return script.scenario().isRandom() ? OVERSLEPT.plusMinutes(random.nextInt(600)) : OVERSLEPT;
  }

  /// Longer than a lease, and time for a rival.
  private static Duration minutesPastLease() {
    return SimulatedTick.LEASE.plusMinutes(2);
  }

  /// For how long a function is suspended.
  Duration nap(Kind kind) {
    return kind == Kind.OVERSLEEPS ? hours() : minutesPastLease();
  }

  /// An operator looks after what is parked.
  private void mend() {
    long counted = calls.faults().stream().filter(fault -> COUNTED.contains(fault.kind())).count();
    // Where clocks differ no lease holds, and functions that are well count attempts beside each
    // other.
    if (counted < 3 && !circumstances.skewed()) {
      stored
          .parkedWithout(EventGenerator.POISON)
          .forEach(chunk -> violations.add("parked for no reason: " + chunk));
    }
    functions.mend();
  }

  /// When nothing goes wrong, poison is parked after so many ticks.
  private void mustBeParked() {
    if (calls.faults().isEmpty() && stored.items("parked#").isEmpty()) {
      violations.add("poison was not parked: " + stored.state());
    }
  }

  /// What must be so whenever a tick has ended.
  void tickEnded() {
    stored
        .plannedButNotStaged()
        .forEach(
            chunk -> violations.add("the open plan names a chunk that is not staged: " + chunk));
  }

  /// An operator sends dead letters again; what had been staged before it became one stays.
  private void redrive() {
    aws.sqs
        .redrive(Fixture.DEAD_LETTERS, Fixture.QUEUE)
        .forEach((old, now) -> {
          sent.put(now, sent.get(old));
          redriven.add(old);
        });
  }

  private List<Message> messages(int count) {
    return Stream.generate(() -> shop.message(clock.instant())).limit(count).toList();
  }

  private void send(List<Message> messages) {
    messages.forEach(message -> sent.put(aws.sqs.send(Fixture.QUEUE, message.body()), message));
  }

  UUID id() {
    return new UUID(0, ++ids);
  }

  /// How many messages there are, about.
  int depth() {
    int depth = aws.sqs.depth(Fixture.QUEUE);
    return circumstances.manners().equals(Manners.PERFECT)
        ? depth
        : Math.max(0, depth + random.nextInt(5) - 2);
  }

  /// The cloud's answer, which takes a moment.
  Response answer(Request request, boolean grudging) {
    clock.advance(Duration.ofMillis(1 + random.nextInt(20)));
    return aws.answer(request, grudging);
  }

  /// Has a request take effect when whoever sent it has long gone on.
  void later(Request request) {
    turns.start(() -> {
      boolean soon = !script.scenario().isRandom() || random.nextInt(4) > 0;
      turns.sleep(soon ? minutesPastLease() : hours());
      Response _ = answer(request, false);
    });
  }

  /// Notes an answer that a function got, and so knows of.
  void answered(Request request, Response response) {
    if (request.operation().equals("sqs DeleteMessageBatch")) {
      refusedDeletes += failedEntries(response);
    }
  }

  private static int failedEntries(Response response) {
    return response.status() == 200 ? JSON.readTree(response.body()).path("Failed").size() : 0;
  }
}
