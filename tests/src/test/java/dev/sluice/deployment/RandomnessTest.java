package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.extract.ExtractHandler;
import dev.sluice.load.LoadHandler;
import dev.sluice.transform.TransformHandler;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where the functions get random values. SnapStart restores a snapshot many times, so code that
/// runs before it must not draw any, and nothing may keep a seeded generator.
final class RandomnessTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  private static final Set<Class<?>> HANDLERS =
      Set.of(ExtractHandler.class, TransformHandler.class, LoadHandler.class);

  /// Classes whose instances or static methods give random or unique values.
  private static final Set<String> GENERATORS =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom",
          "java.util.concurrent.ThreadLocalRandom",
          "java.util.random.RandomGenerator");

  private static final Set<String> METHODS =
      Set.of("randomUUID", "random", "createTempFile", "createTempDirectory", "identityHashCode");

  private static final ReachableCode REACHABLE =
      ReachableCode.from(
          HANDLERS.stream().map(CODE::get).flatMap(handler -> handler.getCodeUnits().stream()));

  /// The handlers pass the method to the stage, which calls it in an invocation. SnapshotTest
  /// checks that nothing calls it earlier.
  @Test
  void everySourceOfRandomValuesIsKnown() {
    assertThat(REACHABLE.accesses().filter(RandomnessTest::isRandom))
        .extracting(RandomnessTest::describe)
        .containsOnly(
            "Wiring.<init>: UUID.randomUUID",
            "TransformHandler.wire: UUID.randomUUID",
            "S3Bucket.putIfAbsent: UUID.randomUUID",
            "DynamoReferenceTable.backOff: ThreadLocalRandom.current",
            "DynamoReferenceTable.backOff: ThreadLocalRandom.nextLong");
  }

  @Test
  void noFieldKeepsAGenerator() {
    assertThat(
            REACHABLE.units().stream()
                .flatMap(unit -> unit.getOwner().getFields().stream())
                .filter(field -> GENERATORS.contains(field.getRawType().getName())))
        .isEmpty();
  }

  private static String describe(JavaAccess<?> access) {
    return "%s.%s: %s.%s"
        .formatted(
            access.getOriginOwner().getSimpleName(),
            access.getOrigin().getName(),
            access.getTargetOwner().getSimpleName(),
            access.getName());
  }

  private static boolean isRandom(JavaAccess<?> access) {
    return GENERATORS.contains(access.getTargetOwner().getName())
        || METHODS.contains(access.getName());
  }
}
