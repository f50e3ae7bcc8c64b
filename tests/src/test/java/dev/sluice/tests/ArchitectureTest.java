package dev.sluice.tests;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.aws.Environment;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Layout;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.StagedChunk;
import dev.sluice.transform.Engine;
import dev.sluice.transform.TransformHandler;

/// The shape of the code, where a compiler does not keep it.
@AnalyzeClasses(packages = "dev.sluice", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] CORE = {
    "dev.sluice.batch..",
    "dev.sluice.bucket..",
    "dev.sluice.chunk..",
    "dev.sluice.event..",
    "dev.sluice.failure..",
    "dev.sluice.json..",
    "dev.sluice.ledger..",
    "dev.sluice.watch.."
  };

  @ArchTest
  static final ArchRule coreKnowsNoAws =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "software.amazon..", "com.amazonaws..", "dev.sluice.aws..", "org.duckdb..");

  @ArchTest
  static final ArchRule onlyTheEngineKnowsDuckDb =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.sluice.duckdb..", "dev.sluice.local..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.duckdb..");

  @ArchTest
  static final ArchRule stagesDoNotKnowEachOther =
      slices().matching("dev.sluice.(extract|transform|load)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule aHandlerOnlyWires =
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
  static final ArchRule aHandlerDecidesNothing =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Handler")
          .should()
          .callMethodWhere(target(owner(belongToAnyOf(Bucket.class, Ledger.class, Engine.class))));

  @ArchTest
  static final ArchRule onlyEnvironmentReadsTheEnvironment =
      noClasses()
          .that()
          .doNotBelongToAnyOf(Environment.class)
          .should()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class);

  /// Known: `Layout` stands in `bucket` and names batches, `Plan` holds the ledger's chunks; and
  /// the handler of Transform, which wires, chooses the engine.
  @ArchTest
  static final ArchRule packagesHaveNoOtherCycles =
      slices()
          .matching("dev.sluice.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(type(Layout.class), resideInAPackage("dev.sluice.batch"))
          .ignoreDependency(resideInAPackage("dev.sluice.batch"), type(StagedChunk.class))
          .ignoreDependency(type(TransformHandler.class), resideInAPackage("dev.sluice.duckdb"));
}
