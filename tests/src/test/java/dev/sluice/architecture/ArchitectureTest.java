package dev.sluice.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.bucket.Bucket;
import dev.sluice.engine.Engine;
import dev.sluice.ledger.Ledger;
import dev.sluice.runtime.EnvironmentVariables;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules of ARCHITECTURE.md that the compiler does not check.
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String ROOT = "dev.sluice.";

  /// Packages for tests and benchmarks, which no product code uses.
  private static final Set<String> TEST_SUPPORT =
      Set.of("bench", "contracts", "fakes", "simulatedaws");

  @ArchTest
  static void packagesDependOnEachOtherAsTheDiagramShows(JavaClasses classes) throws IOException {
    Map<String, Set<String>> actual = new TreeMap<>();
    for (JavaClass from : classes) {
      String own = sluicePackage(from);
      if (!TEST_SUPPORT.contains(own)) {
        Set<String> uses = actual.computeIfAbsent(own, _ -> new TreeSet<>());
        from.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass().getBaseComponentType())
            .filter(used -> used.getPackageName().startsWith(ROOT))
            .map(ArchitectureTest::sluicePackage)
            .filter(used -> !used.equals(own))
            .forEach(uses::add);
      }
    }

    Map<String, Set<String>> diagram = PackageDiagram.read();

    assertThat(actual).containsExactlyInAnyOrderEntriesOf(diagram);
  }

  @ArchTest
  static void theDiagramHasNoCycles(JavaClasses classes) throws IOException {
    Set<String> lower = new TreeSet<>();
    PackageDiagram.read()
        .forEach((name, uses) -> {
          assertThat(lower).as("packages below %s", name).containsAll(uses);
          lower.add(name);
        });
  }

  private static String sluicePackage(JavaClass used) {
    return used.getPackageName().substring(ROOT.length());
  }

  @ArchTest
  static final ArchRule onlyAdaptersUseTheAwsSdk =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.aws..",
              "dev.sluice.runtime..",
              "dev.sluice.transform..",
              "dev.sluice.operate..",
              "dev.sluice.local..",
              "dev.sluice.cli..",
              "dev.sluice.bench..",
              "dev.sluice.simulatedaws..",
              "dev.sluice.emulatorinternals..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("software.amazon..");

  @ArchTest
  static final ArchRule onlyTheEngineAndQueriesUseDuckDb =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.duckdb..", "dev.sluice.operate..", "dev.sluice.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.duckdb..");

  @ArchTest
  static final ArchRule handlersOnlyWire =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .haveSimpleNameEndingWith("Handler")
          .and()
          .areDeclaredInClassesThat()
          .resideInAPackage("dev.sluice..")
          .should()
          .haveName("handleRequest")
          .orShould()
          .haveModifier(JavaModifier.STATIC);

  @ArchTest
  static final ArchRule handlersCallNoPort =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Handler")
          .should()
          .callMethodWhere(target(owner(belongToAnyOf(Bucket.class, Ledger.class, Engine.class))));

  @ArchTest
  static final ArchRule onlyOneClassReadsEnvironmentVariables =
      noClasses()
          .that()
          .doNotBelongToAnyOf(EnvironmentVariables.class)
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);
}
