package dev.sluice.torture;

import dev.sluice.batch.Handover;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.chunk.ChunkReader;
import dev.sluice.cloud.Request;
import dev.sluice.cloud.Response;
import dev.sluice.cloud.SimulatedAws;
import dev.sluice.cloud.SimulatedAws.Manners;
import dev.sluice.cloud.SimulatedSqs;
import dev.sluice.event.Envelope;
import dev.sluice.extract.Extract;
import dev.sluice.extract.Extracted;
import dev.sluice.extract.Lane;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.PipelineStopped;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.SettableClock;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.ParkedChunk;
import dev.sluice.load.Load;
import dev.sluice.load.Loaded;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.torture.Fault.Kind;
import dev.sluice.torture.Shop.Message;
import dev.sluice.transform.Engine;
import dev.sluice.transform.Transform;
import dev.sluice.watch.Fact;
import dev.sluice.watch.Watch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// One run: messages are sent, ticks fire, calls go wrong; then they go right until all is quiet,
/// and the law is checked.
final class Run {
  static final int MESSAGES_A_LANE = 3;
  static final String BROKE = "the run broke: ";
  private static final Instant START = Instant.parse("2026-01-01T01:00:00Z");
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration WHEN_ALL_IS_OVER = Tick.LEASE.plusSeconds(30);
  private static final int PATIENCE = 40;
  private static final int UNTIL_MENDED = 15;
  private static final int MOST_ODD_TICKS = 4;

  /// Three fail, the next halves the plan, three more fail at the chunk, and the last parks it.
  private static final int UNTIL_PARKED = 8;

  private static final String INDIGESTIBLE = "cannot digest it";

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
          Kind.WAKES_LATE);

  final Turns turns;
  final Bug bug;
  final SimulatedAws aws;

  private final Lab lab;
  private final Script script;
  private final SettableClock clock = new SettableClock(START);
  private final Random random;
  private final Random lots;
  private final double faultRate;
  private final boolean overlaps;
  private final boolean skewed;
  private final boolean changes;
  private boolean poisonous;
  private final boolean everPoisonous;
  private final Shop shop;
  private final Map<String, Message> sent = new HashMap<>();
  private final Map<Integer, Kind> planned = new HashMap<>();
  private final List<String> operations = new ArrayList<>();
  private final List<String> history = new ArrayList<>();
  private final List<Fault> happened = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();
  private final Set<Long> told = new HashSet<>();
  private final Law law;
  private long ids;
  private long undeleted;
  private long refusedDeletes;
  private boolean deployed;
  private boolean faultsOver;

  Run(Lab lab, Script script, Bug bug) {
    this.lab = lab;
    this.script = script;
    this.bug = bug;
    this.random = new Random(script.seed());
    this.lots = new Random(~script.seed());
    boolean odd = script.scenario() == Scenario.RANDOM;
    this.faultRate = odd ? List.of(0.005, 0.01, 0.02, 0.05).get(random.nextInt(4)) : 0;
    this.overlaps = odd && random.nextBoolean();
    this.skewed = odd && random.nextInt(4) == 0;
    this.changes = odd && random.nextInt(4) == 0;
    this.everPoisonous = odd ? random.nextInt(8) == 0 : script.scenario().hasPoison();
    this.poisonous = everPoisonous;
    Manners manners =
        odd && random.nextBoolean() ? new Manners(0.05, 0.05, 0.2, 0.2) : Manners.PERFECT;
    this.turns = new Turns(clock, random);
    this.aws = new SimulatedAws(clock, random, manners);
    this.shop = new Shop(random);
    this.law = new Law(aws, lab.rows, violations::add);
    script.faults().ifPresent(faults -> faults.forEach(f -> planned.put(f.call(), f.kind())));
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
    aws.sqs.create(
        Lab.QUEUE,
        new SimulatedSqs.Settings(Duration.ofMinutes(1), 100, Optional.empty(), 120_000));
    aws.dynamodb.create(Lab.LEDGER, "pipeline", "item");
    lab.pipeline.references().forEach(r -> aws.dynamodb.create(Lab.table(r), r.key()));
    Shop.CUSTOMERS.forEach(row -> aws.dynamodb.put("shop-customers", row));
    Shop.RATES.forEach((currency, rate) ->
        aws.dynamodb.put(
            "shop-exchange_rates", Map.of("currency", currency, "rate", rate.toPlainString())));
    try {
      turns.run(this::schedule);
      law.check(sent, shop);
      if (undeleted < refusedDeletes) {
        violations.add(
            "%d deletes were refused, %d were told".formatted(refusedDeletes, undeleted));
      }
    } catch (RuntimeException broken) {
      violations.add(
          BROKE + String.valueOf(broken.getCause() == null ? broken : broken.getCause()));
    }
    return new Result(
        script, List.copyOf(violations), List.copyOf(operations), List.copyOf(happened), history);
  }

  private void schedule() {
    switch (script.scenario()) {
      case RANDOM -> minutes();
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
        send(shop.oneOfEach(clock.instant()));
        send(List.of(shop.poison(clock.instant())));
        for (int ticks = 0; ticks < UNTIL_PARKED; ticks++) {
          tick(MINUTE);
        }
        mend();
      }
      case DEPLOY -> {
        send(shop.oneOfEach(clock.instant()));
        send(List.of(shop.poison(clock.instant())));
        tick(MINUTE);
        deployed = true;
        tick(WHEN_ALL_IS_OVER);
      }
    }
    // Meets what needed time.
    tick(WHEN_ALL_IS_OVER);
    untilQuiet();
  }

  /// Fires, and goes on after a while, whether the tick has ended or not.
  private void tick(Duration until) {
    Tick tick = new Tick(this, id().toString(), false);
    turns.start(tick::run);
    promotes();
    turns.sleep(until);
  }

  /// The schedule fires each minute, and now and then late, twice or not at all.
  private void minutes() {
    int odd = 2 + random.nextInt(MOST_ODD_TICKS - 1);
    int gap = random.nextInt(4 * odd);
    send(messages(1 + random.nextInt(5)));
    if (everPoisonous) {
      send(List.of(shop.poison(clock.instant())));
    }
    for (int minute = 0; minute < odd; minute++) {
      int times = overlaps ? random.nextInt(4) : 1;
      for (int i = 0; i < times; i++) {
        Tick tick = new Tick(this, id().toString(), overlaps && random.nextInt(3) == 0);
        turns.start(tick::run);
      }
      promotes();
      turns.sleep(minute == gap ? hours() : MINUTE.plusSeconds(overlaps ? random.nextInt(30) : 0));
      send(messages(random.nextInt(2)));
    }
  }

  /// Nothing goes wrong any more.
  private void untilQuiet() {
    faultsOver = true;
    for (int ticks = 0; !isQuiet() || !turns.isAlone(); ) {
      if (isQuiet()) {
        // Whoever is suspended may wake and leave something.
        turns.sleep(Duration.ofHours(1));
        continue;
      }
      if (++ticks > PATIENCE) {
        violations.add("never quiet: " + law.state(lab.pipeline.name()));
        return;
      }
      if (ticks > UNTIL_MENDED) {
        mend();
      }
      new Tick(this, id().toString(), false).run();
      turns.sleep(WHEN_ALL_IS_OVER);
    }
  }

  /// The customers' table changes: in a small run before the next tick, else at any moment.
  private void promotes() {
    boolean isRandom = script.scenario() == Scenario.RANDOM;
    if (!isRandom || random.nextBoolean()) {
      turns.start(() -> {
        turns.sleep(isRandom ? Duration.ofSeconds(random.nextInt(90)) : MINUTE.minusSeconds(1));
        shop.promote(clock.instant()).forEach(row -> aws.dynamodb.put("shop-customers", row));
      });
    }
  }

  private boolean isQuiet() {
    return law.isQuiet(Lab.QUEUE, lab.pipeline.name());
  }

  /// Longer than the slack of clocks, and no longer than event ids are remembered.
  private Duration hours() {
    return Duration.ofMinutes(90 + random.nextInt(600));
  }

  /// For how long a function is suspended that wakes late.
  Duration nap() {
    return script.scenario() == Scenario.RANDOM && random.nextInt(4) == 0
        ? hours()
        : Tick.LEASE.plusMinutes(2);
  }

  /// What an operator does when chunks are parked: correct what cannot be digested, and bring them
  /// back.
  private void mend() {
    poisonous = false;
    long counted = happened.stream().filter(fault -> COUNTED.contains(fault.kind())).count();
    if (counted < 3) {
      law.parkedWithout(Shop.POISON)
          .forEach(chunk -> violations.add("parked for no reason: " + chunk));
    }
    try {
      new Invocation(this, "unpark")
          .run(() -> {
            for (ParkedChunk parked : lab.ledger.parked()) {
              lab.ledger.unpark(parked.chunk().id());
            }
            return true;
          });
    } catch (Death | TransientFailure failed) {
      // Whoever did it will try again.
    }
  }

  private List<Message> messages(int count) {
    return Stream.generate(() -> shop.message(clock.instant())).limit(count).toList();
  }

  private void send(List<Message> messages) {
    messages.forEach(message -> sent.put(aws.sqs.send(Lab.QUEUE, message.body()), message));
  }

  private UUID id() {
    return new UUID(0, ++ids);
  }

  int depth() {
    return aws.sqs.depth(Lab.QUEUE);
  }

  Extracted extract(Lane lane) {
    Invocation invocation = new Invocation(this, "extract");
    Bucket bucket = bug.bucket(lab.bucket);
    Ledger ledger = bug.ledger(lab.ledger, bucket, turns);
    Extract extract =
        new Extract(
            lab.pipeline.name(), bug.source(lab.source), bucket, ledger, watch(), time(), this::id);
    return invocation.run(() -> extract.run(lane));
  }

  /// Another process's clock, which may go wrong by less than what windows allow for.
  private Clock time() {
    return skewed ? Clock.offset(clock, Duration.ofMinutes(random.nextInt(50) - 25)) : clock;
  }

  private Watch watch() {
    return fact -> {
      switch (fact) {
        case Fact.Staged(var _, long left) -> undeleted += left;
        case Fact.Published(Receipt receipt) -> {
          if (!told.add(receipt.what().sequence())) {
            violations.add("batch %d was told twice".formatted(receipt.what().sequence()));
          }
        }
        default -> {
          // Of no account here.
        }
      }
    };
  }

  Handover transform(String tick) {
    Environment environment = lab.take();
    Invocation invocation = new Invocation(this, "transform", environment::keep);
    boolean lives = false;
    try {
      Bucket bucket = bug.bucket(lab.bucket);
      boolean isChanged = deployed || (changes && random.nextInt(3) == 0);
      Pipeline pipeline = isChanged ? lab.changed() : lab.pipeline;
      Transform transform =
          new Transform(
              bug.pipeline(pipeline),
              bug.ledger(lab.ledger, bucket, turns),
              bucket,
              lab.tables,
              new Digesting(bug.engine(environment.engine()), invocation, pipeline),
              environment.scratch(),
              watch(),
              time(),
              this::id);
      Handover handover = invocation.run(() -> transform.run(tick, Tick.LEASE));
      lives = true;
      return handover;
    } catch (RuntimeException failed) {
      lives = true;
      throw failed;
    } finally {
      if (!lives && random.nextBoolean()) {
        environment.bringBack();
      } else if (!lives) {
        environment.empty();
      }
      lab.giveBack(environment);
    }
  }

  /// An engine that stumbles over poison, and of which the function may die.
  private final class Digesting implements Engine {
    private final Engine engine;
    private final Invocation invocation;
    private final Pipeline pipeline;

    Digesting(Engine engine, Invocation invocation, Pipeline pipeline) {
      this.engine = engine;
      this.invocation = invocation;
      this.pipeline = pipeline;
    }

    @Override
    public String version() {
      return engine.version();
    }

    @Override
    public Outcome run(Work work) {
      if (!work.plan().digest().equals(pipeline.digest() + " " + version())) {
        violations.add(
            "%s works on what was planned for %s"
                .formatted(pipeline.digest(), work.plan().digest()));
      }
      return invocation.work(() -> {
        if (poisonous && !deployed && work.chunks().stream().anyMatch(Run::holdsPoison)) {
          throw new EngineFailure(INDIGESTIBLE);
        }
        return engine.run(work);
      });
    }
  }

  private static boolean holdsPoison(Engine.LocalChunk file) {
    try (ChunkReader chunk = file.open()) {
      return Stream.generate(chunk::next)
          .takeWhile(Optional::isPresent)
          .map(Optional::orElseThrow)
          .map(Envelope::body)
          .anyMatch(body -> body.contains(Shop.POISON));
    }
  }

  Loaded load(Handover handover) {
    Invocation invocation = new Invocation(this, "load");
    Bucket bucket = bug.bucket(lab.bucket);
    Load load =
        new Load(
            lab.pipeline.name(), bug.ledger(lab.ledger, bucket, turns), bucket, watch(), time());
    return invocation.run(() -> load.run(handover));
  }

  /// A tick that failed for more than a service: that is as it should be only for poison.
  void failed(String stage, RuntimeException failure) {
    boolean isOfPoison =
        (failure instanceof EngineFailure && INDIGESTIBLE.equals(failure.getMessage()))
            || failure instanceof PipelineStopped;
    if (!isOfPoison || !everPoisonous) {
      violations.add(stage + " failed: " + failure);
    }
  }

  /// Counts a call; gives the fault that is due.
  Optional<Kind> next(String who, String operation) {
    int call = operations.size();
    double seconds = Duration.between(START, clock.instant()).toMillis() / 1000.0;
    String line = "%9.3f %4d %-9s %s".formatted(seconds, call, who, operation);
    if (faultsOver) {
      history.add(line);
      return Optional.empty();
    }
    operations.add(operation);
    Optional<Kind> kind =
        script.faults().isPresent()
            // Where the run is another than the one that the faults were chosen for, some cannot
            // hit.
            ? Optional.ofNullable(planned.get(call)).filter(k -> k.canHit(operation))
            : drawn(operation);
    history.add(line + kind.map(k -> "  <- " + k).orElse(""));
    kind.ifPresent(k -> happened.add(new Fault(call, k)));
    return kind;
  }

  private Optional<Kind> drawn(String operation) {
    if (lots.nextDouble() >= faultRate) {
      return Optional.empty();
    }
    List<Kind> kinds = Stream.of(Kind.values()).filter(k -> k.canHit(operation)).toList();
    return Optional.of(kinds.get(lots.nextInt(kinds.size())));
  }

  /// The cloud's answer, which takes a moment.
  Response answer(Request request, boolean grudging) {
    clock.advance(Duration.ofMillis(1 + random.nextInt(20)));
    return aws.answer(request, grudging);
  }

  /// Has a request take effect when whoever sent it has long gone on.
  void later(Request request) {
    turns.start(() -> {
      turns.sleep(nap());
      Response _ = answer(request, false);
    });
  }

  /// Notes an answer that a function got, and so knows of.
  void answered(Request request, Response response) {
    if (request.operation().equals("sqs DeleteMessageBatch")) {
      refusedDeletes += law.failedEntries(response);
    }
  }
}
