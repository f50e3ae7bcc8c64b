package dev.sluice.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checks 100,000 hostile events. Runs [Hostile] in its own process, because its memory is limited,
/// and below `trap` folders, so that files written outside its folder are found.
final class HostileTest {
  private static final int EVENTS = 100_000;

  @Test
  void everyHostileEventHasItsExpectedOutcome(@TempDir Path folder) throws Exception {
    Path here = Files.createDirectories(folder.resolve("deep/trap/trap/trap"));
    Path tmp = Files.createDirectory(here.resolve("tmp"));
    Path outputFile = folder.resolve("output");

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
            .redirectOutput(outputFile.toFile())
            .start();

    boolean hasEnded = process.waitFor(5, TimeUnit.MINUTES);
    String output = Files.readString(outputFile);
    process.destroyForcibly();
    assertThat(hasEnded && process.exitValue() == 0).as(output).isTrue();
    System.out.println(output.lines().reduce((_, last) -> last).orElseThrow());
  }
}
