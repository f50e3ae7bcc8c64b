package dev.sluice.aws;

import dev.sluice.deadline.Deadline;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// Creates the AWS clients, with one HTTP connection pool and explicit region, credentials and
/// retries.
public final class AwsClients {
  static {
    // HttpURLConnection would repeat a POST when a kept-alive connection breaks. A ledger write
    // must not be repeated.
    System.setProperty("sun.net.http.retryPost", "false");
    System.setProperty("http.maxConnections", "32");
  }

  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final Optional<Endpoints> endpoints;
  private final SdkHttpClient http;
  private final RetryStrategy retries;
  private final Optional<Deadline> deadline;

  /// The endpoints of the services, if they are not the ones of AWS.
  ///
  /// @param stepFunctions empty if there is no state machine
  public record Endpoints(URI sqs, URI dynamodb, URI s3, Optional<URI> stepFunctions) {
    public Endpoints(URI sqs, URI dynamodb, URI s3) {
      this(sqs, dynamodb, s3, Optional.empty());
    }
  }

  public AwsClients(
      Region region, AwsCredentialsProvider credentials, Optional<Endpoints> endpoints) {
    this(region, credentials, endpoints, Optional.empty());
  }

  /// Clients of a function.
  ///
  /// @param deadline if present, each call has a timeout, and ends before the deadline
  public AwsClients(
      Region region,
      AwsCredentialsProvider credentials,
      Optional<Endpoints> endpoints,
      Optional<Deadline> deadline) {
    this(
        region,
        credentials,
        endpoints,
        UrlConnectionHttpClient.builder()
            .connectionTimeout(Duration.ofSeconds(3))
            .socketTimeout(Duration.ofSeconds(10))
            .build(),
        // Three tries. The SDK's default number of tries differs between services.
        AwsRetryStrategy.standardRetryStrategy(),
        deadline);
  }

  /// Clients with a different HTTP client.
  ///
  /// @param retries when a request is retried
  public AwsClients(
      Region region,
      AwsCredentialsProvider credentials,
      Optional<Endpoints> endpoints,
      SdkHttpClient http,
      RetryStrategy retries) {
    this(region, credentials, endpoints, http, retries, Optional.empty());
  }

  private AwsClients(
      Region region,
      AwsCredentialsProvider credentials,
      Optional<Endpoints> endpoints,
      SdkHttpClient http,
      RetryStrategy retries,
      Optional<Deadline> deadline) {
    this.region = region;
    this.credentials = credentials;
    this.endpoints = endpoints;
    this.http = http;
    this.retries = retries;
    this.deadline = deadline;
  }

  public S3Client s3() {
    // Every object is stored with its SHA-256, so the SDK's own checksums are not needed.
    return with(S3Client.builder(), endpoints.map(Endpoints::s3), CallTimeouts.S3)
        .forcePathStyle(endpoints.isPresent())
        .serviceConfiguration(c -> c.chunkedEncodingEnabled(false))
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .build();
  }

  public DynamoDbClient dynamodb() {
    return dynamodbBuilder(retries).build();
  }

  /// The ledger of `pipeline`. It gets a second client for the one write that must never be
  /// retried.
  public DynamoLedger ledger(DynamoDbClient dynamodb, String table, String pipeline) {
    DynamoDbClient once = dynamodbBuilder(AwsRetryStrategy.doNotRetry()).build();
    return new DynamoLedger(dynamodb, once, table, pipeline);
  }

  private DynamoDbClientBuilder dynamodbBuilder(RetryStrategy retries) {
    return with(
            DynamoDbClient.builder(),
            endpoints.map(Endpoints::dynamodb),
            CallTimeouts.DYNAMODB,
            retries)
        .accountIdEndpointMode(AccountIdEndpointMode.DISABLED);
  }

  public SqsClient sqs() {
    // MD5 checks are redundant: TLS and the chunk's SHA-256 protect each body.
    return with(SqsClient.builder(), endpoints.map(Endpoints::sqs), CallTimeouts.SQS)
        .checksumValidationEnabled(false)
        .build();
  }

  /// The client of Step Functions. Its library is optional: only Extract has it.
  ///
  /// @throws IllegalStateException if the endpoints are those of an emulator without Step Functions
  public SfnClient stepFunctions() {
    return with(
            SfnClient.builder(),
            endpoints.map(e ->
                e.stepFunctions()
                    .orElseThrow(() ->
                        new IllegalStateException(
                            "the endpoint of Step Functions is not set: set SFN_ENDPOINT"))),
            CallTimeouts.STEP_FUNCTIONS)
        .build();
  }

  private <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B with(
      B builder, Optional<URI> endpoint, CallTimeouts timeouts) {
    return with(builder, endpoint, timeouts, retries);
  }

  private <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B with(
      B builder, Optional<URI> endpoint, CallTimeouts timeouts, RetryStrategy retries) {
    B made =
        builder
            .region(region)
            .credentialsProvider(credentials)
            .httpClient(http)
            .overrideConfiguration(o -> {
              o.retryStrategy(retries);
              deadline.map(timeouts::until).ifPresent(o::addExecutionInterceptor);
            });
    return endpoint.map(made::endpointOverride).orElse(made);
  }
}
