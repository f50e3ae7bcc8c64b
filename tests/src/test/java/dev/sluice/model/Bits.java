package dev.sluice.model;

/// A state's fields as bits. One list of fields serves both ways: when writing, [#of] takes a value
/// and gives it back; when reading, it ignores the value and gives what was written.
final class Bits {
  /// How many longs one state takes.
  static final int WORDS = 3;

  private final long[] words;
  private final boolean reading;
  private int at;

  private Bits(long[] words, boolean reading) {
    this.words = words;
    this.reading = reading;
  }

  static Bits write(long[] into) {
    java.util.Arrays.fill(into, 0);
    return new Bits(into, false);
  }

  static Bits read(long[] from) {
    return new Bits(from, true);
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

  @SuppressWarnings("EnumOrdinal") // no state outlives its search
  <E extends Enum<E>> E of(E value, E[] all, int bits) {
    return all[of(value.ordinal(), bits)];
  }
}
