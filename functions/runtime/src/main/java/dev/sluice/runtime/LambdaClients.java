package dev.sluice.runtime;

import dev.sluice.aws.AwsClients;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/// The AWS clients of a function, with the region and the credentials that Lambda provides.
public final class LambdaClients {
  private static final List<String> ENDPOINTS =
      List.of("AWS_ENDPOINT_URL_SQS", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3");

  private LambdaClients() {}

  /// Reads `AWS_REGION`, and either `AWS_ENDPOINT_URL`, if one server emulates all services, or
  /// `AWS_ENDPOINT_URL_SQS`, `_DYNAMODB` and `_S3`.
  public static AwsClients of(EnvironmentVariables environment) {
    String region = environment.required("AWS_REGION");
    return new AwsClients(
        Region.of(region.isEmpty() ? "us-east-1" : region),
        // Lambda sets them as variables; with SnapStart it provides them at an HTTP endpoint.
        AwsCredentialsProviderChain.of(
            EnvironmentVariableCredentialsProvider.create(), ContainerCredentialsProvider.create()),
        endpoints(environment));
  }

  private static Optional<AwsClients.Endpoints> endpoints(EnvironmentVariables environment) {
    List<String> urls =
        environment.optional("AWS_ENDPOINT_URL").isPresent()
            ? Collections.nCopies(3, "AWS_ENDPOINT_URL")
            : ENDPOINTS;
    // All or none, so that no call of an emulated environment reaches AWS.
    if (urls.stream().allMatch(url -> environment.optional(url).isEmpty())) {
      return Optional.empty();
    }
    List<URI> uris = urls.stream().map(environment::required).map(URI::create).toList();
    return Optional.of(new AwsClients.Endpoints(uris.get(0), uris.get(1), uris.get(2)));
  }
}
