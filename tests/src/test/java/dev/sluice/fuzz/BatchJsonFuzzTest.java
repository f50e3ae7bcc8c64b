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

/// Any bytes in place of a plan, a manifest or a receipt are one that can be written again, or an
/// [UnknownFormat] that names the object.
final class BatchJsonFuzzTest {
  private static final ObjectKey KEY = new ObjectKey("object");

  @FuzzTest
  void reads(byte[] bytes) {
    Optional<Plan> plan = known(() -> PlanJson.read(KEY, bytes));
    assertThat(plan.map(it -> PlanJson.read(KEY, PlanJson.write(it)))).isEqualTo(plan);
    Optional<Manifest> manifest = known(() -> ManifestJson.read(KEY, bytes));
    assertThat(manifest.map(it -> ManifestJson.read(KEY, ManifestJson.write(it))))
        .isEqualTo(manifest);
    Optional<Receipt> receipt = known(() -> ManifestJson.readReceipt(KEY, bytes));
    assertThat(receipt.map(it -> ManifestJson.readReceipt(KEY, ManifestJson.write(it))))
        .isEqualTo(receipt);
  }

  private static <T> Optional<T> known(Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (UnknownFormat unknown) {
      assertThat(unknown).hasMessageStartingWith("object");
      return Optional.empty();
    }
  }
}
