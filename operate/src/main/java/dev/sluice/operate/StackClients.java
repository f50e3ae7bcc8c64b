package dev.sluice.operate;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/// The AWS clients of an operator, with the SDK's default credentials and region.
final class StackClients {
  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final Optional<URI> endpoint;

  /// @param region overrides the SDK's default
  /// @param profile overrides the SDK's default
  /// @param endpoint of an emulator of all services, as in `AWS_ENDPOINT_URL`
  StackClients(Optional<String> region, Optional<String> profile, Optional<URI> endpoint) {
    this.region = region.map(Region::of).orElseGet(() -> defaultRegion(profile));
    DefaultCredentialsProvider.Builder provider = DefaultCredentialsProvider.builder();
    profile.ifPresent(provider::profileName);
    this.credentials = provider.build();
    this.endpoint = endpoint;
  }

  static StackClients of(StackEnvironment.Selection selection) {
    return new StackClients(selection.region(), selection.profile(), selection.endpoint());
  }

  private static Region defaultRegion(Optional<String> profile) {
    DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
    profile.ifPresent(chain::profileName);
    try {
      return chain.build().getRegion();
    } catch (SdkClientException unknown) {
      throw new UsageError("the region is unknown: specify it with --region or AWS_REGION");
    }
  }

  Region region() {
    return region;
  }

  /// The clients of the services that functions use, too.
  AwsClients shared() {
    return new AwsClients(region, credentials, endpoint.map(uri -> new Endpoints(uri, uri, uri)));
  }

  CloudFormationClient cloudFormation() {
    return with(CloudFormationClient.builder()).build();
  }

  CloudWatchClient cloudWatch() {
    return with(CloudWatchClient.builder()).build();
  }

  SfnClient stepFunctions() {
    return with(SfnClient.builder()).build();
  }

  LambdaClient lambda() {
    return with(LambdaClient.builder()).build();
  }

  KmsClient kms() {
    return with(KmsClient.builder()).build();
  }

  CloudWatchLogsClient logs() {
    return with(CloudWatchLogsClient.builder()).build();
  }

  private <B extends AwsClientBuilder<B, ?> & SdkSyncClientBuilder<B, ?>> B with(B builder) {
    B configured =
        builder
            .region(region)
            .credentialsProvider(credentials)
            .httpClient(UrlConnectionHttpClient.create());
    return endpoint.map(configured::endpointOverride).orElse(configured);
  }
}
