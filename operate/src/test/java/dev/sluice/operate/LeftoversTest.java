package dev.sluice.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.failure.TransientFailure;
import dev.sluice.operate.Leftovers.Leftover;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The account also has resources of the stacks `shop-test` and `my-shop`, and of other
/// applications.
final class LeftoversTest {
  private final StubAws aws = new StubAws();

  @AfterEach
  void stop() {
    aws.close();
  }

  @BeforeEach
  void fillTheAccount() {
    aws.on(
        "Action=DescribeStacks",
        stacks(
            "shop", "ROLLBACK_COMPLETE",
            "shop-Storage-1ABC", "CREATE_COMPLETE",
            "shop-Access-9XYZ", "DELETE_FAILED",
            "shop-test", "CREATE_COMPLETE",
            "shop-test-Storage-1ABC", "CREATE_COMPLETE",
            "my-shop-Storage-1ABC", "CREATE_COMPLETE",
            "shop-Website-1ABC", "CREATE_COMPLETE"));
    aws.on(
        "GET /?",
        "<ListAllMyBucketsResult><Buckets>%s</Buckets></ListAllMyBucketsResult>"
            .formatted(
                Stream.of(
                        "shop-storage-1abc-bucket-q1",
                        "shop-test-storage-1abc-bucket-q2",
                        "shop-website")
                    .map(name -> "<Bucket><Name>" + name + "</Name></Bucket>")
                    .collect(Collectors.joining())));
    aws.on(
        "DynamoDB_20120810.ListTables",
        """
        {"TableNames": ["shop-Storage-1ABC-Ledger-Q1", "shop-References-1ABC-customers",
          "shop-test-Storage-1ABC-Ledger-Q2", "shop-orders", "shop"]}\
        """);
    aws.on(
        "DynamoDB_20120810.DescribeTable", "{\"Table\": {\"DeletionProtectionEnabled\": false}}");
    aws.on(
        "DynamoDB_20120810.DescribeTable {\"TableName\":\"shop-Storage-1ABC-Ledger-Q1\"",
        "{\"Table\": {\"DeletionProtectionEnabled\": true}}");
    aws.on(
        "AmazonSQS.ListQueues",
        """
        {"QueueUrls": ["http://sqs/1/shop-Queue-1ABC-Events-Q1", "http://sqs/1/shop-Queue-1ABC-DeadLetters-Q1",
          "http://sqs/1/shop-test-Queue-1ABC-Events-Q2", "http://sqs/1/shop-mail"]}\
        """);
    aws.on(
        "TrentService.ListKeys",
        "{\"Keys\": [{\"KeyId\": \"own\"}, {\"KeyId\": \"other\"}, {\"KeyId\": \"plain\"}, {\"KeyId\": \"foreign\"}]}");
    key("own", "Encrypts the data of shop-Storage-1ABC.", "Enabled");
    key("other", "Encrypts the data of shop-test-Storage-1ABC.", "Enabled");
    key("plain", "", "PendingDeletion");
    aws.on(
        "TrentService.DescribeKey {\"KeyId\":\"foreign\"",
        400,
        "{\"__type\": \"AccessDeniedException\", \"message\": \"no\"}");
    aws.on(
        "GET /2015-03-31/functions",
        """
        {"Functions": [{"FunctionName": "shop-extract"}, {"FunctionName": "shop-test-extract"}, {"FunctionName": "shop"}]}\
        """);
    aws.on("Logs_20140328.DescribeLogGroups", "{\"logGroups\": []}");
    aws.on(
        "Logs_20140328.DescribeLogGroups {\"logGroupNamePrefix\":\"/aws/lambda/shop-\"",
        """
        {"logGroups": [{"logGroupName": "/aws/lambda/shop-extract"}, {"logGroupName": "/aws/lambda/shop-test-extract"}]}\
        """);
    aws.on(
        "Logs_20140328.DescribeLogGroups {\"logGroupNamePrefix\":\"/aws/vendedlogs/shop-\"",
        "{\"logGroups\": [{\"logGroupName\": \"/aws/vendedlogs/shop-tick\"}]}");
  }

  private void key(String id, String description, String state) {
    aws.on(
        "TrentService.DescribeKey {\"KeyId\":\"" + id + "\"",
        """
        {"KeyMetadata": {"KeyId": "%s", "Description": "%s", "KeyState": "%s"}}\
        """
            .formatted(id, description, state));
  }

  private static String stacks(String... namesAndStates) {
    StringBuilder members = new StringBuilder();
    for (int i = 0; i < namesAndStates.length; i += 2) {
      members.append(
          "<member><StackName>%s</StackName><StackStatus>%s</StackStatus></member>"
              .formatted(namesAndStates[i], namesAndStates[i + 1]));
    }
    return "<DescribeStacksResponse><DescribeStacksResult><Stacks>%s</Stacks></DescribeStacksResult></DescribeStacksResponse>"
        .formatted(members);
  }

  @Test
  void listsEveryKindOfResourceOfTheStackAndNoOther() {
    assertThat(Leftovers.of(aws.select("shop")))
        .containsExactly(
            new Leftover("stack", "shop", "ROLLBACK_COMPLETE"),
            new Leftover("stack", "shop-Storage-1ABC", "CREATE_COMPLETE"),
            new Leftover("stack", "shop-Access-9XYZ", "DELETE_FAILED"),
            new Leftover("bucket", "shop-storage-1abc-bucket-q1", ""),
            new Leftover("table", "shop-Storage-1ABC-Ledger-Q1", "deletion protection"),
            new Leftover("table", "shop-References-1ABC-customers", ""),
            new Leftover("queue", "shop-Queue-1ABC-Events-Q1", ""),
            new Leftover("queue", "shop-Queue-1ABC-DeadLetters-Q1", ""),
            new Leftover("key", "own", "Enabled"),
            new Leftover("function", "shop-extract", ""),
            new Leftover("log group", "/aws/lambda/shop-extract", ""),
            new Leftover("log group", "/aws/vendedlogs/shop-tick", ""));
  }

  @Test
  void listsNothingOfAStackThatNeverExisted() {
    assertThat(Leftovers.of(aws.select("reviews"))).isEmpty();
  }

  /// An incomplete list would say that nothing is left.
  @Test
  void everyFailureIsReported() {
    for (String call :
        List.of(
            "Action=DescribeStacks",
            "GET /?",
            "DynamoDB_20120810.ListTables",
            "DynamoDB_20120810.DescribeTable {\"TableName\":\"shop-Storage-1ABC-Ledger-Q1\"",
            "AmazonSQS.ListQueues",
            "TrentService.ListKeys",
            "TrentService.DescribeKey {\"KeyId\":\"plain\"",
            "GET /2015-03-31/functions",
            "Logs_20140328.DescribeLogGroups {\"logGroupNamePrefix\":\"/aws/vendedlogs/shop-\"")) {
      fillTheAccount();
      aws.on(call, 400, "{\"__type\": \"ValidationException\", \"message\": \"no\"}");

      assertThatExceptionOfType(TransientFailure.class)
          .as(call)
          .isThrownBy(() -> Leftovers.of(aws.select("shop")));
    }
  }

  /// Resources are found by the names that the templates give them.
  @Test
  void theNamesAreThoseOfTheTemplates() {
    JsonNode root = template("template.yaml");
    List<String> nested =
        ofType(root, "AWS::Serverless::Application").map(Map.Entry::getKey).toList();
    List<String> functions =
        ofType(root, "AWS::Serverless::Function")
            .map(one -> one.getValue().at("/Properties/FunctionName").asString())
            .toList();
    List<String> logGroups =
        ofType(root, "AWS::Logs::LogGroup")
            .map(one -> one.getValue().at("/Properties/LogGroupName").asString())
            .toList();

    assertThat(Leftovers.NESTED).containsExactlyInAnyOrderElementsOf(nested);
    assertThat(functions)
        .containsExactlyElementsOf(
            FunctionVersions.FUNCTIONS.stream().map("${AWS::StackName}-"::concat).toList());
    assertThat(logGroups)
        .hasSizeGreaterThanOrEqualTo(4)
        .allMatch(name -> name.matches("/aws/(lambda|vendedlogs)/\\$\\{AWS::StackName}-[a-z]+"));
    assertThat(
            template("infra/storage.yaml").at("/Resources/Key/Properties/Description").asString())
        .isEqualTo("Encrypts the data of ${AWS::StackName}.");
  }

  private static JsonNode template(String file) {
    return YAMLMapper.shared().readTree(Path.of("..").resolve(file).toFile());
  }

  private static Stream<Map.Entry<String, JsonNode>> ofType(JsonNode template, String type) {
    return template.at("/Resources").properties().stream()
        .filter(resource -> resource.getValue().at("/Type").asString().equals(type));
  }
}
