package dev.sluice.pipeline;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Checks the names that a pipeline may use.
public final class Names {
  /// What a name must have, for a hint.
  public static final String RULE =
      "at most 41 characters: lower-case letters, digits and _, starting with a letter";

  /// What a column of a reference must have, for a hint.
  static final String COLUMN_RULE =
      "at most 61 characters: letters, digits and _, not starting with a digit";

  private static final Predicate<String> NAME =
      Pattern.compile("[a-z][a-z0-9_]{0,40}").asMatchPredicate();
  private static final Predicate<String> COLUMN =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,60}").asMatchPredicate();

  private static final Set<String> RESERVED_COLUMNS =
      Set.of(
          "n",
          "event",
          "event_id",
          "event_type",
          "event_time",
          "message_id",
          "sent_at",
          "batch",
          "dt",
          "hour");

  private Names() {}

  /// Whether `text` is a column of every `events`, or one that Sluice adds to a table.
  public static boolean isReservedColumn(String text) {
    return RESERVED_COLUMNS.contains(text.toLowerCase(Locale.ROOT));
  }

  /// The name of a pipeline, reference, table, expectation, metric or partition column.
  static Optional<String> parse(String text) {
    return Optional.of(text).filter(NAME);
  }

  /// Whether `text` may name a pipeline or table.
  public static boolean isName(String text) {
    return NAME.test(text);
  }

  /// Whether `text` may name a field or a member of a struct.
  public static boolean isColumn(String text) {
    return COLUMN.test(text);
  }

  /// The name of an attribute in DynamoDB, which is a column of a reference.
  static Optional<String> parseColumn(String text) {
    return Optional.of(text).filter(COLUMN);
  }

  /// The problem of a `kind` with an invalid name.
  static String invalid(String kind) {
    return "is not a valid name of %s; use %s".formatted(kind, RULE);
  }
}
