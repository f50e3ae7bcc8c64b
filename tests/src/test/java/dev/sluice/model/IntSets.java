package dev.sluice.model;

/// Sets of numbers below 32, as the bits of an int.
final class IntSets {
  private IntSets() {}

  static int of(int... members) {
    int set = 0;
    for (int member : members) {
      set |= 1 << member;
    }
    return set;
  }

  static boolean has(int set, int member) {
    return ((set >> member) & 1) != 0;
  }

  static boolean isSubset(int set, int whole) {
    return (set & ~whole) == 0;
  }

  static int size(int set) {
    return Integer.bitCount(set);
  }

  /// The smallest `count` members.
  static int first(int set, int count) {
    int left = set;
    for (int i = 0; i < count; i++) {
      left &= left - 1;
    }
    return set & ~left;
  }
}
