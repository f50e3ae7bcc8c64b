package dev.sluice.simulation;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The rows of the references of a batch, by key. Each decimal has the scale of its column.
record PlainReferences(
    Map<String, Map<String, String>> accounts, Map<String, Map<String, String>> rates) {
  Optional<String> account(@Nullable String account, String column) {
    return value(accounts, account, column);
  }

  @Nullable BigDecimal discount(@Nullable String account) {
    return decimal(account(account, "discount"), 4);
  }

  @Nullable BigDecimal rate(@Nullable String currency) {
    return decimal(value(rates, currency, "rate"), 6);
  }

  @Nullable BigDecimal fee(@Nullable String currency) {
    return decimal(value(rates, currency, "fee"), 3);
  }

  private static Optional<String> value(
      Map<String, Map<String, String>> rows, @Nullable String key, String column) {
    return key == null
        ? Optional.empty()
        : Optional.ofNullable(rows.get(key)).flatMap(row -> Optional.ofNullable(row.get(column)));
  }

  private static @Nullable BigDecimal decimal(Optional<String> digits, int scale) {
    return digits.map(text -> new BigDecimal(text).setScale(scale)).orElse(null);
  }
}
