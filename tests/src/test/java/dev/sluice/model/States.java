package dev.sluice.model;

import java.util.Arrays;

/// A hash table of the states found so far, numbered in the order in which they were found.
final class States {
  private static final int W = PackedFields.WORDS;

  private long[] words = new long[W << 12];
  private int[] slots = new int[1 << 13];
  private int size;

  int size() {
    return size;
  }

  long[] get(int number) {
    return Arrays.copyOfRange(words, number * W, number * W + W);
  }

  /// Returns the number of a state, and adds the state if it is new.
  int add(long[] state) {
    int slot = slot(state, 0);
    if (slots[slot] != 0) {
      return slots[slot] - 1;
    }
    if ((size + 1) * W > words.length) {
      words = Arrays.copyOf(words, (int) Math.min(Integer.MAX_VALUE - 8L, words.length * 2L));
    }
    System.arraycopy(state, 0, words, size * W, W);
    slots[slot] = ++size;
    if (size * 2L > slots.length) {
      rehash();
    }
    return size - 1;
  }

  private void rehash() {
    slots = new int[slots.length * 2];
    for (int number = 0; number < size; number++) {
      slots[slot(words, number * W)] = number + 1;
    }
  }

  /// The slot of the state at `from`, or the free slot for it.
  private int slot(long[] state, int from) {
    long hash = 0;
    for (int w = 0; w < W; w++) {
      hash = (hash ^ state[from + w]) * 0x9E3779B97F4A7C15L;
      hash ^= hash >>> 29;
    }
    int slot = (int) hash & (slots.length - 1);
    while (slots[slot] != 0
        && !Arrays.equals(words, (slots[slot] - 1) * W, slots[slot] * W, state, from, from + W)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
