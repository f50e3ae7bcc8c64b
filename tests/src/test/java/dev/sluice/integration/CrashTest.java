package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chunk.ParkedChunk;
import dev.sluice.engine.Engine;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.DiesAfter;
import dev.sluice.fakes.Faults.DiesBefore;
import dev.sluice.fakes.Faults.Fails;
import dev.sluice.fakes.Faults.Fault;
import dev.sluice.fakes.Faults.LosesReply;
import dev.sluice.fakes.Faults.Sleeps;
import dev.sluice.fakes.LineEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Breaks every call that a tick makes, in every way that a call can break, and then lets an
/// unbroken process heal what is left. Whatever happened, each message is in the lake exactly once.
final class CrashTest {
  private static final Engine NEWER = new LineEngine("lines 2");
  private static final List<Fault> FAULTS =
      List.of(new DiesBefore(), new DiesAfter(), new Fails(), new LosesReply());

  @TempDir Path scratch;
  private int worlds;

  @Test
  void anUnbrokenTickLoadsEachMessageOnce() {
    World world = world().send(7);

    world.tick(new Faults(), World.ENGINE);

    assertThat(world.receipts()).hasSize(2);
    assertEachMessageOnce(world);
  }

  @TestFactory
  List<DynamicTest> oneBrokenCall() {
    return FAULTS.stream()
        .map(fault -> DynamicTest.dynamicTest(fault.toString(), () -> everyCall(_ -> fault)))
        .toList();
  }

  /// The process wakes when its lease is long over and a rival has done something.
  @TestFactory
  List<DynamicTest> oneSleepWhileARivalActs() {
    return List.of(
        sleep("ticks", world -> world.tick(new Faults(), World.ENGINE)),
        sleep("ticks under another digest", world -> world.tick(new Faults(), NEWER)),
        sleep(
            "seals a plan and dies",
            world -> world.transform(new Faults(), World.ENGINE).run("rival", World.LEASE)),
        sleep(
            "seals a plan under another digest and dies",
            world -> world.transform(new Faults(), NEWER).run("rival", World.LEASE)),
        sleep(
            "commits and dies",
            world -> tolerate(() -> world.tick(dyingAfterCommit(), World.ENGINE))),
        sleep(
            "parks what it can",
            world -> fiveTicks(world, new LineEngine("lines 1").failingOn(_ -> true))));
  }

  private DynamicTest sleep(String name, Consumer<World> rival) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            everyCall(world ->
                new Sleeps(() -> {
                  world.wake();
                  rival.accept(world);
                })));
  }

  private static void fiveTicks(World world, Engine engine) {
    for (int i = 0; i < 5; i++) {
      tolerate(() -> world.tick(new Faults(), engine));
      world.wake();
    }
  }

  private static Faults dyingAfterCommit() {
    return new Faults().atFirst("commit", new DiesAfter());
  }

  private void everyCall(Function<World, Fault> fault) {
    int call = 0;
    for (boolean reached = true; reached; call++) {
      World world = world().send(7);
      Faults faults = new Faults().at(call, fault.apply(world));

      tolerate(() -> world.tick(faults, World.ENGINE));
      world.send(1).heal(World.ENGINE);
      unparkAll(world);

      reached = faults.calls().size() > call;
      assertEachMessageOnce(world, "call " + call + " of " + faults.calls());
    }
    assertThat(call).as("calls of one tick").isGreaterThan(40);
  }

  @Test
  void manyBrokenCallsInARowStillLoadEachMessageOnce() {
    for (int seed = 0; seed < 150; seed++) {
      Random random = new Random(seed);
      World world = world().send(5);
      for (int process = 0; process < 4; process++) {
        Faults faults = new Faults();
        for (int n = 0; n < 2; n++) {
          faults.at(random.nextInt(50), FAULTS.get(random.nextInt(FAULTS.size())));
        }
        Engine engine = random.nextInt(5) == 0 ? NEWER : World.ENGINE;
        tolerate(() -> world.tick(faults, engine));
        world.send(1);
        if (random.nextBoolean()) {
          world.wake();
        }
      }

      world.heal(World.ENGINE);
      unparkAll(world);

      assertEachMessageOnce(world, "seed " + seed);
    }
  }

  /// A chunk that was staged without a clear answer is staged again with the same messages, so a
  /// poisonous message may be in two chunks, and two parkings stop the pipeline.
  @Test
  void aBrokenCallNeverParksWhatCanBeDigested() {
    Engine engine = new LineEngine("lines 1").failingOn("poison"::equals);
    for (Fault fault : FAULTS) {
      for (int call = 0; call < 60; call++) {
        World world = world().send(1).send("poison").send(5);
        Faults faults = new Faults().at(call, fault);

        tolerate(() -> world.tick(faults, engine));
        tolerate(() -> world.heal(engine));

        assertThat(world.ledger.parked())
            .as("%s at %s", fault, faults.calls())
            .hasSizeBetween(1, 2)
            .allMatch(parked -> world.bodies(parked.chunk()).contains("poison"));
        unparkAll(world);
        assertEachMessageOnce(world);
      }
    }
  }

  private World world() {
    return new World(scratch.resolve(Integer.toString(worlds++)));
  }

  /// What a process says when it ends is not asked here.
  private static void tolerate(Runnable process) {
    try {
      process.run();
    } catch (SluiceFailure | Faults.Death ended) {
      // The next process heals it.
    }
  }

  private static void unparkAll(World world) {
    for (ParkedChunk parked : world.ledger.parked()) {
      world.ledger.unpark(parked.chunk().id());
    }
    world.heal(World.ENGINE);
  }

  private static void assertEachMessageOnce(World world) {
    assertEachMessageOnce(world, "");
  }

  private static void assertEachMessageOnce(World world, String what) {
    assertThat(world.lake()).as(what).containsExactlyInAnyOrderElementsOf(world.sent());
    assertThat(world.bucket.list("lake/")).as(what).isEqualTo(world.named());
    assertThat(world.receipts())
        .as(what)
        .allMatch(receipt -> receipt.manifest().counts().balance());
    assertThat(world.emitted).as(what).doesNotHaveDuplicates();
  }
}
