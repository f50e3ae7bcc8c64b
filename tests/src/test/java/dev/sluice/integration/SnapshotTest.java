package dev.sluice.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.extract.ExtractHandler;
import dev.sluice.interop.EmbeddedAwsExtension;
import dev.sluice.load.LoadHandler;
import dev.sluice.local.LocalResources;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.transform.TransformHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// What a function has created when Lambda takes its snapshot, from which it restores every
/// execution environment: nothing that must differ between environments, and no connection.
@ExtendWith(EmbeddedAwsExtension.class)
final class SnapshotTest {
  private static final Path PIPELINES = Path.of("../pipelines").toAbsolutePath().normalize();

  /// Generators with a seed, and connections.
  private static final List<String> FORBIDDEN =
      List.of(
          "java.util.SplittableRandom",
          "java.net.Socket",
          "sun.nio.ch.NioSocketImpl",
          "sun.net.www.http.HttpClient",
          "sun.net.www.http.KeepAliveCache$KeepAliveEntry");

  @TempDir Path temporary;

  @Test
  void transformHasOnlyAnOpenDatabaseAndAnEmptyFolder(Endpoints endpoints) throws Exception {
    Map<String, Integer> live =
        assertNothingIsUnique(TransformHandler.class, endpoints, "", "sluice", "sluice/seen");

    assertThat(live).containsEntry("org.duckdb.DuckDBConnection", 1);
  }

  @Test
  void extractHasNoFiles(Endpoints endpoints) throws Exception {
    assertNothingIsUnique(ExtractHandler.class, endpoints, "");
  }

  @Test
  void loadHasNoFiles(Endpoints endpoints) throws Exception {
    Map<String, Integer> live = assertNothingIsUnique(LoadHandler.class, endpoints, "");

    assertThat(live).doesNotContainKey("org.duckdb.DuckDBConnection");
  }

  /// Returns the live objects.
  private Map<String, Integer> assertNothingIsUnique(
      Class<? extends RequestHandler<?, ?>> handler, Endpoints endpoints, String... files)
      throws Exception {
    new LocalResources(endpoints).create(new PipelineFolder(PIPELINES.resolve("orders")).load());
    Map<String, String> variables = new HashMap<>(SamLocalTest.variables(endpoints));
    variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    try (LambdaProcess function = new LambdaProcess(handler, variables, temporary)) {
      Map<String, Integer> live = function.liveObjects();

      assertThat(function.printed()).as("warnings").isEmpty();
      assertThat(live).containsKey("software.amazon.awssdk.services.s3.DefaultS3Client");
      // It has called DynamoDB and S3.
      assertThat(function.hasLoaded("sun.net.www.http.HttpClient")).isTrue();
      assertThat(function.hasLoaded("software.amazon.awssdk.services.s3.model.NoSuchKeyException"))
          .isTrue();
      assertThat(FORBIDDEN).filteredOn(live::containsKey).isEmpty();
      // Its holder has the generator of random UUIDs, which are the ids of plans and attempts.
      assertThat(function.hasLoaded("java.util.UUID")).isTrue();
      assertThat(function.hasLoaded("java.util.UUID$Holder")).isFalse();
      try (Stream<Path> found = Files.walk(temporary)) {
        assertThat(found.map(file -> temporary.relativize(file).toString()))
            // The artifact has no library to unpack.
            .filteredOn(name -> !name.startsWith("libduckdb_java"))
            .containsExactlyInAnyOrder(files);
      }
      return live;
    }
  }
}
