package dev.sluice.alarms;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Evaluates an expression of CloudWatch metric math for one period after the other. A metric
/// without a value makes the result missing, except in `FILL`; so does a division by zero.
///
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html>
final class MetricMath {
  private static final Pattern TOKEN =
      Pattern.compile("[A-Za-z_]\\w*|\\d+(?:\\.\\d+)?|[<>=!]=|[-+*/<>(),]");

  private final String expression;
  private final List<String> tokens;
  private Map<String, @Nullable Double> metrics = Map.of();
  private int next;

  MetricMath(String expression) {
    this.expression = expression;
    this.tokens = TOKEN.matcher(expression).results().map(MatchResult::group).toList();
  }

  /// @param ofMetrics the value of each id; null if it has none
  @Nullable Double value(Map<String, @Nullable Double> ofMetrics) {
    metrics = ofMetrics;
    next = 0;
    Double value = or();
    if (next < tokens.size()) {
      throw new IllegalArgumentException(expression + ": unexpected " + tokens.get(next));
    }
    return value;
  }

  private @Nullable Double or() {
    Double left = and();
    while (accept("OR")) {
      left = calculated("OR", left, and());
    }
    return left;
  }

  private @Nullable Double and() {
    Double left = comparison();
    while (accept("AND")) {
      left = calculated("AND", left, comparison());
    }
    return left;
  }

  private @Nullable Double comparison() {
    Double left = sum();
    for (String operator : List.of("<=", ">=", "==", "!=", "<", ">")) {
      if (accept(operator)) {
        return calculated(operator, left, sum());
      }
    }
    return left;
  }

  private @Nullable Double sum() {
    Double left = product();
    while (peek().equals("+") || peek().equals("-")) {
      left = calculated(take(), left, product());
    }
    return left;
  }

  private @Nullable Double product() {
    Double left = operand();
    while (peek().equals("*") || peek().equals("/")) {
      left = calculated(take(), left, operand());
    }
    return left;
  }

  private @Nullable Double operand() {
    String token = take();
    return switch (token) {
      case "(" -> closed(or());
      case "FILL" -> {
        expect("(");
        Double value = or();
        expect(",");
        Double filling = closed(or());
        yield value == null ? filling : value;
      }
      case "IF" -> {
        expect("(");
        Double condition = or();
        expect(",");
        Double whenTrue = or();
        expect(",");
        Double whenFalse = closed(or());
        yield condition == null ? null : condition != 0 ? whenTrue : whenFalse;
      }
      default -> Character.isDigit(token.charAt(0)) ? Double.valueOf(token) : metric(token);
    };
  }

  private @Nullable Double closed(@Nullable Double value) {
    expect(")");
    return value;
  }

  private @Nullable Double metric(String id) {
    if (!metrics.containsKey(id)) {
      throw new IllegalArgumentException("no metric has the id " + id);
    }
    return metrics.get(id);
  }

  private static @Nullable Double calculated(
      String operator, @Nullable Double left, @Nullable Double right) {
    if (left == null || right == null) {
      return null;
    }
    return switch (operator) {
      case "+" -> left + right;
      case "-" -> left - right;
      case "*" -> left * right;
      case "/" -> right == 0 ? null : left / right;
      case "AND" -> number(left != 0 && right != 0);
      case "OR" -> number(left != 0 || right != 0);
      default -> number(Comparison.of(operator).holds(left, right));
    };
  }

  private static double number(boolean holds) {
    return holds ? 1 : 0;
  }

  private boolean accept(String token) {
    boolean found = peek().equals(token);
    next += found ? 1 : 0;
    return found;
  }

  private void expect(String token) {
    if (!accept(token)) {
      throw new IllegalArgumentException("expected %s, found '%s'".formatted(token, peek()));
    }
  }

  private String take() {
    String token = peek();
    next++;
    return token;
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }
}
