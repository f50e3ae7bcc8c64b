package dev.sluice.sample;

import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/// The smallest and the largest of the added values.
final class Range<T> {
  private final Comparator<T> order;
  private Optional<T> smallest = Optional.empty();
  private Optional<T> largest = Optional.empty();

  Range(Comparator<T> order) {
    this.order = order;
  }

  void add(T value) {
    if (smallest.isEmpty() || order.compare(value, smallest.get()) < 0) {
      smallest = Optional.of(value);
    }
    if (largest.isEmpty() || order.compare(value, largest.get()) > 0) {
      largest = Optional.of(value);
    }
  }

  Optional<T> smallest() {
    return smallest;
  }

  Optional<T> largest() {
    return largest;
  }

  /// The text of the smallest value; empty if there are no values.
  String smallest(Function<T, String> text) {
    return smallest.map(text).orElse("");
  }

  /// The text of the largest value; empty if there are no values.
  String largest(Function<T, String> text) {
    return largest.map(text).orElse("");
  }
}
