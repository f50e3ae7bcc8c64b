package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.deadline.Deadline;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;

final class LambdaClientsTest {
  @Test
  void usesTheEndpointsOfAws() {
    assertThat(endpoints(Map.of())).containsOnly(Optional.empty());
  }

  @Test
  void usesTheRegionOfTheFunction() {
    assertThat(configurations(Map.of()))
        .extracting(client -> client.region().id())
        .containsOnly("eu-west-1");
  }

  @Test
  void usesOneEndpointForAllServices() {
    assertThat(
            endpoints(Map.of("AWS_ENDPOINT_URL", "http://localhost:1", "S3_ENDPOINT", "http://s3")))
        .containsOnly(Optional.of(URI.create("http://localhost:1")));
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL_SQS,AWS_ENDPOINT_URL_DYNAMODB,AWS_ENDPOINT_URL_S3",
    "SQS_ENDPOINT,DYNAMODB_ENDPOINT,S3_ENDPOINT"
  })
  void usesTheEndpointOfEachService(String sqs, String dynamodb, String s3) {
    assertThat(endpoints(Map.of(sqs, "http://sqs", dynamodb, "http://dynamodb", s3, "http://s3")))
        .extracting(Optional::orElseThrow)
        .containsExactly(
            URI.create("http://sqs"), URI.create("http://dynamodb"), URI.create("http://s3"));
  }

  private static List<Optional<URI>> endpoints(Map<String, String> variables) {
    return configurations(variables).map(AwsServiceClientConfiguration::endpointOverride).toList();
  }

  private static Stream<AwsServiceClientConfiguration> configurations(
      Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("AWS_REGION", "eu-west-1");
    AwsClients clients = LambdaClients.of(new EnvironmentVariables(all), Deadline.NONE);
    return Stream.of(
        clients.sqs().serviceClientConfiguration(),
        clients.dynamodb().serviceClientConfiguration(),
        clients.s3().serviceClientConfiguration());
  }

  /// Otherwise, some calls of an emulated environment would reach AWS.
  @ParameterizedTest
  @CsvSource({
    "AWS_ENDPOINT_URL_SQS,AWS_ENDPOINT_URL_DYNAMODB,AWS_ENDPOINT_URL_S3",
    "SQS_ENDPOINT,DYNAMODB_ENDPOINT,S3_ENDPOINT"
  })
  void requiresTheRegionAndAllEndpointsOrNone(String sqs, String dynamodb, String s3) {
    Map<String, String> all = new HashMap<>(Map.of("AWS_REGION", "eu-west-1"));
    assertThat(missing(all)).isEmpty();
    List.of(sqs, dynamodb, s3).forEach(name -> all.put(name, "http://localhost"));
    assertThat(missing(all)).isEmpty();
    for (String name : List.copyOf(all.keySet())) {
      Map<String, String> others = new HashMap<>(all);
      others.remove(name);
      assertThat(missing(others)).contains("[" + name + "]");
    }
  }

  private static String missing(Map<String, String> variables) {
    EnvironmentVariables environment = new EnvironmentVariables(variables);
    LambdaClients.of(environment, Deadline.NONE);
    try {
      environment.check();
      return "";
    } catch (IllegalStateException missing) {
      return String.valueOf(missing.getMessage());
    }
  }
}
