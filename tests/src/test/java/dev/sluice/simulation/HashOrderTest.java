package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.hashorder.SaltedHash;
import dev.sluice.simulation.HashOrderRun.HashOrderDefect;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Repeats a run in another process, whose maps have other orders.
final class HashOrderTest {
  @TempDir Path folder;

  @Test
  void theSameSeedRepeatsTheRun() {
    assertThat(here(HashOrderDefect.NONE)).isNotEmpty().isEqualTo(here(HashOrderDefect.NONE));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theResultDoesNotDependOnTheHashOrder(int salt) throws IOException {
    assertThat(inAnotherProcess(HashOrderDefect.NONE, salt)).isEqualTo(here(HashOrderDefect.NONE));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void findsTheInjectedDefect(HashOrderDefect injected) throws IOException {
    assertThat(List.of(inAnotherProcess(injected, 1), inAnotherProcess(injected, 2)))
        .as("the results with two salts")
        .anySatisfy(result -> assertThat(result).isNotEqualTo(here(injected)));
  }

  private List<String> here(HashOrderDefect injected) {
    return HashOrderRun.lines(Simulation.plain(folder.resolve("run")), injected);
  }

  private List<String> inAnotherProcess(HashOrderDefect injected, int salt) throws IOException {
    Process process =
        new ProcessBuilder(
                Stream.of(
                        List.of(ProcessHandle.current().info().command().orElseThrow()),
                        SaltedHash.options(folder.resolve("salted"), salt),
                        List.of(
                            "-Dsluice.home=..",
                            "-cp",
                            System.getProperty("java.class.path"),
                            HashOrderRun.class.getName(),
                            injected.name()))
                    .flatMap(List::stream)
                    .toList())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return process.inputReader(StandardCharsets.UTF_8).lines().toList();
  }
}
