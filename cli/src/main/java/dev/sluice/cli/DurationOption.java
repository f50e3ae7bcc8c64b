package dev.sluice.cli;

import dev.sluice.pipeline.Durations;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Parses the value of an option that is a duration.
final class DurationOption {
  private DurationOption() {}

  /// @param examples valid values for the error message, like `10s or 1m`
  /// @throws ParameterException if `text` is not a duration
  static Duration parse(CommandSpec command, String option, String text, String examples) {
    return Durations.span(text)
        .orElseThrow(() ->
            new ParameterException(
                command.commandLine(),
                "%s is '%s'; write a duration like %s".formatted(option, text, examples)));
  }
}
