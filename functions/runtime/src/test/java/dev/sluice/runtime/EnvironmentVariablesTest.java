package dev.sluice.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.sluice.aws.AwsClients;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.AwsServiceClientConfiguration;

final class EnvironmentVariablesTest {
  @Test
  void reportsAllMissingVariablesTogether() {
    EnvironmentVariables variables =
        new EnvironmentVariables(Map.of("SET", "value", "EMPTY", "", "BLANK", " "));

    assertThat(variables.required("SET")).isEqualTo("value");
    assertThatCode(variables::check).doesNotThrowAnyException();
    assertThat(variables.required("EMPTY")).isEmpty();
    assertThat(variables.required("BLANK")).isEmpty();
    assertThat(variables.required("ABSENT")).isEmpty();
    assertThat(variables.requiredNumber("NUMBER")).isEqualTo(1);
    assertThat(variables.optional("EMPTY")).isEmpty();
    assertThat(variables.optional("OPTIONAL")).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(variables::check)
        .withMessage("set these environment variables: [EMPTY, BLANK, ABSENT, NUMBER]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "1e3", "9223372036854775808", "1 "})
  void rejectsWhatIsNotAWholeNumber(String value) {
    EnvironmentVariables variables = new EnvironmentVariables(Map.of("MAX_BYTES", value));

    assertThatIllegalStateException()
        .isThrownBy(() -> variables.requiredNumber("MAX_BYTES"))
        .withMessageContaining("MAX_BYTES is '" + value + "'");
    assertThatIllegalStateException().isThrownBy(() -> variables.number("MAX_BYTES", 7));
  }

  @Test
  void usesTheDefaultOnlyIfTheVariableIsNotSet() {
    EnvironmentVariables variables = new EnvironmentVariables(Map.of("MAX_BYTES", "8"));

    assertThat(variables.number("MAX_BYTES", 7)).isEqualTo(8);
    assertThat(variables.requiredNumber("MAX_BYTES")).isEqualTo(8);
    assertThat(variables.number("OTHER", 7)).isEqualTo(7);
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
    LambdaClients.of(environment);
    try {
      environment.check();
      return "";
    } catch (IllegalStateException missing) {
      return String.valueOf(missing.getMessage());
    }
  }

  /// The first group of variables that has a value is used.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                         | null                    null     null",
        "AWS_ENDPOINT_URL=http://one                | http://one http://one http://one",
        "AWS_ENDPOINT_URL_SQS=http://q AWS_ENDPOINT_URL_DYNAMODB=http://d AWS_ENDPOINT_URL_S3=http://s | http://q http://d http://s",
        "SQS_ENDPOINT=http://q DYNAMODB_ENDPOINT=http://d S3_ENDPOINT=http://s | http://q http://d http://s",
        "AWS_ENDPOINT_URL=http://one SQS_ENDPOINT=http://q | http://one http://one http://one",
      })
  void clientsHaveTheRegionAndTheEndpoints(String variables, String endpoints) {
    Map<String, String> all = new HashMap<>(Map.of("AWS_REGION", "eu-west-1"));
    Pattern.compile("(\\w+)=(\\S+)")
        .matcher(variables)
        .results()
        .forEach(variable -> all.put(variable.group(1), variable.group(2)));

    AwsClients clients = LambdaClients.of(new EnvironmentVariables(all));

    List<AwsServiceClientConfiguration> found =
        List.of(
            clients.sqs().serviceClientConfiguration(),
            clients.dynamodb().serviceClientConfiguration(),
            clients.s3().serviceClientConfiguration());
    assertThat(found).extracting(c -> c.region().id()).containsOnly("eu-west-1");
    assertThat(found)
        .extracting(c -> c.endpointOverride().map(URI::toString).orElse("null"))
        .containsExactly(endpoints.split(" +", -1));
  }

  /// Lambda provides them as variables, or with SnapStart at an endpoint.
  @Test
  void credentialsAreThoseOfLambda() {
    assertThat(LambdaClients.of(new EnvironmentVariables(Map.of("AWS_REGION", "eu-west-1"))))
        .extracting("credentials")
        .asString()
        .contains("EnvironmentVariableCredentialsProvider", "ContainerCredentialsProvider");
  }
}
