package dev.sluice.aws;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The attributes of a DynamoDB item. A missing attribute is an error that names the item and the
/// attribute.
record DynamoItem(Map<String, AttributeValue> attributes) {
  static AttributeValue value(String text) {
    return AttributeValue.fromS(text);
  }

  static AttributeValue value(long number) {
    return AttributeValue.fromN(Long.toString(number));
  }

  static AttributeValue value(Instant instant) {
    return value(instant.toString());
  }

  static Map<String, AttributeValue> join(
      Map<String, AttributeValue> one, Map<String, AttributeValue> other) {
    Map<String, AttributeValue> both = new HashMap<>(one);
    both.putAll(other);
    return both;
  }

  boolean has(String name) {
    return attributes.containsKey(name);
  }

  String text(String name) {
    AttributeValue value = attributes.get(name);
    if (value == null || value.s() == null) {
      throw new IllegalStateException(
          "ledger item " + attributes + " has no string attribute '" + name + "'");
    }
    return value.s();
  }

  long number(String name) {
    AttributeValue value = attributes.get(name);
    if (value == null || value.n() == null) {
      throw new IllegalStateException(
          "ledger item " + attributes + " has no number attribute '" + name + "'");
    }
    return Long.parseLong(value.n());
  }

  Instant instant(String name) {
    return Instant.parse(text(name));
  }
}
