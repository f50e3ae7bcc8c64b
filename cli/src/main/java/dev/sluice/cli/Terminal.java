package dev.sluice.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Formats for people.
final class Terminal {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private Terminal() {}

  /// The time of day in the local time zone.
  static String clock(Instant at) {
    return CLOCK.format(LocalTime.ofInstant(at, ZoneId.systemDefault()));
  }

  /// A duration like `0.9 s`, `42 s`, `5 min`, `3 h` or `2 d`.
  static String duration(Duration duration) {
    double seconds = Math.max(0, duration.toMillis()) / 1000.0;
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 120) {
      return Math.round(seconds) + " s";
    }
    if (seconds < 2 * 3600) {
      return Math.round(seconds / 60) + " min";
    }
    return seconds < 48 * 3600
        ? Math.round(seconds / 3600) + " h"
        : Math.round(seconds / 86_400) + " d";
  }

  static String bytes(long bytes) {
    if (bytes < 10_000) {
      return bytes + " B";
    }
    if (bytes < 10_000_000) {
      return Math.round(bytes / 1000.0) + " kB";
    }
    return bytes < 10_000_000_000L
        ? Math.round(bytes / 1e6) + " MB"
        : Math.round(bytes / 1e9) + " GB";
  }

  /// Whether standard error is a terminal, as the launcher reports it.
  static boolean showsProgress() {
    return Boolean.getBoolean("sluice.terminal");
  }

  /// Clears the screen.
  static void clear(PrintWriter out) {
    out.print("\u001b[H\u001b[2J");
  }
}
