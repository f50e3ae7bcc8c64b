package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The parameter `Encryption`: with `customer-key` everything is encrypted with the stack's key,
/// with `aws-owned` there is no key, and everything is still encrypted. `tests/security` checks the
/// templates after their transformation.
final class EncryptionTest {
  private static final String STORAGE = "infra/storage.yaml";
  private static final JsonNode ROOT = Template.read("template.yaml");

  /// A reference to the stack's key, but not to the key of an existing queue.
  private static final Pattern KEY =
      Pattern.compile("(Key|Key\\.Arn|(Storage\\.Outputs\\.)?KeyArn)");

  private static final String NO_VALUE = "AWS::NoValue";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "infra/storage.yaml | Bucket/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0 | {\"BucketKeyEnabled\":true,\"ServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"aws:kms\",\"KMSMasterKeyID\":\"Key.Arn\"}} | {\"ServerSideEncryptionByDefault\":{\"SSEAlgorithm\":\"AES256\"}}",
        "infra/storage.yaml | Ledger/Properties/SSESpecification | {\"SSEEnabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"Key\"} | {\"SSEEnabled\":false}",
        "infra/generated/references.yaml | OrdersCustomers/Properties/SSESpecification | {\"SSEEnabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"KeyArn\"} | {\"SSEEnabled\":false}",
        "infra/generated/references.yaml | OrdersExchangeRates/Properties/SSESpecification | {\"SSEEnabled\":true,\"SSEType\":\"KMS\",\"KMSMasterKeyId\":\"KeyArn\"} | {\"SSEEnabled\":false}",
        "infra/generated/catalog.yaml | Queries/Properties/WorkGroupConfiguration/ResultConfiguration/EncryptionConfiguration | {\"EncryptionOption\":\"SSE_KMS\",\"KmsKey\":\"KeyArn\"} | {\"EncryptionOption\":\"SSE_S3\"}",
        "infra/queue.yaml | Events/Properties/KmsMasterKeyId | \"KeyArn\" | \"AWS::NoValue\"",
        "infra/queue.yaml | Events/Properties/SqsManagedSseEnabled | \"AWS::NoValue\" | true",
        "infra/queue.yaml | DeadLetters/Properties/KmsMasterKeyId | \"KeyArn\" | \"AWS::NoValue\"",
        "infra/queue.yaml | DeadLetters/Properties/SqsManagedSseEnabled | \"AWS::NoValue\" | true",
        "infra/monitoring.yaml | Alarms/Properties/KmsMasterKeyId | \"KeyArn\" | \"AWS::NoValue\"",
        "template.yaml | TickLogs/Properties/KmsKeyId | \"Storage.Outputs.KeyArn\" | \"AWS::NoValue\"",
        "template.yaml | ExtractLogs/Properties/KmsKeyId | \"Storage.Outputs.KeyArn\" | \"AWS::NoValue\"",
        "template.yaml | TransformLogs/Properties/KmsKeyId | \"Storage.Outputs.KeyArn\" | \"AWS::NoValue\"",
        "template.yaml | LoadLogs/Properties/KmsKeyId | \"Storage.Outputs.KeyArn\" | \"AWS::NoValue\"",
      })
  void aResourceIsEncryptedWithTheKeyOrWithoutIt(
      String template, String resource, String withKey, String withoutKey) {
    assertThat(Template.read(template).at("/Resources/" + resource).toString())
        .isEqualTo("[\"HasKey\",%s,%s]".formatted(withKey, withoutKey));
  }

  @Test
  void theEnvironmentVariablesAreEncryptedWithTheKeyOrByLambda() {
    assertThat(ROOT.at("/Globals/Function/KmsKeyArn").toString())
        .isEqualTo("[\"HasKey\",\"Storage.Outputs.KeyArn\",\"%s\"]".formatted(NO_VALUE));
  }

  /// Otherwise a stack without a key cannot be deployed.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "template.yaml",
        STORAGE,
        "infra/queue.yaml",
        "infra/monitoring.yaml",
        "infra/access.yaml",
        "infra/generated/references.yaml",
        "infra/generated/catalog.yaml"
      })
  void nothingRefersToTheKeyWithoutTheCondition(String template) {
    JsonNode yaml = Template.read(template);
    List<String> unconditional = new ArrayList<>();
    for (String section : List.of("Globals", "Resources", "Outputs")) {
      collect(yaml.path(section), section, unconditional);
    }

    assertThat(unconditional).isEmpty();
    assertThat(yaml.at("/Conditions/HasKey").toString())
        .isEqualTo(
            yaml.get("Parameters").has("KeyArn")
                ? "[[\"KeyArn\",\"\"]]"
                : "[\"Encryption\",\"customer-key\"]");
  }

  private static void collect(JsonNode node, String path, List<String> unconditional) {
    boolean conditional =
        node.isArray()
            ? node.path(0).asString("").equals("HasKey")
            : node.path("Condition").asString("").equals("HasKey");
    if (conditional) {
      return;
    }
    if (node.isString() && KEY.matcher(node.asString()).matches()) {
      unconditional.add(path);
    }
    node.propertyStream()
        .forEach(one -> collect(one.getValue(), path + "/" + one.getKey(), unconditional));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(node.get(i), path + "/" + i, unconditional);
    }
  }

  @Test
  void theRootDecidesForAllNestedStacks() {
    JsonNode resources = ROOT.get("Resources");
    assertThat(resources.at("/Storage/Properties/Parameters/Encryption").asString())
        .isEqualTo("Encryption");
    for (String nested : List.of("References", "Queue", "Catalog", "Monitoring", "Access")) {
      assertThat(resources.at("/%s/Properties/Parameters/KeyArn".formatted(nested)).toString())
          .as(nested)
          .isEqualTo("[\"HasKey\",\"Storage.Outputs.KeyArn\",\"\"]");
    }
  }

  /// LocalStack drops an empty parameter.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "infra/queue.yaml",
        "infra/monitoring.yaml",
        "infra/access.yaml",
        "infra/generated/references.yaml",
        "infra/generated/catalog.yaml"
      })
  void aNestedStackMayHaveNoKey(String template) {
    assertThat(Template.read(template).at("/Parameters/KeyArn/Default").asString("none")).isEmpty();
  }
}
