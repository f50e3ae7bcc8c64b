package dev.sluice.ledger;

import java.util.Optional;

/// Where a pipeline stands.
///
/// @param sequence the last committed batch; 0 before the first
/// @param published the last published one: `sequence` or one less
/// @param cleared how often a plan was cleared, by a commit or by parking
/// @param maxChunks how many chunks the next plan may have
/// @param parkings how many chunks were parked since the last commit
public record Head(
    long sequence,
    long published,
    long cleared,
    int maxChunks,
    int parkings,
    Optional<OpenPlan> open) {
  /// The most chunks one plan may have: what one DynamoDB transaction can delete, and some room.
  public static final int MAX_CHUNKS = 90;

  /// Before anything happened.
  public static final Head NEW = new Head(0, 0, 0, MAX_CHUNKS, 0, Optional.empty());

  /// Whether a batch is committed that readers cannot see yet.
  public boolean hasUnpublished() {
    return published < sequence;
  }
}
