package dev.sluice.hostile;

import java.time.Instant;
import java.util.Random;
import java.util.stream.Collectors;

/// What the classes write their events with; its seed decides all that it writes.
final class Pen {
  private final Random random;
  private final String run;
  private final Instant sent;
  private long written;

  /// @param run names this run, so that no two share an id
  /// @param sent when the messages are sent
  Pen(long seed, String run, Instant sent) {
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

  /// A good event with an id of its own.
  Draft event() {
    return new Draft(this, fresh());
  }

  /// A text that was not there before.
  String fresh() {
    return run + "-" + written++;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  String pick(String... texts) {
    return texts[below(texts.length)];
  }

  /// Some of `characters`, up to `most` of them, at least one.
  String some(String characters, int most) {
    int[] points = characters.codePoints().toArray();
    return random
        .ints(1L + below(most), 0, points.length)
        .mapToObj(i -> Character.toString(points[i]))
        .collect(Collectors.joining());
  }

  /// A JSON string that says `text`, some of it escaped without need.
  String quoted(String text) {
    boolean eager = below(8) == 0;
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || (eager && below(3) == 0)) {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
