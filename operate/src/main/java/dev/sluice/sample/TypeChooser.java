package dev.sluice.sample;

import dev.sluice.field.FieldType.AnyJson;
import dev.sluice.field.FieldType.Decimal;
import dev.sluice.field.FieldType.Elements;
import dev.sluice.field.FieldType.Member;
import dev.sluice.field.FieldType.Struct;
import dev.sluice.field.FieldType.Text;
import dev.sluice.pipeline.Names;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Chooses the type of a field: the most specific one that all its values have.
///
/// A type is also chosen if at least 99.5 % of at least 200 values have it. The other values are
/// treated as errors, and their events will be quarantined.
final class TypeChooser {
  private static final long MIN_VALUES = 200;
  private static final long MAX_MISFITS_PER_1000 = 5;
  private static final int MONEY_SCALE = 2;
  private static final int MONEY_INTEGERS = 16;
  private static final int MAX_PRECISION = 38;

  private TypeChooser() {}

  /// Whether `few` of `all` values are few enough to be treated as errors.
  static boolean isException(long few, long all) {
    return few == 0 || (all >= MIN_VALUES && few * 1000 <= all * MAX_MISFITS_PER_1000);
  }

  static Choice choose(String name, ValueProfile values) {
    if (values.present() == 0) {
      return Choice.of(new Text(), "no values");
    }
    if (values.areScalars()) {
      return scalar(NameWords.of(name), values.scalars());
    }
    if (values.areObjects()) {
      return struct(values.objects());
    }
    if (values.areLists()) {
      return list(name, values.elements());
    }
    return Choice.of(new AnyJson(), "the values are of different kinds or deeply nested");
  }

  private static Choice list(String name, ValueProfile elements) {
    if (elements.present() == 0) {
      return Choice.of(new AnyJson(), "all lists are empty");
    }
    Choice element = choose(name, elements);
    return new Choice(
        new Elements(element.type()),
        "lists: " + element.why(),
        element.misfits(),
        element.misfitCount());
  }

  private static Choice struct(ObjectProfile objects) {
    if (objects.members().isEmpty()) {
      return Choice.of(new AnyJson(), "all objects are empty");
    }
    if (objects.hasTooManyMembers() || !areColumns(objects.members().keySet())) {
      return Choice.of(new AnyJson(), "objects with names that are not valid names of columns");
    }
    List<Member> members = new ArrayList<>();
    List<String> misfits = new ArrayList<>();
    long misfitCount = 0;
    for (Map.Entry<String, ValueProfile> member : objects.members().entrySet()) {
      Choice choice = choose(member.getKey(), member.getValue());
      members.add(new Member(member.getKey(), choice.type()));
      misfits.addAll(choice.misfits());
      misfitCount += choice.misfitCount();
    }
    return new Choice(new Struct(members), "objects", misfits, misfitCount);
  }

  private static boolean areColumns(Set<String> names) {
    Set<String> inLowerCase = new HashSet<>();
    return names.stream()
        .allMatch(name -> Names.isColumn(name) && inLowerCase.add(name.toLowerCase(Locale.ROOT)));
  }

  private static Choice scalar(NameWords name, ScalarProfile values) {
    Optional<Candidate> found = candidate(values);
    if (found.isEmpty()) {
      return Choice.of(new Text(), text(values));
    }
    Candidate candidate = found.get();
    boolean isNumeric =
        EnumSet.of(Candidate.WHOLE, Candidate.DECIMAL, Candidate.NUMBER).contains(candidate);
    Optional<String> whyText = isNumeric ? whyText(candidate, name, values) : Optional.empty();
    if (whyText.isPresent()) {
      return Choice.of(new Text(), whyText.get());
    }
    long misfits = values.count() - values.fits(candidate);
    Choice choice = isNumeric ? numeric(candidate, name, values) : temporalOrFlag(candidate);
    return misfits == 0
        ? choice
        : new Choice(choice.type(), choice.why(), values.misfits(candidate), misfits);
  }

  private static String text(ScalarProfile values) {
    int distinct = values.distinct().size();
    if (distinct == 1) {
      return "text, always the same";
    }
    if (distinct > 0) {
      return "text, %d different values".formatted(distinct);
    }
    int shortest = values.lengths().smallest().orElseThrow().length();
    int longest = values.lengths().largest().orElseThrow().length();
    return shortest == longest
        ? "text of %,d characters".formatted(shortest)
        : "text of %,d to %,d characters".formatted(shortest, longest);
  }

  /// The first candidate that all values fit; otherwise the one that nearly all fit, if any.
  private static Optional<Candidate> candidate(ScalarProfile values) {
    return EnumSet.allOf(Candidate.class).stream()
        .filter(each -> isException(values.count() - values.fits(each), values.count()))
        .max(
            Comparator.comparingLong(values::fits)
                .thenComparing(Comparator.<Candidate>naturalOrder().reversed()));
  }

  /// Why numbers are kept as text, if they are.
  private static Optional<String> whyText(
      Candidate candidate, NameWords name, ScalarProfile values) {
    if (values.hasLeadingZeros()) {
      return Optional.of("numbers with leading zeros are codes");
    }
    if (name.isCode()) {
      return Optional.of("a code according to its name, not a quantity");
    }
    if (values.hasLongDigits() && (name.isId() || values.areStrings())) {
      return Optional.of("an id of more than 15 digits");
    }
    if (values.hasLongDigits() && candidate != Candidate.WHOLE) {
      return Optional.of("more digits than a number holds exactly");
    }
    return Optional.empty();
  }

  private static Choice numeric(Candidate candidate, NameWords name, ScalarProfile values) {
    int scale = values.scale();
    int integers = values.integers();
    if (name.isMoney() && candidate != Candidate.NUMBER) {
      if (scale <= MONEY_SCALE && integers <= MONEY_INTEGERS) {
        return Choice.of(Decimal.MONEY, "an amount according to its name, at most 2 decimals");
      }
      int precision = Math.max(Decimal.MONEY.precision(), integers + scale);
      if (precision <= MAX_PRECISION) {
        return Choice.of(
            new Decimal(precision, scale),
            "an amount according to its name, up to %d decimals".formatted(scale));
      }
    }
    if (candidate == Candidate.WHOLE && name.isMeasurement()) {
      return Choice.of(
          Candidate.NUMBER.type(), "whole numbers, but a measurement according to its name");
    }
    return candidate == Candidate.WHOLE
        ? Choice.of(candidate.type(), "whole numbers")
        : Choice.of(Candidate.NUMBER.type(), "numbers with decimals");
  }

  private static Choice temporalOrFlag(Candidate candidate) {
    return Choice.of(
        candidate.type(),
        switch (candidate) {
          case FLAG -> "true or false";
          case DAY -> "days";
          default -> "times";
        });
  }
}
