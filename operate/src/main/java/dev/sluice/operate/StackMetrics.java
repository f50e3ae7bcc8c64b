package dev.sluice.operate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.MetricStat;

/// What CloudWatch knows about a stack. A value is empty if there is no metric, as on LocalStack.
final class StackMetrics {
  /// Longer than the longest schedule interval.
  private static final Duration WINDOW = Duration.ofHours(3);

  private static final int MINUTE = 60;

  private final CloudWatchClient cloudWatch;
  private final Clock clock;

  StackMetrics(CloudWatchClient cloudWatch, Clock clock) {
    this.cloudWatch = cloudWatch;
    this.clock = clock;
  }

  /// The minute in which the function was invoked last.
  Optional<Instant> lastInvocation(String function) {
    return latest(
        "AWS/Lambda",
        "Invocations",
        "Sum",
        Map.of("FunctionName", function),
        (at, count) -> count > 0 ? Optional.of(at) : Optional.empty());
  }

  /// When the oldest message in the queue was sent.
  Optional<Instant> oldestMessage(String queueName) {
    return latest(
        "AWS/SQS",
        "ApproximateAgeOfOldestMessage",
        "Maximum",
        Map.of("QueueName", queueName),
        (at, seconds) ->
            seconds > 0 ? Optional.of(at.minusMillis((long) (seconds * 1000))) : Optional.empty());
  }

  /// The newest datapoint that `read` accepts.
  private Optional<Instant> latest(
      String namespace,
      String metric,
      String statistic,
      Map<String, String> dimensions,
      BiFunction<Instant, Double, Optional<Instant>> read) {
    List<Dimension> list =
        dimensions.entrySet().stream()
            .map(d -> Dimension.builder().name(d.getKey()).value(d.getValue()).build())
            .toList();
    Instant now = clock.instant();
    MetricStat stat =
        MetricStat.builder()
            .period(MINUTE)
            .stat(statistic)
            .metric(m -> m.namespace(namespace).metricName(metric).dimensions(list))
            .build();
    MetricDataQuery query = MetricDataQuery.builder().id("m").metricStat(stat).build();
    try {
      MetricDataResult result =
          cloudWatch
              .getMetricData(
                  b -> b.startTime(now.minus(WINDOW)).endTime(now).metricDataQueries(query))
              .metricDataResults()
              .getFirst();
      // Newest first.
      for (int i = 0; i < result.timestamps().size(); i++) {
        Optional<Instant> found = read.apply(result.timestamps().get(i), result.values().get(i));
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    } catch (SdkException unavailable) {
      return Optional.empty();
    }
  }
}
