package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.batch.Manifest;
import dev.sluice.batch.ManifestJson;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanJson;
import dev.sluice.batch.Receipt;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.UnknownFormat;
import java.util.Optional;
import java.util.function.Supplier;

/// Proves that reading any bytes as a plan, manifest or receipt returns a value that can be written
/// and read again, or throws an [UnknownFormat] that names the object.
final class BatchJsonFuzzTest {
  private static final ObjectKey KEY = new ObjectKey("object");

  @FuzzTest
  void reads(byte[] bytes) {
    Optional<Plan> plan = readIfKnown(() -> PlanJson.read(KEY, bytes));
    assertThat(plan.map(it -> PlanJson.read(KEY, PlanJson.write(it)))).isEqualTo(plan);
    Optional<Manifest> manifest = readIfKnown(() -> ManifestJson.read(KEY, bytes));
    assertThat(manifest.map(it -> ManifestJson.read(KEY, ManifestJson.write(it))))
        .isEqualTo(manifest);
    Optional<Receipt> receipt = readIfKnown(() -> ManifestJson.readReceipt(KEY, bytes));
    assertThat(receipt.map(it -> ManifestJson.readReceipt(KEY, ManifestJson.write(it))))
        .isEqualTo(receipt);
  }

  private static <T> Optional<T> readIfKnown(Supplier<T> read) {
    try {
      return Optional.of(read.get());
    } catch (UnknownFormat unknown) {
      assertThat(unknown).hasMessageStartingWith("object");
      return Optional.empty();
    }
  }
}
