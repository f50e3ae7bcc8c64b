package dev.sluice.expected;

import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/// A defect of admission, which changes an admitted event.
enum AdmissionDefect {
  CUTS_HASHES_TO_64_BITS(e ->
      with(e, e.text(), new UUID(e.content().getMostSignificantBits(), 0), e.time(), e.broken())),
  TRIMS_THE_TEXT(e -> with(e, e.text().strip(), e.content(), e.time(), e.broken())),
  TRUNCATES_TIMES_TO_SECONDS(e ->
      with(
          e,
          e.text(),
          e.content(),
          e.time().map(time -> time.truncatedTo(ChronoUnit.SECONDS)),
          e.broken())),
  REVERSES_THE_REASONS(e -> with(e, e.text(), e.content(), e.time(), e.broken().reversed()));

  @SuppressWarnings("ImmutableEnumChecker") // A defect has no state.
  private final UnaryOperator<Admitted> change;

  AdmissionDefect(UnaryOperator<Admitted> change) {
    this.change = change;
  }

  private static Admitted with(
      Admitted e, String text, UUID content, Optional<Instant> time, List<String> broken) {
    return new Admitted(
        text,
        e.json(),
        e.type(),
        e.id(),
        e.identity(),
        content,
        time,
        e.fields(),
        broken,
        e.detail());
  }

  Admission applyTo(Admission event) {
    return switch (event) {
      case Admitted admitted -> change.apply(admitted);
      case Rejected rejected -> rejected;
    };
  }
}
