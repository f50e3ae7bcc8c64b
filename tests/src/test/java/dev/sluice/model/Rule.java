package dev.sluice.model;

import java.util.EnumSet;
import java.util.Set;

/// The rules of the protocol, each of which the model can leave out: the one place to switch one
/// off. docs/protocol.md says where the code keeps each.
enum Rule {
  // Extract
  STAGE_BEFORE_DELETE("A message is deleted only when its chunk is in the ledger."),
  STAGE_ONCE("A chunk is entered in the ledger once, and no retry writes it again."),
  DELETE_ONLY_STAGED("A lane deletes the messages of its chunk, and no other."),

  // Plans
  LIST_AFTER_HEAD("Staged chunks are listed after the head was read."),
  SEAL_WITHOUT_PLAN("An open plan is resumed, and another sealed only when none is open."),
  SEAL_COMPARES_CLEARED("A plan is sealed only if none was cleared since the head was read."),
  SEAL_COMPARES_SEQUENCE(
      "A plan is sealed only if the sequence is the one that was read.", SEAL_COMPARES_CLEARED),
  PUBLISH_FIRST("Whoever finds an unpublished batch publishes it before anything else."),
  SEAL_AFTER_PUBLISHED("A plan is sealed only when the batch before is published.", PUBLISH_FIRST),
  PARKING_RAISES_CLEARED("A parking counts as a cleared plan, although the sequence stays."),
  RESEAL_OF_ANOTHER_DIGEST("A plan of another digest is sealed anew before it is worked on."),
  RESEAL_UNDER_FRESH_ID("A plan that is sealed anew has another id."),
  RESEAL_COMPARES_PLAN("A plan is sealed anew only in place of the plan that was read."),
  HALVE_BEFORE_PARKING("A plan of several chunks that fails too often is halved."),
  PARK_AFTER_FAILURES("A chunk that fails too often, alone in its plan, is parked."),
  PARK_COMPARES("A chunk is parked only for the open plan, and only if it is staged."),

  // Attempts
  SAVE_REFERENCES("The reference rows that the first attempt read are saved for the others."),
  REFERENCES_IF_ABSENT("Reference rows are saved if absent: the first to save wins."),
  OWN_FOLDER("Each attempt writes to a folder of its own."),
  PUBLISH_AFTER_COMMIT("Nothing is in the lake before it is committed."),

  // The commit
  COMMIT_COMPARES_PLAN("A batch is committed only for the plan that is open."),
  COMMIT_TAKES_STAGED(
      "A commit takes each of its chunks out of the staged ones, or is refused.",
      COMMIT_COMPARES_PLAN),
  COMMIT_COMPARES_SEQUENCE(
      "A batch is committed only as the one after the last.",
      COMMIT_COMPARES_PLAN,
      COMMIT_TAKES_STAGED),
  COMMIT_AT_ONCE("Head, batch and chunks change in one transaction."),
  KEEP_WORK_IN_DOUBT("Who does not know whether it committed deletes no work."),

  // Publishing
  PUBLISH_WHAT_IS_NAMED("What is published is the attempt that the ledger names, whoever made it."),
  RECEIPT_AFTER_FILES("The receipt comes after the last file."),
  MARK_AFTER_RECEIPT("A batch is marked as published after its receipt is there."),
  COPY_AGAIN("A file that is there already is no error: it is copied over."),

  // Duplicates
  DROP_COPIES_IN_BATCH("Of copies of a message in one batch the first counts."),
  DROP_SEEN_COPIES("A message that an earlier batch received does not count again."),
  WINDOW_FROM_SENT("The window reaches back to when messages were sent, however long ago."),
  WINDOW_FROM_OLDEST("The window reaches back to the oldest message of the plan."),
  SEEN_HOLDS_RECEIVED("A seen file holds every message received, not just those loaded."),
  SEEN_BEFORE_COMMIT("The seen file of a batch is there before the batch is committed."),
  SEEN_AFTER_COMMIT("A seen file counts only when a committed batch names it."),
  DROP_REPEATED_IN_BATCH("Of events with the same id in one batch the first is loaded."),
  DROP_SEEN_EVENTS("An event whose id an earlier batch loaded is not loaded again."),
  REMEMBER_EVENTS("Event ids are known for longer than the window of redelivery."),
  COMPARE_CONTENT("The same id with another content is a conflict, and no duplicate."),
  FORGET_BAD_EVENTS("An event that breaks a rule is not remembered by its id.");

  private final String sentence;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final Rule[] braces;

  /// @param braces rules any one of which keeps out the same problems: this one is seen to matter
  ///   only when they are off as well
  Rule(String sentence, Rule... braces) {
    this.sentence = sentence;
    this.braces = braces;
  }

  String sentence() {
    return sentence;
  }

  boolean isBackedUp() {
    return braces.length > 0;
  }

  /// What to switch off to see this rule matter.
  Set<Rule> withItsBraces() {
    return EnumSet.of(this, braces);
  }
}
