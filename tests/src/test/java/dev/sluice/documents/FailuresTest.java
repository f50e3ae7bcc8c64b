package dev.sluice.documents;

import static dev.sluice.documents.Document.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.chunk.ChunkId;
import dev.sluice.event.Envelope;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.fakes.LineEngine;
import dev.sluice.fakes.MemoryBucket;
import dev.sluice.fakes.MemoryLedger;
import dev.sluice.fakes.MemoryReferenceTable;
import dev.sluice.fakes.SettableClock;
import dev.sluice.fakes.TestChunks;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.transform.Transform;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The kinds of failures in docs/protocol.md and docs/runbook.md.
final class FailuresTest {
  private static final Document PROTOCOL = Document.read("protocol.md");
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");

  /// Thrown before a plan is opened.
  private static final String BEFORE_A_PLAN = "PipelineStopped";

  @TempDir Path root;

  /// Whether each kind of failure in Transform counts against the plan.
  private static Map<String, Boolean> documented() {
    Map<String, Boolean> counted = new TreeMap<>();
    for (List<String> row : PROTOCOL.table("| counted | not counted |")) {
      code(row.get(0)).stream().filter(kinds()::containsKey).forEach(k -> counted.put(k, true));
      // A cell about Load says nothing about Transform.
      if (!row.get(1).contains("in Load")) {
        code(row.get(1)).stream().filter(kinds()::containsKey).forEach(k -> counted.put(k, false));
      }
    }
    return counted;
  }

  private static Map<String, Class<?>> kinds() {
    Map<String, Class<?>> kinds = new TreeMap<>();
    leaves(SluiceFailure.class).forEach(kind -> kinds.put(kind.getSimpleName(), kind));
    return kinds;
  }

  private static Stream<Class<?>> leaves(Class<?> kind) {
    return kind.isSealed()
        ? Stream.of(kind.getPermittedSubclasses()).flatMap(FailuresTest::leaves)
        : Stream.of(kind);
  }

  @Test
  void everyKindOfFailureIsDocumented() {
    List<String> names = new ArrayList<>(documented().keySet());
    names.add(BEFORE_A_PLAN);
    List<String> inRunbook =
        Document.read("runbook.md").table("| error | what to do |").stream()
            .flatMap(row -> code(row.getFirst()).stream())
            .filter(name -> !name.contains("."))
            .toList();

    assertThat(names).containsExactlyInAnyOrderElementsOf(kinds().keySet());
    assertThat(inRunbook).containsExactlyInAnyOrderElementsOf(kinds().keySet());
  }

  @Test
  void aFailureCountsAgainstThePlanAsDocumented() throws Exception {
    Map<String, Boolean> actual = new TreeMap<>();
    for (Class<?> kind : kinds().values()) {
      if (!kind.getSimpleName().equals(BEFORE_A_PLAN)) {
        actual.put(kind.getSimpleName(), counts(failure(kind)));
      }
    }

    assertThat(actual).isEqualTo(documented());
    assertThat(counts(new IllegalStateException("every unexpected exception"))).isTrue();
  }

  private static RuntimeException failure(Class<?> kind) throws ReflectiveOperationException {
    Constructor<?> constructor =
        Stream.of(kind.getConstructors())
            .filter(one -> Modifier.isPublic(one.getModifiers()))
            .filter(one -> List.of(one.getParameterTypes()).stream().allMatch(String.class::equals))
            .findFirst()
            .orElseThrow();
    Object[] texts = new Object[constructor.getParameterCount()];
    Arrays.fill(texts, "a message");
    return (RuntimeException) constructor.newInstance(texts);
  }

  /// Whether the attempt still counts after the engine has thrown `failure`.
  private boolean counts(RuntimeException failure) {
    Pipeline pipeline = new PipelineYaml(root).load();
    MemoryBucket bucket = new MemoryBucket();
    MemoryLedger ledger = new MemoryLedger();
    LineEngine engine =
        new LineEngine("1")
            .failingOn(_ -> {
              throw failure;
            });
    Transform transform =
        new Transform(
            pipeline,
            ledger,
            bucket,
            reference -> new MemoryReferenceTable(reference.key()),
            engine,
            root.resolve("scratch"),
            _ -> {},
            new SettableClock(NOON),
            UUID::randomUUID);
    TestChunks.stage(
        pipeline.name(),
        bucket,
        ledger,
        ChunkId.of(UUID.randomUUID()),
        List.of(new Envelope("m1", NOON, "{}")));

    assertThatThrownBy(() -> transform.run("tick", Duration.ofMinutes(1))).isSameAs(failure);

    OpenPlan open = ledger.head().open().orElseThrow();
    return open.attempts() == 1;
  }
}
