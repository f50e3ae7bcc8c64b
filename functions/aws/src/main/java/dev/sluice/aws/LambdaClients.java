package dev.sluice.aws;

import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/// The clients of a function: region and credentials from its environment, where Lambda puts them,
/// and no other place is searched.
public final class LambdaClients {
  private LambdaClients() {}

  /// Reads `AWS_REGION`, and `AWS_ENDPOINT_URL` where one server plays all of AWS, or
  /// `AWS_ENDPOINT_URL_SQS`, `_DYNAMODB` and `_S3` where each has its own.
  public static AwsClients of(Environment environment) {
    String region = environment.required("AWS_REGION");
    return new AwsClients(
        Region.of(region.isEmpty() ? "us-east-1" : region),
        EnvironmentVariableCredentialsProvider.create(),
        endpoints(environment));
  }

  private static Optional<AwsClients.Endpoints> endpoints(Environment environment) {
    Optional<URI> sqs = endpoint(environment, "SQS");
    Optional<URI> dynamodb = endpoint(environment, "DYNAMODB");
    Optional<URI> s3 = endpoint(environment, "S3");
    return sqs.isPresent() && dynamodb.isPresent() && s3.isPresent()
        ? Optional.of(new AwsClients.Endpoints(sqs.get(), dynamodb.get(), s3.get()))
        : Optional.empty();
  }

  private static Optional<URI> endpoint(Environment environment, String service) {
    return environment
        .optional("AWS_ENDPOINT_URL_" + service)
        .or(() -> environment.optional("AWS_ENDPOINT_URL"))
        .map(URI::create);
  }
}
