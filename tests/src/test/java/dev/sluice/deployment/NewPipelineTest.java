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
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// A new pipeline needs its folder, `./sluice infra` and `sam deploy`: the test does nothing else,
/// in a copy of the project, and then uses the stack.
@Tag("localstack")
@TestInstance(Lifecycle.PER_CLASS)
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
    Path events = newPipeline(home);

    stack.run("./sluice", "infra", "reviews");
    stack.deploy();

    assertThat(stack.sluice(0, "send", "reviews", events.toString()))
        .contains("sent %,d lines".formatted(REVIEWS));
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
    assertThat(alarm(stack, "sluice-reviews.low_score")).isEqualTo("3");
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

  /// Creates the folder of the pipeline `reviews`, and a file of its events.
  private Path newPipeline(Path home) throws IOException {
    Path folder = Files.createDirectories(home.resolve("pipelines/reviews"));
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        pipeline: reviews
        every: 5m
        event: {type: $.type, id: $.review_id, time: $.answered_at}
        tables:
          reviews:
            from: review
            sql: reviews.sql
            required: [score]
            expect: {score_in_range: score BETWEEN 1 AND 5}
        metrics:
          reviews_received: SELECT count(*) FROM reviews
          score: SELECT avg(score) FROM reviews
        alarms:
          low_score: {when: score < 3.5, and: reviews_received >= 20, for: 3, description: Read the reviews.}
        """);
    Files.writeString(
        folder.resolve("reviews.sql"),
        """
        SELECT n, to_whole(text(event, '$.score')) AS score, text(event, '$.city') AS city FROM events
        """);
    return Files.write(
        home.resolve("reviews.jsonl"), IntStream.range(0, REVIEWS).mapToObj(this::review).toList());
  }

  private String review(int i) {
    return """
    {"type": "review", "review_id": "r-%d", "answered_at": "%s", "score": %d, "city": "%s"}\
    """
        .formatted(
            i, now.minusSeconds(i), i % 5 + 1, List.of("Berlin", "Wien", "Zürich").get(i % 3));
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
