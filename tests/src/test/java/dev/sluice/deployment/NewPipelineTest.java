package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.deployment.DeployedStack.Execution;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From a sample to a deployed pipeline: `new`, `preview`, `test`, `infra` and `sam deploy`, in a
/// copy of the project. All changes by hand are in the pipeline's folder.
@Tag("localstack")
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class NewPipelineTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final int REVIEWS = 500;

  /// Large folders that neither `./sluice infra` nor SAM CLI reads, relative to the project.
  private static final Set<String> NOT_COPIED =
      Set.of(".git", ".sluice", ".aws-sam", ".cifuzz-corpus", "tests/target", "bench/target");

  private final LocalStack localStack = LocalStack.find();
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @AfterAll
  void stop() {
    localStack.close();
  }

  @Test
  void aNewPipelineIsDeployedFromItsFolder(@TempDir Path home) throws IOException {
    copyProject(home);
    DeployedStack stack = new DeployedStack(localStack.endpoint(), home, "reviews");
    String sample = sample(home).toString();

    stack.run("./sluice", "new", "reviews", "--from", sample);
    addAlarm(home);
    assertThat(stack.run("./sluice", "preview", "reviews", sample))
        .contains("%,d loaded, 0 quarantined".formatted(REVIEWS));
    stack.run("./sluice", "test", "reviews");
    stack.run("./sluice", "infra", "reviews");
    stack.deploy();

    assertThat(stack.sluice(0, "send", "reviews", sample))
        .contains("sent %,d rows".formatted(REVIEWS));
    Execution tick = stack.tick();
    assertThat(tick.status()).isEqualTo("SUCCEEDED");
    assertThat(
            stack.sluice(
                0,
                "query",
                "SELECT count(*), sum(score), count(DISTINCT city) FROM reviews",
                "--format",
                "csv"))
        .endsWith(
            "\n%d,%d,3\n"
                .formatted(REVIEWS, IntStream.range(0, REVIEWS).map(i -> i % 5 + 1).sum()));
    assertThat(tables(stack))
        .as("the ledger, and no table of another pipeline")
        .hasSize(1)
        .allMatch(table -> table.contains("-Ledger-"));
    assertThat(alarm(stack, "sluice-reviews.low_score"))
        .as("three periods, and one whose data may be late")
        .isEqualTo("4");
    stack.delete();
  }

  private static void copyProject(Path home) throws IOException {
    Files.walkFileTree(
        PROJECT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (NOT_COPIED.contains(PROJECT.relativize(folder).toString())) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            Files.createDirectories(to(folder));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            // With their times, so that only what has changed is built.
            Files.copy(
                file,
                to(file),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
            return FileVisitResult.CONTINUE;
          }

          private Path to(Path path) {
            return home.resolve(PROJECT.relativize(path).toString());
          }
        });
  }

  /// Writes a sample, as a user would export it.
  private Path sample(Path home) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("Review Id,Answered At,score,city");
    IntStream.range(0, REVIEWS).mapToObj(this::review).forEach(lines::add);
    return Files.write(home.resolve("reviews.csv"), lines);
  }

  private String review(int i) {
    return "r-%d,%s,%d,%s"
        .formatted(
            i, now.minusSeconds(i), i % 5 + 1, List.of("Berlin", "Wien", "Zürich").get(i % 3));
  }

  /// The changes that an author makes to what `new` has written. The schedule must not fire during
  /// the test.
  private static void addAlarm(Path home) throws IOException {
    Path yaml = home.resolve("pipelines/reviews/pipeline.yaml");
    Files.writeString(
        yaml,
        Files.readString(yaml).replace("every: 1m", "every: 5m")
            + """

            metrics:
              reviews_received: SELECT count(*) FROM reviews
              score: SELECT avg(score) FROM reviews
            alarms:
              low_score: {when: score < 3.5, and: reviews_received >= 20, for: 3, description: Read the reviews.}
            """);
  }

  private static List<String> tables(DeployedStack stack) {
    return stack
        .aws("dynamodb", "list-tables")
        .path("TableNames")
        .valueStream()
        .map(table -> table.asString())
        .filter(table -> table.startsWith("sluice-reviews-"))
        .toList();
  }

  /// The number of periods of an alarm.
  private static String alarm(DeployedStack stack, String name) {
    return stack
        .aws("cloudwatch", "describe-alarms", "--alarm-names", name)
        .at("/MetricAlarms/0/EvaluationPeriods")
        .asString("");
  }
}
