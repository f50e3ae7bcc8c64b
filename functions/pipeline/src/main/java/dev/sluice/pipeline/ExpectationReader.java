package dev.sluice.pipeline;

import dev.sluice.pipeline.Pipeline.Expectation;
import dev.sluice.pipeline.Pipeline.Otherwise;
import dev.sluice.pipeline.Pipeline.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Reads `expect` of a table.
final class ExpectationReader {
  private static final String HINT = "must be a condition on a row, like amount >= 0";

  private ExpectationReader() {}

  static List<Expectation> read(Section expect) {
    List<Expectation> expectations = new ArrayList<>();
    for (String name : expect.names()) {
      if (!Names.isName(name)) {
        expect.problem(name, "", Names.invalid("an expectation"));
      }
      expectation(name, expect).ifPresent(expectations::add);
    }
    return expectations;
  }

  private static Optional<Expectation> expectation(String name, Section expect) {
    if (!expect.isMapping(name)) {
      return expect
          .sql(name, HINT)
          .map(check -> new Expectation(name, check, Otherwise.QUARANTINE, ""));
    }
    Section rule = expect.section(name);
    Optional<Sql> check = rule.sql("check", HINT);
    Otherwise otherwise =
        rule.optional(
            "otherwise",
            Otherwise.QUARANTINE,
            "must be quarantine, warn or fail",
            ExpectationReader::otherwise);
    String description = rule.description();
    rule.rejectUnknown();
    return check.map(sql -> new Expectation(name, sql, otherwise, description));
  }

  private static Optional<Otherwise> otherwise(String text) {
    return Stream.of(Otherwise.values())
        .filter(value -> value.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }
}
