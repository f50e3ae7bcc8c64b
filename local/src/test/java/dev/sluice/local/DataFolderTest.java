package dev.sluice.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes on one data folder.
final class DataFolderTest {
  @TempDir private Path data = Path.of("");

  private final Neighbour neighbour = new Neighbour();
  private final Neighbour survivor = new Neighbour();

  @AfterEach
  void endNeighbours() {
    neighbour.kill();
    survivor.kill();
  }

  @Test
  void keepsTheServersUpUntilTheLastUserIsDone() throws Exception {
    DataFolder host = DataFolder.open(data);
    neighbour.open(data);
    assertThat(neighbour.says()).isEqualTo("attached");

    CompletableFuture<Void> closing = CompletableFuture.runAsync(host::close);

    assertThatThrownBy(() -> closing.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    neighbour.goOn();
    assertThat(neighbour.says()).isEqualTo("answered");
    closing.get(60, TimeUnit.SECONDS);
  }

  @Test
  void doesNotWaitForAUserThatWasKilled() throws Exception {
    DataFolder host = DataFolder.open(data);
    neighbour.open(data);
    assertThat(neighbour.says()).isEqualTo("attached");

    neighbour.kill();

    CompletableFuture.runAsync(host::close).get(60, TimeUnit.SECONDS);
  }

  @Test
  void takesOverFromAHostThatWasKilledAndWaitsForNoneOfItsUsers() throws Exception {
    neighbour.open(data);
    assertThat(neighbour.says()).isEqualTo("mine");
    survivor.open(data);
    assertThat(survivor.says()).isEqualTo("attached");

    neighbour.kill();

    DataFolder taken = DataFolder.open(data);
    assertThat(taken.isHost()).isTrue();
    Neighbour.connect(taken.endpoints().s3());
    CompletableFuture.runAsync(taken::close).get(60, TimeUnit.SECONDS);
  }
}
