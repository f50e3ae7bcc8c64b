package dev.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A Markdown file of the documentation.
record Document(String text) {
  private static final List<String> WORDS =
      List.of(
          "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  static Document read(String name) {
    try {
      return new Document(Files.readString(Path.of("../docs").resolve(name)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// The rows of the table with this header, each with its cells.
  List<List<String>> table(String header) {
    List<List<String>> rows =
        text.lines()
            .dropWhile(line -> !line.equals(header))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(row -> Stream.of(row.split("\\|", -1)).map(String::strip).toList())
            .map(cells -> cells.subList(1, cells.size() - 1))
            .toList();
    if (rows.isEmpty()) {
      throw new AssertionError("no table with the header " + header);
    }
    return rows;
  }

  /// The groups of a sentence, in which any white space may stand for a space.
  MatchResult sentence(String pattern) {
    Matcher sentence = Pattern.compile(pattern.replace(" ", "\\s+"), Pattern.DOTALL).matcher(text);
    if (!sentence.find()) {
      throw new AssertionError("no sentence like: " + pattern);
    }
    return sentence.toMatchResult();
  }

  /// A number in a sentence, like `10,000`.
  int number(String pattern) {
    return Integer.parseInt(sentence(pattern).group(1).replace(",", ""));
  }

  /// A number in a sentence that is a word, like `eight`.
  int numberInWords(String pattern) {
    int number = WORDS.indexOf(sentence(pattern).group(1));
    assertThat(number).as(pattern).isPositive();
    return number;
  }

  /// The texts between backticks.
  static List<String> code(String cell) {
    return CODE.matcher(cell).results().map(code -> code.group(1)).toList();
  }
}
