package dev.sluice.operate;

import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.MissingObject;
import dev.sluice.layout.Layout;
import dev.sluice.parallel.InParallel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The receipts of one pipeline.
public final class Receipts {
  /// The number of receipts that are read together when only recent ones are needed.
  private static final int GROUP = 64;

  private final ObjectFiles objects;
  private final Layout layout;

  public Receipts(ObjectFiles objects, String pipeline) {
    this.objects = objects;
    this.layout = new Layout(pipeline);
  }

  /// A receipt and its file.
  public record Stored(Receipt receipt, Path file) {}

  /// The receipts of all batches that were committed at `since` or later, in order; all receipts if
  /// `since` is empty.
  public List<Stored> since(Optional<Instant> since) {
    List<ObjectKey> keys = keys();
    List<Stored> found = new ArrayList<>();
    int end = keys.size();
    while (end > 0) {
      int start = since.isPresent() ? Math.max(0, end - GROUP) : 0;
      List<Stored> group = InParallel.map(keys.subList(start, end), this::read);
      List<Stored> wanted = group.stream().filter(stored -> isSince(stored, since)).toList();
      found.addAll(0, wanted);
      end = wanted.size() < group.size() ? 0 : start;
    }
    return found;
  }

  private static boolean isSince(Stored stored, Optional<Instant> since) {
    return since.filter(stored.receipt.committedAt()::isBefore).isEmpty();
  }

  /// The receipt of the last batch.
  public Optional<Stored> last() {
    List<ObjectKey> keys = keys();
    return keys.isEmpty() ? Optional.empty() : Optional.of(read(keys.getLast()));
  }

  /// The file of one receipt.
  ///
  /// @throws MissingObject if there is no such batch
  public Path file(long sequence) {
    return objects.file(layout.receipt(sequence));
  }

  private List<ObjectKey> keys() {
    return objects.list(layout.receipts());
  }

  private Stored read(ObjectKey key) {
    Path file = objects.file(key);
    try {
      return new Stored(ManifestJson.readReceipt(key, Files.readAllBytes(file)), file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("cannot read " + file, unreadable);
    }
  }
}
