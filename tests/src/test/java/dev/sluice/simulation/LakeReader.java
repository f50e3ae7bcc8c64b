package dev.sluice.simulation;

import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.layout.Layout;
import dev.sluice.simulatedaws.SimulatedAws;
import dev.sluice.simulatedaws.SimulatedS3;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/// Checks, at each write to the bucket, what a reader of the lake could see.
final class LakeReader {
  private final StoredState stored;
  private final SimulatedS3 s3;
  private final Consumer<String> violations;

  private LakeReader(SimulatedAws aws, Consumer<String> violations) {
    this.stored = new StoredState(aws);
    this.s3 = aws.s3;
    this.violations = violations;
  }

  /// Starts checking.
  static void observe(SimulatedAws aws, Consumer<String> violations) {
    aws.s3.observer(new LakeReader(aws, violations)::objectWritten);
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
      if (!key.equals(last().value())) {
        violations.accept("%s was written before the previous receipt".formatted(key));
      }
    }
  }

  private ObjectKey last() {
    return new Layout(Fixture.PIPELINE).receipt(stored.receipts().size());
  }
}
