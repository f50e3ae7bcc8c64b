package dev.sluice.simulatedaws;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A DynamoDB condition or update expression, parsed and evaluated against one item at the same
/// time.
///
/// Supports comparisons, BETWEEN, AND, OR, NOT, attribute_exists, attribute_not_exists and
/// begins_with; SET with + and -, and REMOVE; only top-level attributes.
final class Expression {
  private static final Pattern TOKEN =
      Pattern.compile("[#:]?[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|[=<>(),+-]");

  private final String text;
  private final List<String> tokens;
  private final JsonNode names;
  private final JsonNode values;
  private final ObjectNode item;
  private int at;

  /// @param request the request with the attribute names (`#a`) and values (`:v`) of the expression
  Expression(String text, JsonNode request, ObjectNode item) {
    this.text = text;
    this.tokens = TOKEN.matcher(text).results().map(MatchResult::group).toList();
    this.names = request.path("ExpressionAttributeNames");
    this.values = request.path("ExpressionAttributeValues");
    this.item = item;
  }

  /// Whether the item meets the condition.
  boolean holds() {
    boolean holds = or();
    if (at < tokens.size()) {
      throw unsupported();
    }
    return holds;
  }

  private IllegalArgumentException unsupported() {
    return new IllegalArgumentException(
        "unsupported expression at '%s': %s"
            .formatted(at < tokens.size() ? tokens.get(at) : "the end", text));
  }

  private boolean or() {
    boolean holds = and();
    while (isNext("OR")) {
      // Both sides must be parsed, whatever the result of the first.
      holds |= and();
    }
    return holds;
  }

  private boolean and() {
    boolean holds = not();
    while (isNext("AND")) {
      holds &= not();
    }
    return holds;
  }

  private boolean not() {
    return isNext("NOT") ? !not() : comparison();
  }

  private boolean isNext(String token) {
    if (at < tokens.size() && tokens.get(at).equalsIgnoreCase(token)) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(String token) {
    if (!isNext(token)) {
      throw unsupported();
    }
  }

  private boolean comparison() {
    if (isNext("(")) {
      boolean holds = or();
      expect(")");
      return holds;
    }
    if (isNext("attribute_exists")) {
      return argument() != null;
    }
    if (isNext("attribute_not_exists")) {
      return argument() == null;
    }
    if (isNext("begins_with")) {
      expect("(");
      JsonNode value = operand();
      expect(",");
      JsonNode prefix = operand();
      expect(")");
      return value != null
          && prefix != null
          && value.has("S")
          && value.path("S").asString().startsWith(prefix.path("S").asString());
    }
    JsonNode left = operand();
    if (isNext("BETWEEN")) {
      JsonNode low = operand();
      expect("AND");
      JsonNode high = operand();
      return compares(left, low, c -> c >= 0) && compares(left, high, c -> c <= 0);
    }
    String operator = tokens.get(at++);
    JsonNode right = operand();
    return switch (operator) {
      case "=" -> isSame(left, right);
      case "<>" -> !isSame(left, right);
      case "<" -> compares(left, right, c -> c < 0);
      case "<=" -> compares(left, right, c -> c <= 0);
      case ">" -> compares(left, right, c -> c > 0);
      case ">=" -> compares(left, right, c -> c >= 0);
      default -> throw unsupported();
    };
  }

  private static boolean isSame(@Nullable JsonNode one, @Nullable JsonNode other) {
    return compares(one, other, c -> c == 0) || (one != null && one.equals(other));
  }

  private @Nullable JsonNode argument() {
    expect("(");
    JsonNode value = operand();
    expect(")");
    return value;
  }

  /// A value, or the value of an attribute; null if the item does not have the attribute.
  private @Nullable JsonNode operand() {
    String token = tokens.get(at);
    if (!token.startsWith(":")) {
      return item.get(name());
    }
    at++;
    JsonNode value = values.get(token);
    if (value == null) {
      throw new IllegalArgumentException("no value " + token + " for " + text);
    }
    return value;
  }

  private String name() {
    String token = tokens.get(at++);
    if (!token.startsWith("#")) {
      return token;
    }
    JsonNode name = names.get(token);
    if (name == null) {
      throw new IllegalArgumentException("no name " + token + " for " + text);
    }
    return name.asString();
  }

  private interface Order {
    boolean matches(int comparison);
  }

  /// False if the operands have different types or one is missing.
  private static boolean compares(@Nullable JsonNode one, @Nullable JsonNode other, Order order) {
    if (one == null || other == null) {
      return false;
    }
    if (one.has("N") && other.has("N")) {
      return order.matches(number(one).compareTo(number(other)));
    }
    return one.has("S")
        && other.has("S")
        && order.matches(Arrays.compareUnsigned(text(one), text(other)));
  }

  private static BigDecimal number(JsonNode value) {
    return new BigDecimal(value.path("N").asString());
  }

  private static byte[] text(JsonNode value) {
    return value.path("S").asString().getBytes(StandardCharsets.UTF_8);
  }

  /// The item after the update.
  ///
  /// @throws MissingOperand if an operand is a missing attribute
  ObjectNode updated() {
    List<Runnable> changes = new ArrayList<>();
    ObjectNode after = item.deepCopy();
    while (at < tokens.size()) {
      if (isNext("SET")) {
        do {
          String name = name();
          expect("=");
          JsonNode value = sum();
          changes.add(() -> after.set(name, value));
        } while (isNext(","));
      } else if (isNext("REMOVE")) {
        do {
          String name = name();
          changes.add(() -> after.remove(name));
        } while (isNext(","));
      } else {
        throw unsupported();
      }
    }
    changes.forEach(Runnable::run);
    return after;
  }

  private JsonNode sum() {
    JsonNode value = operand();
    while (at < tokens.size() && List.of("+", "-").contains(tokens.get(at))) {
      boolean adds = tokens.get(at++).equals("+");
      JsonNode other = operand();
      if (value == null || other == null) {
        throw new MissingOperand();
      }
      BigDecimal result =
          adds ? number(value).add(number(other)) : number(value).subtract(number(other));
      value = JsonNodeFactory.instance.objectNode().put("N", result.toPlainString());
    }
    if (value == null) {
      throw new MissingOperand();
    }
    return value;
  }

  /// DynamoDB returns a ValidationException for it.
  static final class MissingOperand extends RuntimeException {
    MissingOperand() {
      super("The provided expression refers to an attribute that does not exist in the item");
    }
  }
}
