package dev.sluice.hostile;

import java.time.Instant;
import java.util.Random;
import java.util.stream.Collectors;

/// Generates random values, ids and events. The same seed generates the same input.
final class InputGenerator {
  private final Random random;
  private final String run;
  private final Instant sent;
  private long uniques;

  /// @param run a prefix of all ids, unique to this run
  /// @param sent the time at which the messages are sent
  InputGenerator(long seed, String run, Instant sent) {
    this.random = new Random(seed);
    this.run = run;
    this.sent = sent;
  }

  Random random() {
    return random;
  }

  Instant sent() {
    return sent;
  }

  /// A valid event with a new id.
  EventBuilder event() {
    return new EventBuilder(this, unique());
  }

  /// A text that was not returned before.
  String unique() {
    return run + "-" + uniques++;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  String pick(String... texts) {
    return texts[below(texts.length)];
  }

  /// From 1 to `max` random characters of `characters`.
  String anyOf(String characters, int max) {
    int[] points = characters.codePoints().toArray();
    return random
        .ints(1L + below(max), 0, points.length)
        .mapToObj(i -> Character.toString(points[i]))
        .collect(Collectors.joining());
  }

  /// `text` as a JSON string, with some unnecessary escapes.
  String quoted(String text) {
    boolean escapesMore = below(8) == 0;
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || (escapesMore && below(3) == 0)) {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
