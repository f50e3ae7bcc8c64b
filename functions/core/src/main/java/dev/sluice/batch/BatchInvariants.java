package dev.sluice.batch;

import dev.sluice.failure.InvariantViolated;
import java.util.HashSet;
import java.util.Set;

/// What must be true of every batch before it is committed. Transform checks its own work, and Load
/// checks it again.
public final class BatchInvariants {
  private BatchInvariants() {}

  /// What came in is what the ledger staged, each event went one way, and what is said to be
  /// written is written, to places that no two files share.
  ///
  /// @throws InvariantViolated naming the law and the numbers
  public static void check(Plan plan, Manifest manifest) {
    if (manifest.messages() != plan.messages()) {
      throw broken(
          manifest,
          "%d messages were read, %d were staged".formatted(manifest.messages(), plan.messages()));
    }
    Counts counts = manifest.counts();
    if (!counts.balance()) {
      throw broken(
          manifest,
          "received is not loaded + quarantined + duplicate + filtered: %s".formatted(counts));
    }
    long quarantined = 0;
    long rows = 0;
    Set<String> places = new HashSet<>();
    for (OutputFile file : manifest.files()) {
      if (!places.add(file.table() + "/" + file.partition())) {
        throw broken(manifest, "two files for %s of %s".formatted(file.partition(), file.table()));
      }
      if (file.table().equals(OutputFile.QUARANTINE)) {
        quarantined += file.rows();
      } else {
        rows += file.rows();
      }
    }
    if (quarantined != counts.quarantined() || rows < counts.loaded()) {
      throw broken(
          manifest,
          "%d rows of tables and %d of quarantine were written for %s"
              .formatted(rows, quarantined, counts));
    }
  }

  private static InvariantViolated broken(Manifest manifest, String law) {
    return new InvariantViolated(
        "pipeline %s, batch %s: %s".formatted(manifest.pipeline(), manifest.name(), law));
  }
}
