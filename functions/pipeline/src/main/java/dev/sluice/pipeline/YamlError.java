package dev.sluice.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;

/// Converts an error of the YAML parser to a problem with its line and what to do.
final class YamlError {
  /// A message of the parser, and the hint that replaces it.
  private record Rewrite(Pattern message, String hint) {
    Rewrite(String message, String hint) {
      this(Pattern.compile(message), hint);
    }
  }

  private static final List<Rewrite> REWRITES =
      List.of(
          new Rewrite(
              "found character '.t\\(TAB\\)'.*",
              "has a tab in the indentation; indent with spaces"),
          new Rewrite(
              "found character '(.)'.*", "has a value that begins with $1; put it in quotes"),
          new Rewrite(
              "found undefined alias .*", "has a value that begins with *; put it in quotes"),
          new Rewrite(
              "mapping values are not allowed here",
              "has an unexpected colon; correct the indentation, or put a value with a colon in"
                  + " quotes"),
          new Rewrite(
              "expected ',' or '([]}])'.*",
              "has no closing $1; add it, or put a value with a comma, colon or bracket in quotes"),
          new Rewrite(
              "expected <block end>.*",
              "is not valid here; close quotes and brackets above, and correct the indentation"),
          new Rewrite(".*<stream end>.*", "ends inside a bracket or quote; close it"),
          new Rewrite("but found another document", "has a second document (---); keep one"),
          new Rewrite(
              "found unknown escape character (.).*",
              "has an invalid escape, \\\\$1, in double quotes; use single quotes"));

  private YamlError() {}

  static Problem problem(String yaml, YamlEngineException error) {
    return switch (error) {
      case MarkedYamlEngineException marked ->
          at(
              marked.getProblemMark().map(Mark::getLine).orElse(0) + 1,
              hint(String.valueOf(marked.getProblem())));
      case ReaderException reader ->
          at(
              1 + lineBreaks(yaml, reader.getPosition()),
              "has the control character U+%04X; remove it".formatted(reader.getCodePoint()));
      case YamlVersionException _ ->
          at(1, "has an unsupported version in the directive %YAML; remove the directive");
      // The limits of `PipelineFolder` are the only other cause.
      default ->
          lineOfAlias(yaml)
              .map(line ->
                  at(
                      line,
                      "uses an alias (*name) of a list or mapping, which is not supported; write the value out"))
              .orElseGet(() -> at(1, "is larger than 3 MiB; use fewer tables or columns"));
    };
  }

  private static Problem at(int line, String hint) {
    return new Problem(PipelineFolder.YAML, line, "YAML", "", hint);
  }

  private static String hint(String problem) {
    String text = problem;
    for (Rewrite rewrite : REWRITES) {
      text = rewrite.message.matcher(text).replaceFirst(rewrite.hint);
    }
    return text;
  }

  private static int lineBreaks(String yaml, int position) {
    return (int) yaml.codePoints().limit(position).filter(c -> c == '\n').count();
  }

  private static Optional<Integer> lineOfAlias(String yaml) {
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    for (Event event : new Parse(settings).parseString(yaml)) {
      if (event instanceof AliasEvent) {
        return event.getStartMark().map(mark -> mark.getLine() + 1);
      }
    }
    return Optional.empty();
  }
}
