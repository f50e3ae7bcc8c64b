package dev.sluice.transform;

import dev.sluice.event.EventType;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The pipeline of Transform's tests, which has no tables of its own.
final class LinesPipeline {
  static final Duration REMEMBER = Duration.ofHours(24);

  private LinesPipeline() {}

  static Pipeline withLimits(long messages, long bytes) {
    return new Pipeline(
        "lines",
        Duration.ofMinutes(1),
        new Pipeline.Limits(messages, bytes),
        new Pipeline.JsonSource(),
        new Pipeline.EventFields(
            new EventType.At(new JsonPath(List.of("type"))),
            Optional.empty(),
            new JsonPath(List.of("time")),
            Duration.ofDays(90),
            Duration.ofHours(1)),
        REMEMBER,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        "",
        "digest");
  }
}
