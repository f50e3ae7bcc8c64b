package dev.sluice.simulatedaws;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/// The AWS clients of the product, connected to [Wire#CURRENT].
public final class SimulatedClients {
  private SimulatedClients() {}

  /// Clients that retry as often as those of the product, but without waiting, because waiting
  /// would take real time.
  public static AwsClients of() {
    return new AwsClients(
        Region.US_EAST_1,
        StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
        Optional.of(new Endpoints(at("sqs"), at("dynamodb"), at("s3"), Optional.of(at("sfn")))),
        new WireClient(),
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .backoffStrategy(BackoffStrategy.retryImmediately())
            .throttlingBackoffStrategy(BackoffStrategy.retryImmediately())
            .circuitBreakerEnabled(false)
            .build());
  }

  private static URI at(String service) {
    return URI.create("https://" + service + ".simulated");
  }
}
