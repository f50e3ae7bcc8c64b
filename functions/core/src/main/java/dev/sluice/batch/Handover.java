package dev.sluice.batch;

import java.beans.ConstructorProperties;
import org.jspecify.annotations.Nullable;

/// What Transform hands to Load, as it crosses the state machine.
///
/// @param tick the execution that the batch was made in; it owns the lease
/// @param action what there is to do
/// @param sequence of the batch; 0 when there is none
/// @param plan with [Action#COMMIT], and likewise the others
public record Handover(
    String tick,
    Action action,
    long sequence,
    @Nullable String plan,
    @Nullable String attempt,
    @Nullable String manifest,
    @Nullable String manifestSha256) {
  // Lambda's reader finds no record's constructor by itself.
  @ConstructorProperties({
    "tick",
    "action",
    "sequence",
    "plan",
    "attempt",
    "manifest",
    "manifestSha256"
  })
  public Handover {}

  /// What Load has to do.
  public enum Action {
    /// Nothing is staged.
    NOTHING,
    /// Another tick holds the lease, or was faster.
    BUSY,
    /// The only chunk of a plan was taken out of the flow, because no attempt could digest it.
    PARKED,
    /// A batch is ready to be committed.
    COMMIT,
    /// An earlier batch was committed and is not published yet.
    PUBLISH
  }

  /// Nothing for Load to commit.
  public static Handover of(String tick, Action action, long sequence) {
    return new Handover(tick, action, sequence, null, null, null, null);
  }
}
