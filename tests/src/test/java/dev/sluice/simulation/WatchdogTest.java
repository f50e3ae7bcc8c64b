package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.failure.TransientFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A run in which a function does not end fails, and says where it hangs.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WatchdogTest {
  private static final Script SCRIPT = new Script(1, Scenario.ONE_BATCH, Optional.of(List.of()));

  private final Path folder;

  WatchdogTest() throws IOException {
    folder = Simulation.folder();
  }

  @AfterAll
  void removeFolder() {
    ExecutionEnvironment.remove(folder);
  }

  @Test
  void aLoopWithoutCallsFailsAtTheLimitOfRealTime() {
    boolean[] ends = {false};
    Defect loops =
        Defects.ledger(
            "staged",
            call -> {
              while (!ends[0]) {
                Thread.onSpinWait();
              }
              return call.real().call();
            });

    Run.Result result = run(loops, Duration.ofSeconds(1));
    ends[0] = true;

    assertThat(result.violations())
        .singleElement()
        .asString()
        .startsWith(Run.DID_NOT_END + "no end after 1 s of real time")
        .contains("WatchdogTest", "at dev.sluice.extract.Extract.run");
  }

  @Test
  void aFunctionThatWaitsForEverFailsAtTheLimitOfRealTime() {
    Defect waits =
        Defects.bucket(
            "read",
            _ -> {
              new java.util.concurrent.CountDownLatch(1).await();
              return null;
            });

    assertThat(run(waits, Duration.ofSeconds(1)).violations())
        .singleElement()
        .asString()
        .startsWith(Run.DID_NOT_END + "no end after 1 s of real time")
        .contains("at dev.sluice.load.Load.run");
  }

  @Test
  void aLoopWithCallsFailsAtTheLimitOfCalls() {
    Defect repeats =
        Defects.ledger(
            "takeLease",
            call -> {
              while (true) {
                Object _ = call.real().call();
              }
            });

    assertThat(run(repeats, Duration.ofMinutes(1)).violations())
        .singleElement()
        .asString()
        .startsWith(Run.DID_NOT_END + "transform has not ended after 1000 calls")
        .contains("at dev.sluice.transform.Transform.run");
  }

  /// A failed run is repeated to find the faults that it needs; one that hangs is not.
  @Test
  void theFixtureCanBeUsedAfterARunThatHangs() {
    Fixture fixture = Simulation.plain(folder.resolve("again"));
    Defect waits =
        Defects.ledger(
            "commit",
            call -> {
              while (true) {
                try {
                  Object _ = call.port().head();
                } catch (TransientFailure again) {
                  // Reads it again.
                }
              }
            });

    assertThat(new Run(fixture, SCRIPT, waits).run().passed()).isFalse();
    assertThat(new Run(fixture, SCRIPT, Defect.NONE).run().violations()).isEmpty();
  }

  private Run.Result run(Defect defect, Duration limit) {
    return new Run(Simulation.plain(folder.resolve("fixture")), SCRIPT, defect).run(limit);
  }
}
