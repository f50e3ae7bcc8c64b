package dev.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonTextTest {
  /// In the text, `~` stands for a high surrogate and `_` for a low one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "plain|\"plain\"",
        "a\"b\\c|\"a\\\"b\\\\c\"",
        "~_|\"~_\"",
        "a~_b\"|\"a~_b\\\"\"",
        "~|\"\\ud83d\"",
        "_|\"\\ude42\"",
        "a~|\"a\\ud83d\"",
        "_~|\"\\ude42\\ud83d\"",
        "~~_|\"\\ud83d~_\"",
        "~a_|\"\\ud83da\\ude42\"",
      })
  void escapesQuotesAndLoneSurrogates(String text, String json) {
    assertThat(JsonText.of(new Json.Text(surrogates(text)))).isEqualTo(surrogates(json));
  }

  private static String surrogates(String text) {
    return text.replace('~', '\ud83d').replace('_', '\ude42');
  }
}
