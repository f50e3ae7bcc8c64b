package dev.sluice.load;

import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.OutputFile;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.failure.InvariantViolated;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.CommittedBatch;
import dev.sluice.ledger.Ledger;
import dev.sluice.observe.Observation;
import dev.sluice.observe.Observer;
import dev.sluice.parallel.InParallel;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;

/// Publishes a committed batch: copies the files, writes the receipt, then records it in the
/// ledger. Every step can be repeated by any process; the first receipt is kept.
final class Publisher {
  private final Layout layout;
  private final Ledger ledger;
  private final Bucket bucket;
  private final Observer observer;
  private final Clock clock;

  Publisher(Layout layout, Ledger ledger, Bucket bucket, Observer observer, Clock clock) {
    this.layout = layout;
    this.ledger = ledger;
    this.bucket = bucket;
    this.observer = observer;
    this.clock = clock;
  }

  Receipt publish(CommittedBatch batch) {
    Manifest manifest = manifest(batch.manifest(), batch.manifestSha256());
    List<OutputFile> files =
        InParallel.map(manifest.files(), file -> publish(file, target(manifest, file)));
    Receipt receipt =
        new Receipt(
            manifest.with(files),
            batch.committedAt(),
            clock.instant().truncatedTo(ChronoUnit.MILLIS));
    ObjectKey key = layout.receipt(batch.sequence());
    boolean first = bucket.putIfAbsent(key, ManifestJson.write(receipt)) == Bucket.Put.WRITTEN;
    if (!first) {
      Receipt there = ManifestJson.readReceipt(key, bucket.read(key));
      if (!there.manifest().plan().equals(batch.plan())) {
        throw new InvariantViolated(
            ("%s is the receipt of plan %s, but the ledger committed plan %s: the ledger was lost or"
                    + " restored; set its head to a sequence after the last receipt")
                .formatted(key, there.manifest().plan(), batch.plan()));
      }
      ledger.published(batch.sequence());
      return there;
    }
    ledger.published(batch.sequence());
    observer.observe(new Observation.Published(receipt));
    return receipt;
  }

  private OutputFile publish(OutputFile file, ObjectKey target) {
    bucket.copy(file.key(), target);
    return file.at(target);
  }

  private ObjectKey target(Manifest manifest, OutputFile file) {
    return file.table().equals(OutputFile.QUARANTINE)
        ? layout.quarantine(file.partition(), manifest.name())
        : layout.lake(file.table(), file.partition(), manifest.name());
  }

  /// Reads the manifest that the ledger or Transform names.
  Manifest manifest(ObjectKey key, Sha256 sha256) {
    return ManifestJson.read(key, bucket.read(key, sha256));
  }
}
