package dev.sluice.model;

import java.util.EnumSet;
import java.util.Set;

/// The rules of the protocol, which the model can switch off one by one. docs/protocol.md lists the
/// methods that implement each.
enum Rule {
  // Extract
  STAGE_BEFORE_DELETE("A message is deleted only after its chunk is in the ledger."),
  STAGE_ONCE("A chunk is written to the ledger once, without retries."),
  DELETE_ONLY_STAGED("A lane deletes only the messages of its chunk."),
  START_FOR_EARLIER_WORK(
      "A tick that stages nothing starts its execution if an earlier tick left work."),

  // Plans
  LIST_AFTER_HEAD("Staged chunks are listed after the head is read."),
  SEAL_WITHOUT_PLAN("An open plan is resumed; a plan is sealed only if none is open."),
  SEAL_COMPARES_CLEARED("A plan is sealed only if no plan was cleared since the head was read."),
  SEAL_COMPARES_SEQUENCE(
      "A plan is sealed only if the sequence has not changed since the head was read.",
      SEAL_COMPARES_CLEARED),
  PUBLISH_FIRST("An unpublished batch is published before anything else is done."),
  SEAL_AFTER_PUBLISHED("A plan is sealed only if the previous batch is published.", PUBLISH_FIRST),
  PARKING_RAISES_CLEARED("When a chunk is parked, the count of cleared plans increases."),
  RESEAL_OF_DIFFERENT_DIGEST("A plan with a different digest is resealed before it is processed."),
  RESEAL_UNDER_FRESH_ID("A resealed plan gets a new id."),
  RESEAL_COMPARES_PLAN("A plan is resealed only if it is still the open plan."),
  HALVE_BEFORE_PARKING("A plan of several chunks is halved after too many failures."),
  PARK_AFTER_FAILURES("If a plan with a single chunk fails too often, that chunk is parked."),
  PARK_COMPARES("A chunk is parked only if its plan is open and the chunk is staged."),

  // Attempts
  SAVE_REFERENCES("The first attempt saves the reference rows that it read for later attempts."),
  REFERENCES_IF_ABSENT("Reference rows are saved only if absent: the first attempt to save wins."),
  OWN_FOLDER("Each attempt writes to its own folder."),
  PUBLISH_AFTER_COMMIT("Nothing is written to the lake before the commit."),

  // The commit
  COMMIT_COMPARES_PLAN("A batch is committed only if its plan is open."),
  COMMIT_TAKES_STAGED(
      "A commit succeeds only if it removes each of its chunks from the staged chunks.",
      COMMIT_COMPARES_PLAN),
  COMMIT_COMPARES_SEQUENCE(
      "A batch is committed only with the sequence after the last one.",
      COMMIT_COMPARES_PLAN,
      COMMIT_TAKES_STAGED),
  COMMIT_ATOMICALLY("Head, batch and chunks change in one transaction."),
  KEEP_WORK_IN_DOUBT("If the result of a commit is unknown, no work files are deleted."),

  // Publishing
  PUBLISH_WHAT_IS_NAMED(
      "The attempt that the ledger names is published, whichever process made it."),
  RECEIPT_AFTER_FILES("The receipt is written after the last file."),
  MARK_AFTER_RECEIPT("A batch is marked as published after its receipt is written."),
  COPY_AGAIN("Publishing a batch again overwrites the files that already exist."),

  // Duplicates
  DROP_COPIES_IN_BATCH("Only the first copy of a message in a batch counts."),
  DROP_SEEN_COPIES("A message that an earlier batch received does not count again."),
  WINDOW_FROM_SENT("The window starts when the messages were sent, however long ago."),
  WINDOW_FROM_OLDEST("The window starts at the oldest message of the plan."),
  SEEN_HOLDS_RECEIVED("A seen file has every message that was received, not only those loaded."),
  SEEN_BEFORE_COMMIT("The seen file of a batch is written before the commit."),
  SEEN_AFTER_COMMIT("A seen file is used only if its batch is committed."),
  DROP_REPEATED_IN_BATCH("Only the first of the events with one id in a batch is loaded."),
  FIRST_BY_SENDING("The first is the one that was sent first, regardless of its chunk."),
  DROP_SEEN_EVENTS("An event whose id an earlier batch loaded is not loaded again."),
  REMEMBER_EVENTS("Event ids are remembered for longer than the window of redelivery."),
  COMPARE_CONTENT("An event with a known id and different content is a conflict, not a duplicate."),
  FORGET_BAD_EVENTS("The id of a quarantined event is not remembered.");

  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // The array is never changed.
  private final Rule[] backups;

  /// @param backups rules that prevent the same violations: if only this rule is switched off, no
  ///   invariant is violated; if the backups are switched off as well, one is
  Rule(String sentence, Rule... backups) {
    this.sentence = sentence;
    this.backups = backups;
  }

  /// The rule as docs/protocol.md states it.
  String sentence() {
    return sentence;
  }

  boolean hasBackups() {
    return backups.length > 0;
  }

  /// The rules to switch off to show what happens without this one: it and its backups.
  Set<Rule> withBackups() {
    return EnumSet.of(this, backups);
  }
}
