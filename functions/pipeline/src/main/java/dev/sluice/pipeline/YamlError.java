package dev.sluice.pipeline;

import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// What the YAML parser says, told as a problem: where, and what to do about it.
final class YamlError {
  /// The parser's words, and ours.
  private record Words(Pattern theirs, String ours) {
    Words(String theirs, String ours) {
      this(Pattern.compile(theirs), ours);
    }
  }

  private static final List<Words> WORDS =
      List.of(
          new Words(
              "found character '.t\\(TAB\\)'.*", "a tab stands here; indent with blanks only"),
          new Words("found character '(.)'.*", "a text that begins with $1 must stand in quotes"),
          new Words("found undefined alias .*", "a text that begins with * must stand in quotes"),
          new Words(
              "mapping values are not allowed here",
              "a colon is not expected here: align the line with those above, or put a text with a"
                  + " colon in quotes"),
          new Words(
              "expected ',' or '([]}])'.*",
              "a $1 is missing before this; a text with a comma, a colon or brackets must stand in"
                  + " quotes"),
          new Words(
              "expected <block end>.*",
              "does not belong here: a quote or bracket above is not closed, or the line is not"
                  + " aligned"),
          new Words(".*<stream end>.*", "the file ends before everything is closed"),
          new Words("but found another document", "a second document begins here (---); keep one"),
          new Words(
              "found unknown escape character (.).*",
              "between double quotes a backslash before $1 means nothing: use single quotes"));

  private YamlError() {}

  static Problem problem(String yaml, YamlEngineException error) {
    return switch (error) {
      case MarkedYamlEngineException marked ->
          at(
              marked.getProblemMark().map(Mark::getLine).orElse(0) + 1,
              inOurWords(String.valueOf(marked.getProblem())));
      case ReaderException reader ->
          at(
              1 + breaks(yaml, reader.getPosition()),
              "the control character U+%04X stands here; remove it"
                  .formatted(reader.getCodePoint()));
      default ->
          at(
              lineOfAlias(yaml),
              "an alias of a list or a mapping (*name) is not read; write it out");
    };
  }

  private static Problem at(int line, String hint) {
    return new Problem(PipelineFolder.YAML, line, "YAML", "", hint);
  }

  private static String inOurWords(String problem) {
    String text = problem;
    for (Words words : WORDS) {
      text = words.theirs.matcher(text).replaceFirst(words.ours);
    }
    return text;
  }

  private static int breaks(String yaml, int position) {
    return (int) yaml.codePoints().limit(position).filter(c -> c == '\n').count();
  }

  private static int lineOfAlias(String yaml) {
    for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) {
      if (event instanceof AliasEvent) {
        return event.getStartMark().map(Mark::getLine).orElse(0) + 1;
      }
    }
    return 1;
  }
}
