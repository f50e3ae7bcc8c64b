package dev.sluice.batch;

import dev.sluice.failure.InvariantViolated;
import java.util.HashSet;
import java.util.Set;

/// The invariants of every batch. Transform checks them before it hands over a batch, and Load
/// checks them again before it commits.
public final class BatchInvariants {
  private BatchInvariants() {}

  /// Checks that the engine read the messages that the ledger staged, that each event is counted
  /// once, that the files hold the rows that the counts require, and that no two files have the
  /// same table and partition.
  ///
  /// @throws InvariantViolated names the invariant and the numbers
  public static void check(Plan plan, Manifest manifest) {
    if (manifest.messages() != plan.messages()) {
      throw violated(
          manifest,
          "%d messages were read, %d were staged".formatted(manifest.messages(), plan.messages()));
    }
    Counts counts = manifest.counts();
    if (!counts.balance()) {
      throw violated(
          manifest,
          "received differs from loaded + quarantined + duplicate + filtered: %s"
              .formatted(counts));
    }
    long quarantined = 0;
    long rows = 0;
    Set<String> places = new HashSet<>();
    for (OutputFile file : manifest.files()) {
      if (!places.add(file.table() + "/" + file.partition())) {
        throw violated(
            manifest,
            "two files have the partition %s of %s".formatted(file.partition(), file.table()));
      }
      if (file.table().equals(OutputFile.QUARANTINE)) {
        quarantined += file.rows();
      } else {
        rows += file.rows();
      }
    }
    if (quarantined != counts.quarantined() || rows < counts.loaded()) {
      throw violated(
          manifest,
          "%d rows were written to tables and %d to quarantine, but the counts are %s"
              .formatted(rows, quarantined, counts));
    }
  }

  private static InvariantViolated violated(Manifest manifest, String invariant) {
    return new InvariantViolated(
        "pipeline %s, batch %s: %s".formatted(manifest.pipeline(), manifest.name(), invariant));
  }
}
