package dev.sluice.pipeline;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the known name that was probably meant by an unknown one.
final class Spelling {
  private Spelling() {}

  /// The first of `known` that differs by one edit, ignoring case and `-` for `_`.
  static Optional<String> nearest(String name, Collection<String> known) {
    String normal = name.toLowerCase(Locale.ROOT).replace('-', '_');
    return known.stream().filter(candidate -> isNear(candidate, normal)).findFirst();
  }

  /// Whether the texts differ by at most one inserted, removed or replaced letter, or by two
  /// adjacent letters in exchanged order.
  private static boolean isNear(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    int prefix = 0;
    while (prefix < shorter && one.charAt(prefix) == other.charAt(prefix)) {
      prefix++;
    }
    int suffix = 0;
    while (suffix < shorter - prefix
        && one.charAt(one.length() - 1 - suffix) == other.charAt(other.length() - 1 - suffix)) {
      suffix++;
    }
    int differing = Math.max(one.length(), other.length()) - prefix - suffix;
    return differing <= 1
        || (differing == 2
            && one.length() == other.length()
            && one.charAt(prefix) == other.charAt(prefix + 1)
            && one.charAt(prefix + 1) == other.charAt(prefix));
  }
}
