package dev.sluice.deployment;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The amount of each unit that AWS bills.
record Usage(Map<String, Double> amounts) {
  /// AWS list prices in us-east-1 in dollars, without the free tiers, of 2026-11-21.
  static final Map<String, Double> PRICES =
      Map.ofEntries(
          Map.entry("transition", 25e-6),
          Map.entry("Express execution", 1e-6),
          Map.entry("Express GB-second", 0.00001667),
          Map.entry("GB-second", 0.0000166667),
          Map.entry("invocation", 0.20e-6),
          Map.entry("SQS request", 0.40e-6),
          Map.entry("DynamoDB read", 0.125e-6),
          Map.entry("DynamoDB write", 0.625e-6),
          Map.entry("S3 write", 5e-6),
          Map.entry("S3 read", 0.40e-6),
          Map.entry("trace", 5e-6),
          Map.entry("GB of logs", 0.50),
          Map.entry("custom metric, a month", 0.30),
          Map.entry("metric of an alarm, a month", 0.10),
          Map.entry("dashboard, a month", 3.00),
          Map.entry("key, a month", 1.00));

  static final Usage NONE = new Usage(Map.of());

  static Usage of(String unit, double amount) {
    return new Usage(Map.of(unit, amount));
  }

  Usage and(Usage other) {
    Map<String, Double> sum = new HashMap<>(amounts);
    other.amounts.forEach((unit, amount) -> sum.merge(unit, amount, Double::sum));
    return new Usage(sum);
  }

  Usage times(double factor) {
    Map<String, Double> product = new HashMap<>();
    amounts.forEach((unit, amount) -> product.put(unit, amount * factor));
    return new Usage(product);
  }

  /// The price of these units, by default of all.
  double dollars(String... only) {
    Set<String> wanted = only.length == 0 ? amounts.keySet() : Set.of(only);
    return amounts.entrySet().stream()
        .filter(one -> wanted.contains(one.getKey()))
        .mapToDouble(one -> one.getValue() * PRICES.getOrDefault(one.getKey(), Double.NaN))
        .sum();
  }
}
