package dev.sluice.model;

import static dev.sluice.model.Scenario.event;

import dev.sluice.model.Scenario.Event;
import java.util.List;

/// The scenarios: small ones, which every build searches, and large ones, which only `./sluice
/// model` searches.
final class Scenarios {
  private static final Event INVALID = new Event(0, 1, 0, true);
  private static final Event CORRECTED = new Event(1, 1, 1, false);

  static final Scenario REDELIVERY = Scenario.of("redelivery", event(0, 1), event(0, 0));
  static final Scenario TWO_MESSAGES = Scenario.of("two messages", event(0, 0), event(1, 0));
  static final Scenario REPEATED = Scenario.of("repeated event", event(0, 1), event(1, 1));
  static final Scenario CONFLICT =
      Scenario.of("conflict", event(0, 1), new Event(1, 1, 1, false)).ticks(1);
  static final Scenario CORRECTION = Scenario.of("corrected event", INVALID, CORRECTED).ticks(1);
  static final Scenario DEPLOY = Scenario.of("deploy", event(0, 1)).withDeploy();
  static final Scenario REFERENCES = Scenario.of("references", event(0, 1)).withReferences();
  static final Scenario PARKING = Scenario.of("parking", event(0, 1)).poisoned();
  static final Scenario POISON = Scenario.of("poison", event(0, 1)).poisoned(0);

  private static final Scenario AMONG_OTHERS =
      Scenario.of("poison among others", event(0, 1), event(1, 0)).poisoned(1);

  static final List<Scenario> SMALL =
      List.of(
          REDELIVERY,
          REDELIVERY.lanes(2).chunks(3, 2),
          TWO_MESSAGES,
          REPEATED,
          CONFLICT,
          CORRECTION,
          DEPLOY,
          REFERENCES,
          PARKING,
          POISON,
          AMONG_OTHERS.ticks(1));

  static final List<Scenario> LARGE =
      List.of(
          TWO_MESSAGES.lanes(2),
          TWO_MESSAGES.chunks(3, 1),
          Scenario.of("two events in one message", event(0, 1), event(0, 0), event(1, 1)).lanes(2),
          Scenario.of("three messages", event(0, 1), event(1, 0), event(2, 1)).ticks(1),
          REPEATED.lanes(2),
          CONFLICT.ticks(2),
          CORRECTION.ticks(2),
          DEPLOY.lanes(2).chunks(3, 2),
          REFERENCES.lanes(2).withDeploy(),
          AMONG_OTHERS,
          PARKING.lanes(2).withDeploy().chunks(3, 2));

  private Scenarios() {}

  /// A small scenario in which an invariant is violated without the rule.
  static Scenario thatNeeds(Rule rule) {
    return switch (rule) {
      case STAGE_BEFORE_DELETE,
          STAGE_ONCE,
          SEAL_COMPARES_SEQUENCE,
          SEAL_AFTER_PUBLISHED,
          LIST_AFTER_HEAD,
          COMMIT_COMPARES_SEQUENCE,
          COMMIT_ATOMICALLY,
          KEEP_WORK_IN_DOUBT,
          PUBLISH_AFTER_COMMIT,
          PUBLISH_FIRST,
          RECEIPT_AFTER_FILES,
          MARK_AFTER_RECEIPT,
          COPY_AGAIN,
          DROP_COPIES_IN_BATCH,
          DROP_SEEN_COPIES,
          WINDOW_FROM_SENT,
          SEEN_BEFORE_COMMIT ->
          REDELIVERY;
      case DELETE_ONLY_STAGED, WINDOW_FROM_OLDEST -> TWO_MESSAGES;
      case DROP_REPEATED_IN_BATCH, DROP_SEEN_EVENTS, REMEMBER_EVENTS -> REPEATED;
      case COMPARE_CONTENT, FIRST_BY_SENDING, SEEN_HOLDS_RECEIVED -> CONFLICT;
      case FORGET_BAD_EVENTS -> CORRECTION;
      case RESEAL_OF_DIFFERENT_DIGEST,
          RESEAL_UNDER_FRESH_ID,
          RESEAL_COMPARES_PLAN,
          OWN_FOLDER,
          SEEN_AFTER_COMMIT,
          COMMIT_COMPARES_PLAN,
          PUBLISH_WHAT_IS_NAMED ->
          DEPLOY;
      case SAVE_REFERENCES, REFERENCES_IF_ABSENT -> REFERENCES;
      case START_FOR_EARLIER_WORK,
          SEAL_COMPARES_CLEARED,
          PARKING_RAISES_CLEARED,
          PARK_COMPARES,
          COMMIT_TAKES_STAGED ->
          PARKING;
      case SEAL_WITHOUT_PLAN, HALVE_BEFORE_PARKING, PARK_AFTER_FAILURES -> POISON;
    };
  }
}
