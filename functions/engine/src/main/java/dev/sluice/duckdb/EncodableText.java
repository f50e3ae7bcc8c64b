package dev.sluice.duckdb;

import java.util.stream.Collectors;

/// Makes any text encodable as UTF-8.
final class EncodableText {
  private EncodableText() {}

  /// The text, with each lone surrogate written as its JSON escape.
  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return text.codePoints()
            .mapToObj(
                c -> c >= 0xD800 && c <= 0xDFFF ? "\\u%04x".formatted(c) : Character.toString(c))
            .collect(Collectors.joining());
      }
    }
    return text;
  }
}
