package dev.sluice.model;

import java.util.Arrays;

/// The fields of a state, packed into bits. The same sequence of calls of [#of] writes and reads.
/// When writing, `of` packs its argument and returns it. When reading, it ignores its argument and
/// returns the packed value.
final class PackedFields {
  /// The number of longs of one state.
  static final int WORDS = 3;

  private final long[] words;
  private final boolean reading;
  private int at;

  private PackedFields(long[] words, boolean reading) {
    this.words = words;
    this.reading = reading;
  }

  static PackedFields write(long[] into) {
    Arrays.fill(into, 0);
    return new PackedFields(into, false);
  }

  static PackedFields read(long[] from) {
    return new PackedFields(from, true);
  }

  int of(int value, int bits) {
    if (at % Long.SIZE + bits > Long.SIZE) {
      at += Long.SIZE - at % Long.SIZE;
    }
    int word = at / Long.SIZE;
    int shift = at % Long.SIZE;
    at += bits;
    if (reading) {
      return (int) (words[word] >>> shift) & ((1 << bits) - 1);
    }
    if (value >>> bits != 0) {
      throw new IllegalStateException(value + " does not fit into " + bits + " bits");
    }
    words[word] |= (long) value << shift;
    return value;
  }

  boolean of(boolean value) {
    return of(value ? 1 : 0, 1) == 1;
  }

  @SuppressWarnings("EnumOrdinal") // Packed states are never stored.
  <E extends Enum<E>> E of(E value, E[] all, int bits) {
    return all[of(value.ordinal(), bits)];
  }
}
