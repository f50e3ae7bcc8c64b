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

/// Tests two processes on one data folder.
final class DataFolderTest {
  @TempDir private Path data = Path.of("");

  private final OtherProcess other = new OtherProcess();
  private final OtherProcess survivor = new OtherProcess();

  @AfterEach
  void killProcesses() {
    other.kill();
    survivor.kill();
  }

  @Test
  void keepsTheEmulatorsRunningUntilTheLastUserIsDone() throws Exception {
    DataFolder host = DataFolder.open(data);
    other.open(data);
    assertThat(other.output()).isEqualTo("attached");

    CompletableFuture<Void> closing = CompletableFuture.runAsync(host::close);

    assertThatThrownBy(() -> closing.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    other.proceed();
    assertThat(other.output()).isEqualTo("answered");
    closing.get(60, TimeUnit.SECONDS);
  }

  @Test
  void doesNotWaitForAUserThatWasKilled() throws Exception {
    DataFolder host = DataFolder.open(data);
    other.open(data);
    assertThat(other.output()).isEqualTo("attached");

    other.kill();

    CompletableFuture.runAsync(host::close).get(60, TimeUnit.SECONDS);
  }

  @Test
  void takesOverFromAKilledHostWithoutWaitingForItsUsers() throws Exception {
    other.open(data);
    assertThat(other.output()).isEqualTo("host");
    survivor.open(data);
    assertThat(survivor.output()).isEqualTo("attached");

    other.kill();

    DataFolder taken = DataFolder.open(data);
    assertThat(taken.isHost()).isTrue();
    OtherProcess.connect(taken.endpoints().s3());
    CompletableFuture.runAsync(taken::close).get(60, TimeUnit.SECONDS);
  }
}
