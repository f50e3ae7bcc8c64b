package dev.sluice.batch;

import java.beans.ConstructorProperties;
import org.jspecify.annotations.Nullable;

/// The result of Transform and the input of Load, as the state machine passes it on.
///
/// @param tick the execution that made the batch; it holds the lease
/// @param action what Load must do
/// @param sequence the batch's sequence; 0 when there is no batch
/// @param plan set for [Action#COMMIT] only, as are the fields after it
public record Handover(
    String tick,
    Action action,
    long sequence,
    @Nullable String plan,
    @Nullable String attempt,
    @Nullable String manifest,
    @Nullable String manifestSha256) {
  // Lambda's JSON reader does not find the constructor of a record by itself.
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

  /// What Load must do.
  public enum Action {
    /// Nothing: no chunk is staged.
    NOTHING,
    /// Nothing: another tick holds the lease, or changed the ledger first.
    BUSY,
    /// Nothing: the plan's only chunk was parked, because no attempt could process it.
    PARKED,
    /// Commit the batch and publish it.
    COMMIT,
    /// Publish an earlier batch that is committed and not yet published.
    PUBLISH
  }

  /// A handover without a batch to commit.
  public static Handover of(String tick, Action action, long sequence) {
    return new Handover(tick, action, sequence, null, null, null, null);
  }
}
