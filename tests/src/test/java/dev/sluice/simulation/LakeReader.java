package dev.sluice.simulation;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.layout.Layout;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedS3;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Checks, at each write to the bucket, what a reader of the lake could see.
final class LakeReader {
  private final StoredState stored;
  private final SimulatedS3 s3;
  private final boolean clocksDiffer;
  private final Consumer<String> violations;
  private final Map<String, Instant> firstWritten = new HashMap<>();

  private LakeReader(SimulatedAws aws, boolean clocksDiffer, Consumer<String> violations) {
    this.stored = new StoredState(aws);
    this.s3 = aws.s3;
    this.clocksDiffer = clocksDiffer;
    this.violations = violations;
  }

  /// Starts checking.
  ///
  /// @param clocksDiffer whether the clocks of functions differ from the true time
  static void observe(SimulatedAws aws, boolean clocksDiffer, Consumer<String> violations) {
    aws.s3.observer(new LakeReader(aws, clocksDiffer, violations)::objectWritten);
  }

  /// Published objects must be committed and must not change, and a receipt must be written after
  /// its files and after the previous receipt.
  private void objectWritten(String key, Optional<byte[]> before) {
    boolean isVisible =
        key.startsWith("lake/") || key.startsWith("quarantine/") || key.startsWith("receipts/");
    if (isVisible && before.isPresent() && !Arrays.equals(before.get(), s3.bytes(key))) {
      violations.accept("changed after it was visible: " + key);
    }
    if (key.startsWith("lake/") || key.startsWith("quarantine/")) {
      String batch = key.substring(key.lastIndexOf('/') + 1).replace(".parquet", "");
      if (!stored.committed().contains(batch)) {
        violations.accept("visible before the commit: " + key);
      }
    }
    firstWritten.putIfAbsent(key, s3.modified(key));
    if (key.startsWith("receipts/")) {
      Receipt receipt = stored.receipt(key);
      for (OutputFile file : receipt.manifest().files()) {
        if (!s3.has(file.key().value())) {
          violations.accept("%s names %s, which does not exist".formatted(key, file.key()));
        } else if (!Sha256.of(s3.bytes(file.key().value())).equals(file.sha256())) {
          violations.accept(
              "%s names %s, which has a different SHA-256".formatted(key, file.key()));
        }
      }
      checkTimes(key, receipt);
      if (!key.equals(last().value())) {
        violations.accept("%s was written before the previous receipt".formatted(key));
      }
    }
  }

  /// A batch is committed after its manifest is written, and published after its last copy.
  private void checkTimes(String key, Receipt receipt) {
    Instant committed = receipt.committedAt();
    Instant published = receipt.publishedAt();
    Manifest batch = receipt.manifest();
    Instant manifest =
        firstWritten.getOrDefault(
            new Layout(Fixture.PIPELINE).manifest(batch.plan(), batch.attempt()).value(),
            Instant.MAX);
    Instant lastCopy =
        batch.files().stream()
            .flatMap(file -> Optional.ofNullable(firstWritten.get(file.key().value())).stream())
            .max(Instant::compareTo)
            .orElse(committed);
    if (!clocksDiffer
        && (committed.isBefore(manifest)
            || published.isBefore(committed)
            || published.isBefore(lastCopy)
            || published.isAfter(s3.modified(key)))) {
      violations.accept(
          "%s, written at %s, has the times %s and %s; its manifest was written at %s, its last file at %s"
              .formatted(key, s3.modified(key), committed, published, manifest, lastCopy));
    }
  }

  private ObjectKey last() {
    return new Layout(Fixture.PIPELINE).receipt(stored.receipts().size());
  }
}
