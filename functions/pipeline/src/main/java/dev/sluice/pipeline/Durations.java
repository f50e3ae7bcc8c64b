package dev.sluice.pipeline;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads durations and sizes as `pipeline.yaml` has them: `90d`, `+1h`, `256MiB`.
public final class Durations {
  private static final Pattern SPAN = Pattern.compile("([1-9][0-9]{0,5})(s|m|h|d)");
  private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,5})(MiB|GiB)");
  private static final Map<String, Duration> EVERY = new LinkedHashMap<>();

  static {
    for (String text : new String[] {"10s", "30s", "1m", "5m", "15m", "1h"}) {
      EVERY.put(text, span(text).orElseThrow());
    }
  }

  /// The intervals that a schedule may have, shortest first.
  public static final Set<String> FREQUENCIES = EVERY.keySet();

  private Durations() {}

  /// Reads one of [#FREQUENCIES].
  public static Optional<Duration> frequency(String text) {
    return Optional.ofNullable(EVERY.get(text));
  }

  /// The text of one of [#FREQUENCIES].
  public static String text(Duration frequency) {
    return EVERY.entrySet().stream()
        .filter(every -> every.getValue().equals(frequency))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(frequency.toString()));
  }

  /// Reads `10s`, `5m`, `24h`, `14d`.
  public static Optional<Duration> span(String text) {
    Matcher matcher = SPAN.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long n = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "s" -> Duration.ofSeconds(n);
          case "m" -> Duration.ofMinutes(n);
          case "h" -> Duration.ofHours(n);
          default -> Duration.ofDays(n);
        });
  }

  /// Reads `-90d`, `+1h`, `1h`.
  static Optional<Duration> signed(String text) {
    if (text.startsWith("-")) {
      return span(text.substring(1)).map(Duration::negated);
    }
    return span(text.startsWith("+") ? text.substring(1) : text);
  }

  /// Reads `1MiB` up to `4GiB`.
  static Optional<Long> bytes(String text) {
    Matcher matcher = BYTES.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long bytes = Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("MiB") ? 20 : 30);
    return Optional.of(bytes).filter(b -> b <= 4L << 30);
  }
}
