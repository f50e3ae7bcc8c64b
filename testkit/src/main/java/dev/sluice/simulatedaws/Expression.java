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

/// A condition or an update in DynamoDB's language, read while it is evaluated against one item.
///
/// It knows comparisons, BETWEEN, AND, OR, NOT, attribute_exists, attribute_not_exists,
/// begins_with; SET with + and -, and REMOVE; attributes of the top level only.
final class Expression {
  private static final Pattern TOKEN =
      Pattern.compile("[#:]?[A-Za-z_][A-Za-z0-9_]*|<=|>=|<>|[=<>(),+-]");

  private final String text;
  private final List<String> tokens;
  private final JsonNode names;
  private final JsonNode values;
  private final ObjectNode item;
  private int at;

  /// @param request names the attributes (`#a`) and values (`:v`) that the text uses
  Expression(String text, JsonNode request, ObjectNode item) {
    this.text = text;
    this.tokens = TOKEN.matcher(text).results().map(MatchResult::group).toList();
    this.names = request.path("ExpressionAttributeNames");
    this.values = request.path("ExpressionAttributeValues");
    this.item = item;
  }

  /// Whether the item fulfils the condition.
  boolean holds() {
    boolean holds = or();
    if (at < tokens.size()) {
      throw unknown();
    }
    return holds;
  }

  private IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "not simulated, from '%s' on: %s"
            .formatted(at < tokens.size() ? tokens.get(at) : "the end", text));
  }

  private boolean or() {
    boolean holds = and();
    while (isNext("OR")) {
      // Both sides are read, whatever the first says.
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
      throw unknown();
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
      default -> throw unknown();
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

  /// A value, or an attribute's value; null when the item has no such attribute.
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
    boolean fits(int comparison);
  }

  /// False where the two are not of one type, or one is not there.
  private static boolean compares(@Nullable JsonNode one, @Nullable JsonNode other, Order order) {
    if (one == null || other == null) {
      return false;
    }
    if (one.has("N") && other.has("N")) {
      return order.fits(number(one).compareTo(number(other)));
    }
    return one.has("S")
        && other.has("S")
        && order.fits(Arrays.compareUnsigned(text(one), text(other)));
  }

  private static BigDecimal number(JsonNode value) {
    return new BigDecimal(value.path("N").asString());
  }

  private static byte[] text(JsonNode value) {
    return value.path("S").asString().getBytes(StandardCharsets.UTF_8);
  }

  /// The item after the update.
  ///
  /// @throws MissingOperand when a sum is over an attribute that is not there
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
        throw unknown();
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

  /// What DynamoDB refuses with a ValidationException.
  static final class MissingOperand extends RuntimeException {
    MissingOperand() {
      super("The provided expression refers to an attribute that does not exist in the item");
    }
  }
}
