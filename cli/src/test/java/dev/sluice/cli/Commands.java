package dev.sluice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;

/// Runs `sluice` in this process.
final class Commands {
  private Commands() {}

  /// Runs a command on the pipelines in a folder.
  ///
  /// @return its exit code
  static int run(StringWriter out, StringWriter err, Path pipelines, String... arguments) {
    return run(
        out,
        err,
        Stream.concat(Stream.of(arguments), Stream.of("--pipelines", pipelines.toString()))
            .toArray(String[]::new));
  }

  /// Runs a command.
  ///
  /// @return its exit code
  static int run(StringWriter out, StringWriter err, String... arguments) {
    return Sluice.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
