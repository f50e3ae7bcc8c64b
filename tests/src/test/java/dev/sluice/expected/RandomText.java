package dev.sluice.expected;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Random JSON texts: all notations of numbers and strings, white space, nesting, names that occur
/// twice, and texts that are almost JSON.
final class RandomText {
  private static final List<String> NAMES =
      List.of("a", "b", "B", "", "a.b", " a ", "\ud83d\ude00", "\ufb01", "\u00e9", "type", "\\\"");

  private final RandomGenerator random;

  RandomText(RandomGenerator random) {
    this.random = random;
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  boolean chance(int of) {
    return random.nextInt(of) == 0;
  }

  /// A value of at most `levels` levels.
  String value(int levels) {
    return switch (random.nextInt(levels > 0 ? 9 : 5)) {
      case 0, 1 -> string(pick(Values.TEXTS));
      case 2 -> number();
      case 3 -> pick(List.of("true", "false", "null"));
      case 4 -> string(randomString());
      case 5, 6 ->
          Stream.generate(() -> value(levels - 1))
              .limit(random.nextInt(4))
              .collect(Collectors.joining(space() + "," + space(), "[" + space(), space() + "]"));
      default -> object(levels, members(levels));
    };
  }

  private List<String> members(int levels) {
    return Stream.generate(() -> string(pick(NAMES)) + space() + ":" + space() + value(levels - 1))
        .limit(random.nextInt(4))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  /// An object with `members` in any order.
  String object(int levels, List<String> members) {
    List<String> shuffled = new ArrayList<>(members);
    if (chance(3)) {
      shuffled.addAll(members(levels));
    }
    Collections.shuffle(shuffled, Random.from(random));
    return shuffled.stream()
        .collect(Collectors.joining(space() + "," + space(), "{" + space(), space() + "}"));
  }

  String member(String name, String value) {
    return string(name) + space() + ":" + space() + value;
  }

  private String number() {
    String digits =
        pick(List.of("0", "-0", "1", "-12", "1.50", "0.10", "-0.0", "120", "9007199254740993"));
    return digits + pick(List.of("", "", "", "e0", "E5", "e+03", "E-7", ".0", "e400"));
  }

  private String randomString() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint(
          switch (random.nextInt(8)) {
            case 0 -> random.nextInt(1, 0x20);
            case 1 -> random.nextInt(0x7f, 0xa1);
            case 2 -> random.nextInt(0x10000, 0x10ffff);
            case 3 -> pick(List.of((int) '"', (int) '\\', (int) '/', 0x2028, 0xffff, 0xfeff));
            case 4 -> (int) ' ';
            default -> random.nextInt('0', 'z');
          });
    }
    return text.toString();
  }

  /// `text` as a JSON string, some of whose characters are escaped.
  String string(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints().forEach(c -> out.append(c > 0xffff ? pair(c) : character((char) c)));
    if (chance(200)) {
      out.append(pick(List.of("\\ud800", "\\udc00\\ud800", "\\u0000", "\\uD83D\\uDE00")));
    }
    return out.append('"').toString();
  }

  /// Both surrogates are escaped, or neither.
  private String pair(int c) {
    return chance(3)
        ? "\\u%04x\\u%04X"
            .formatted((int) Character.highSurrogate(c), (int) Character.lowSurrogate(c))
        : Character.toString(c);
  }

  private String character(char c) {
    String shortForm =
        switch (c) {
          case '"' -> "\\\"";
          case '\\' -> "\\\\";
          case '\n' -> "\\n";
          case '\r' -> "\\r";
          case '\t' -> "\\t";
          case '\b' -> "\\b";
          case '\f' -> "\\f";
          case '/' -> chance(2) ? "\\/" : "/";
          default -> c < ' ' ? "" : Character.toString(c);
        };
    String hex = chance(2) ? "%04x" : "%04X";
    return shortForm.isEmpty() || chance(12) ? "\\u" + hex.formatted((int) c) : shortForm;
  }

  String space() {
    return chance(5) ? pick(List.of(" ", "\n", "\r\n", "\t", "  \n ")) : "";
  }

  /// `text` with a few characters inserted, removed or replaced.
  String damaged(String text) {
    StringBuilder damaged = new StringBuilder(text);
    for (int i = random.nextInt(3); i >= 0; i--) {
      int at = random.nextInt(damaged.length() + 1);
      int end = Math.min(damaged.length(), at + random.nextInt(2));
      damaged.replace(
          at,
          end,
          pick(List.of("", "\n", "{", "}", "[", "]", ",", ":", "\"", "\\", "0", "-", "\f")));
    }
    return damaged.toString();
  }
}
