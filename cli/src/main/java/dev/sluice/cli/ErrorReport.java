package dev.sluice.cli;

import dev.sluice.failure.SluiceFailure;
import dev.sluice.operate.OperationFailed;
import dev.sluice.operate.UsageError;
import dev.sluice.pipeline.PipelineProblems;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.UnmatchedArgumentException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// Prints errors for people, and determines the exit code.
final class ErrorReport {
  private ErrorReport() {}

  static int print(CommandLine.ParameterException invalid) {
    CommandLine command = invalid.getCommandLine();
    boolean atRoot = command.getParent() == null;
    command.getErr().println("sluice: " + message(invalid, atRoot));
    command
        .getErr()
        .println(
            "        see ./sluice " + (atRoot ? "" : command.getCommandName() + " ") + "--help");
    return Sluice.USAGE;
  }

  private static String message(CommandLine.ParameterException invalid, boolean atRoot) {
    if (!(invalid instanceof UnmatchedArgumentException unmatched)) {
      return String.valueOf(invalid.getMessage());
    }
    String argument = unmatched.getUnmatched().getFirst();
    String kind = argument.startsWith("-") ? "option" : atRoot ? "command" : "argument";
    List<String> suggestions = unmatched.getSuggestions();
    return "unknown %s '%s'%s"
        .formatted(
            kind,
            argument,
            suggestions.isEmpty() ? "" : "; did you mean " + suggestions.getFirst() + "?");
  }

  static int print(Exception failure, boolean verbose, PrintWriter err) {
    switch (failure) {
      case UsageError _, OperationFailed _, UncheckedIOException _ ->
          err.println("sluice: " + failure.getMessage());
      case PipelineProblems problems -> err.println(problems.getMessage());
      case SluiceFailure failed -> {
        err.println("sluice: " + failed.getMessage());
        if (failed.getCause() instanceof SdkClientException) {
          err.println("        is the service reachable? Try again");
        }
      }
      case IOException failed -> err.println("sluice: " + failed);
      default ->
          err.println(
              "sluice: "
                  + failure
                  + (verbose
                      ? ""
                      : "\n        (unexpected error; --verbose shows the stack trace)"));
    }
    if (verbose) {
      failure.printStackTrace(err);
    }
    return failure instanceof UsageError ? Sluice.USAGE : Sluice.FAILED;
  }
}
