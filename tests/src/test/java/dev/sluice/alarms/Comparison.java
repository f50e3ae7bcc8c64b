package dev.sluice.alarms;

import java.util.Arrays;

/// A comparison in metric math or of an alarm.
enum Comparison {
  LESS("<", "LessThanThreshold"),
  AT_MOST("<=", "LessThanOrEqualToThreshold"),
  GREATER(">", "GreaterThanThreshold"),
  AT_LEAST(">=", "GreaterThanOrEqualToThreshold"),
  EQUAL("==", ""),
  NOT_EQUAL("!=", "");

  private final String operator;
  private final String ofAlarm;

  Comparison(String operator, String ofAlarm) {
    this.operator = operator;
    this.ofAlarm = ofAlarm;
  }

  /// @param name an operator of metric math, or a `ComparisonOperator` of an alarm
  static Comparison of(String name) {
    return Arrays.stream(values())
        .filter(one -> one.operator.equals(name) || one.ofAlarm.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown comparison: " + name));
  }

  boolean holds(double left, double right) {
    return switch (this) {
      case LESS -> left < right;
      case AT_MOST -> left <= right;
      case GREATER -> left > right;
      case AT_LEAST -> left >= right;
      case EQUAL -> left == right;
      case NOT_EQUAL -> left != right;
    };
  }
}
