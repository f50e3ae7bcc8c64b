package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process of its own, for its memory is judged; under folders that catch what breaks out.
final class HostileTest {
  private static final int EVENTS = 100_000;

  @Test
  void everyHostileEventBecomesWhatItMust(@TempDir Path folder) throws Exception {
    Path here = Files.createDirectories(folder.resolve("deep/trap/trap/trap"));
    Path tmp = Files.createDirectory(here.resolve("tmp"));
    Path told = folder.resolve("told");

    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + tmp,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Hostile.class.getName(),
                "--events",
                "" + EVENTS)
            .directory(here.toFile())
            .redirectErrorStream(true)
            .redirectOutput(told.toFile())
            .start();

    boolean isOver = process.waitFor(5, TimeUnit.MINUTES);
    String output = Files.readString(told);
    process.destroyForcibly();
    assertThat(isOver && process.exitValue() == 0).as(output).isTrue();
    System.out.println(output.lines().reduce((_, last) -> last).orElseThrow());
  }
}
