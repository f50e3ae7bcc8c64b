package dev.sluice.pipeline;

import dev.sluice.pipeline.Alarm.Calculation;
import dev.sluice.pipeline.Alarm.Condition;
import dev.sluice.pipeline.Alarm.Constant;
import dev.sluice.pipeline.Alarm.MetricValue;
import dev.sluice.pipeline.Alarm.Statistic;
import dev.sluice.pipeline.Alarm.Term;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Parses a condition of an alarm, like `payments_captured + payments_declined >= 50`:
///
/// ```
/// condition = sum ("<" | "<=" | ">" | ">=" | "==" | "!=") sum
/// sum       = product (("+" | "-") product)*
/// product   = factor (("*" | "/") factor)*
/// factor    = number | metric | ("sum" | "avg" | "min" | "max") "(" metric ")" | "-" factor | "(" sum ")"
/// ```
final class AlarmCondition {
  /// Limits the depth of the recursion, and the length of the expression in CloudWatch.
  static final int MAX_LENGTH = 200;

  private static final Pattern TOKEN =
      Pattern.compile("\\s*([0-9]+(?:\\.[0-9]+)?|[A-Za-z_]\\w*|<=|>=|==|!=|[-+*/()<>]|\\S)");
  private static final String OPERATORS = "<=|>=|==|!=|<|>";
  private static final String NAME = "[A-Za-z_]\\w*";

  private final Set<String> metrics;
  private final List<String> tokens = new ArrayList<>();
  private int next;
  private boolean hasMetric;

  /// A condition with a problem. The message is a hint of a [Problem].
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1;

    Invalid(String hint) {
      super(hint);
    }
  }

  private AlarmCondition(String text, Set<String> metrics) {
    this.metrics = metrics;
    Matcher token = TOKEN.matcher(text);
    while (token.find()) {
      tokens.add(token.group(1));
    }
  }

  /// @param metrics the names of the pipeline's metrics
  static Condition parse(String text, Set<String> metrics) throws Invalid {
    if (text.length() > MAX_LENGTH) {
      throw new Invalid("has %d characters; use at most %d".formatted(text.length(), MAX_LENGTH));
    }
    AlarmCondition parser = new AlarmCondition(text, metrics);
    Term left = parser.sum();
    String operator = parser.take(OPERATORS, "a comparison (<, <=, >, >=, == or !=)");
    Term right = parser.sum();
    parser.take("", "the end");
    if (!parser.hasMetric) {
      throw new Invalid("must compare at least one metric");
    }
    return new Condition(text, left, operator, right);
  }

  private Term sum() throws Invalid {
    Term sum = product();
    while (peek().matches("[-+]")) {
      sum = new Calculation(sum, take().charAt(0), product());
    }
    return sum;
  }

  private Term product() throws Invalid {
    Term product = factor();
    while (peek().matches("[*/]")) {
      product = new Calculation(product, take().charAt(0), factor());
    }
    return product;
  }

  private Term factor() throws Invalid {
    if (peek().equals("-")) {
      take();
      return new Calculation(new Constant(BigDecimal.ZERO), '-', factor());
    }
    if (peek().equals("(")) {
      take();
      Term inner = sum();
      take("\\)", "a closing bracket");
      return inner;
    }
    String token = take("[0-9].*|" + NAME, "a number, a metric or an opening bracket");
    if (Character.isDigit(token.charAt(0))) {
      return new Constant(new BigDecimal(token));
    }
    return peek().equals("(") ? call(token) : new MetricValue(metric(token), Optional.empty());
  }

  private Term call(String function) throws Invalid {
    Optional<Statistic> statistic =
        Stream.of(Statistic.values())
            .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(function))
            .findFirst();
    if (statistic.isEmpty()) {
      throw new Invalid(
          "has the unknown function %s; use sum, avg, min or max".formatted(function));
    }
    take();
    Term value = new MetricValue(metric(take(NAME, "a metric")), statistic);
    take("\\)", "a closing bracket");
    return value;
  }

  private String metric(String name) throws Invalid {
    if (!metrics.contains(name)) {
      String meant =
          Spelling.nearest(name, metrics).map(near -> "; did you mean " + near + "?").orElse("");
      throw new Invalid(
          "%s is not a metric of this pipeline%s metrics: %s"
              .formatted(
                  name,
                  meant.isEmpty() ? ";" : meant,
                  metrics.isEmpty() ? "none" : String.join(", ", metrics)));
    }
    hasMetric = true;
    return name;
  }

  private String peek() {
    return next < tokens.size() ? tokens.get(next) : "";
  }

  private String take() {
    String token = peek();
    next++;
    return token;
  }

  private String take(String pattern, String expected) throws Invalid {
    if (!peek().matches(pattern)) {
      String before = next == 0 ? "at the start" : "after '" + tokens.get(next - 1) + "'";
      throw new Invalid(
          "must be a comparison like payments_declined >= 50; %s it needs %s, and has %s"
              .formatted(before, expected, peek().isEmpty() ? "nothing" : "'" + peek() + "'"));
    }
    return take();
  }
}
