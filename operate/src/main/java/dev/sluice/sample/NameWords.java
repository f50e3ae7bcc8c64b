package dev.sluice.sample;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// The words of a field's name in lower case, and what they say about its values: `customerId`,
/// `Customer ID` and `customer_id` are the same words.
record NameWords(List<String> words) {
  private static final Set<String> ID =
      Set.of("id", "uuid", "guid", "key", "number", "no", "nr", "num", "code", "ref", "reference");
  private static final Set<String> STRONG_ID = Set.of("id", "uuid", "guid");
  private static final Set<String> OWN_ID = Set.of("id", "uuid", "guid", "message_id");
  private static final Set<String> CODE =
      Set.of(
          "zip",
          "zipcode",
          "postal",
          "postcode",
          "plz",
          "phone",
          "tel",
          "telephone",
          "mobile",
          "fax",
          "iban",
          "ssn",
          "ean",
          "isbn",
          "gtin",
          "upc");
  private static final Set<String> MONEY =
      Set.of(
          "price",
          "amount",
          "total",
          "subtotal",
          "cost",
          "fee",
          "fees",
          "tax",
          "vat",
          "revenue",
          "salary",
          "discount",
          "balance",
          "payment",
          "paid",
          "charge",
          "gross",
          "net",
          "usd",
          "eur",
          "gbp",
          "fare",
          "tip",
          "refund");
  private static final Set<String> NOT_MONEY =
      Set.of(
          "count",
          "quantity",
          "qty",
          "cents",
          "minor",
          "items",
          "percent",
          "pct",
          "rate",
          "ratio",
          "seconds",
          "ms",
          "id",
          "number",
          "code",
          "votes",
          "reviews",
          "type");
  private static final Set<String> MEASUREMENT =
      Set.of(
          "lat",
          "lon",
          "lng",
          "latitude",
          "longitude",
          "temperature",
          "humidity",
          "pressure",
          "weight",
          "percent",
          "pct",
          "ratio",
          "probability");
  private static final Set<String> TIME = Set.of("time", "timestamp", "ts", "datetime", "when");
  private static final Set<String> OF_EVENT = Set.of("event", "occurred", "happened");
  private static final Set<String> LATER =
      Set.of(
          "updated",
          "modified",
          "changed",
          "deleted",
          "expires",
          "expiry",
          "expiration",
          "due",
          "birth",
          "dob",
          "valid",
          "until",
          "end",
          "ended",
          "loaded",
          "ingested",
          "processed");

  static NameWords of(String name) {
    String separated = name.replaceAll("(?<=[\\p{Ll}0-9])(?=\\p{Lu})", "_");
    return new NameWords(
        Stream.of(separated.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+"))
            .filter(word -> !word.isEmpty())
            .toList());
  }

  private boolean any(Set<String> of) {
    return words.stream().anyMatch(of::contains);
  }

  private String last() {
    return words.isEmpty() ? "" : words.getLast();
  }

  String joined() {
    return String.join("_", words);
  }

  /// Whether it names an identifier: its last word is `id`, `number`, `code` and the like.
  boolean isId() {
    return ID.contains(last());
  }

  /// Whether its last word can only be an identifier.
  boolean isStrongId() {
    return STRONG_ID.contains(last());
  }

  /// Whether it names a code that may begin with zeros, like a postal code.
  boolean isCode() {
    return any(CODE);
  }

  boolean isMoney() {
    return any(MONEY) && !any(NOT_MONEY);
  }

  /// Whether it names a quantity that usually has decimals.
  boolean isMeasurement() {
    return any(MEASUREMENT);
  }

  /// How well the name fits the time of an event, from 0 (it says nothing about a time) to 4;
  /// negative for another time, like the last update.
  int timeScore() {
    if (any(LATER)) {
      return -1;
    }
    boolean isTime = any(TIME) || last().equals("at");
    if (any(OF_EVENT) && isTime) {
      return 4;
    }
    if (words.size() == 1 && isTime) {
      return 3;
    }
    return isTime ? 2 : any(Set.of("date", "day", "created")) ? 1 : 0;
  }

  /// How well the name fits the id of an event of `type`, from 0 (it is no id) to 4.
  int idScore(String type) {
    String name = joined();
    if (name.equals("event_id")) {
      return 4;
    }
    if (OWN_ID.contains(name)) {
      return 3;
    }
    if (!isId()) {
      return 0;
    }
    return name.startsWith(type + "_") ? 2 : 1;
  }
}
