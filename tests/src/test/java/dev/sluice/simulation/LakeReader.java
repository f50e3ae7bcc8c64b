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

/// Who looks at every object as it is written, and reads by receipts.
final class LakeReader {
  private final StoredState stored;
  private final SimulatedS3 s3;
  private final Consumer<String> violated;

  private LakeReader(SimulatedAws aws, Consumer<String> violated) {
    this.stored = new StoredState(aws);
    this.s3 = aws.s3;
    this.violated = violated;
  }

  /// Tells `violated` of whatever no reader should see, from now on.
  static void observer(SimulatedAws aws, Consumer<String> violated) {
    aws.s3.observer(new LakeReader(aws, violated)::written);
  }

  /// What readers saw stays; and what a receipt names is there before the receipt.
  private void written(String key, Optional<byte[]> before) {
    boolean isRead =
        key.startsWith("lake/") || key.startsWith("quarantine/") || key.startsWith("receipts/");
    if (isRead && before.isPresent() && !Arrays.equals(before.get(), s3.bytes(key))) {
      violated.accept("was changed after readers could see it: " + key);
    }
    if (key.startsWith("lake/") || key.startsWith("quarantine/")) {
      String batch = key.substring(key.lastIndexOf('/') + 1).replace(".parquet", "");
      if (!stored.committed().contains(batch)) {
        violated.accept("readers could see it before it was committed: " + key);
      }
    }
    if (key.startsWith("receipts/")) {
      Receipt receipt = stored.receipt(key);
      for (OutputFile file : receipt.manifest().files()) {
        if (!s3.has(file.key().value())) {
          violated.accept("%s names %s, which is not there".formatted(key, file.key()));
        } else if (!Sha256.of(s3.bytes(file.key().value())).equals(file.sha256())) {
          violated.accept("%s names %s, which is another file".formatted(key, file.key()));
        }
      }
      if (!key.equals(last().value())) {
        violated.accept("%s came, and the one before it is not there".formatted(key));
      }
    }
  }

  private ObjectKey last() {
    return new Layout(Fixture.PIPELINE).receipt(stored.receipts().size());
  }
}
