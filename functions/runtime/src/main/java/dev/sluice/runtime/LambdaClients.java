package dev.sluice.runtime;

import dev.sluice.aws.AwsClients;
import dev.sluice.deadline.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/// The AWS clients of a function, with the region and the credentials that Lambda provides.
public final class LambdaClients {
  /// The variables of the endpoints of SQS, DynamoDB, S3 and Step Functions. The first of these
  /// lists that has a variable with a value is used.
  private static final List<List<String>> ENDPOINTS =
      List.of(
          Collections.nCopies(4, "AWS_ENDPOINT_URL"),
          List.of(
              "AWS_ENDPOINT_URL_SQS",
              "AWS_ENDPOINT_URL_DYNAMODB",
              "AWS_ENDPOINT_URL_S3",
              "AWS_ENDPOINT_URL_SFN"),
          // Declared in template.yaml, because `sam local invoke` passes no other variables. The
          // SDK rejects an empty AWS_ENDPOINT_URL_SQS, so those cannot be declared.
          List.of("SQS_ENDPOINT", "DYNAMODB_ENDPOINT", "S3_ENDPOINT", "SFN_ENDPOINT"));

  private LambdaClients() {}

  /// Reads `AWS_REGION`, and the endpoints if they are not those of AWS: `AWS_ENDPOINT_URL`, if one
  /// server emulates all services; or `AWS_ENDPOINT_URL_SQS`, `_DYNAMODB`, `_S3` and `_SFN`; or
  /// `SQS_ENDPOINT`, `DYNAMODB_ENDPOINT`, `S3_ENDPOINT` and `SFN_ENDPOINT`. The last one of each
  /// list is optional: an emulator may have no state machine.
  ///
  /// @param deadline of the function; its calls end before it
  public static AwsClients of(EnvironmentVariables environment, Deadline deadline) {
    return new AwsClients(
        region(environment), credentials(), endpoints(environment), Optional.of(deadline));
  }

  /// Clients that close each connection after its request.
  static AwsClients withoutKeepAlive(EnvironmentVariables environment) {
    return new AwsClients(
        region(environment),
        credentials(),
        endpoints(environment),
        UrlConnectionHttpClient.create(LambdaClients::closingConnection),
        AwsRetryStrategy.standardRetryStrategy());
  }

  private static HttpURLConnection closingConnection(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setRequestProperty("Connection", "close");
      return connection;
    } catch (IOException invalid) {
      throw new UncheckedIOException("cannot connect to " + uri, invalid);
    }
  }

  private static Region region(EnvironmentVariables environment) {
    String region = environment.required("AWS_REGION");
    return Region.of(region.isEmpty() ? "us-east-1" : region);
  }

  /// Lambda sets them as variables; with SnapStart it provides them at an HTTP endpoint.
  private static AwsCredentialsProvider credentials() {
    return AwsCredentialsProviderChain.of(
        EnvironmentVariableCredentialsProvider.create(), ContainerCredentialsProvider.create());
  }

  private static Optional<AwsClients.Endpoints> endpoints(EnvironmentVariables environment) {
    return ENDPOINTS.stream()
        .filter(urls -> urls.stream().anyMatch(url -> environment.optional(url).isPresent()))
        .findFirst()
        .map(urls -> endpoints(urls, environment));
  }

  /// The first three are required, so that no call of an emulated environment reaches AWS.
  private static AwsClients.Endpoints endpoints(
      List<String> urls, EnvironmentVariables environment) {
    List<URI> uris = urls.stream().limit(3).map(environment::required).map(URI::create).toList();
    return new AwsClients.Endpoints(
        uris.get(0), uris.get(1), uris.get(2), environment.optional(urls.get(3)).map(URI::create));
  }
}
