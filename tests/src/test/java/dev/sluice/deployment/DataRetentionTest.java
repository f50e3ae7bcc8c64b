package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.batch.Plan;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the templates delete and retain: resources with data follow `DataDeletionPolicy`, also
/// after it was changed, and the bucket keeps objects as long as docs/protocol.md requires.
final class DataRetentionTest {
  private static final List<String> TEMPLATES =
      List.of(
          "template.yaml",
          "infra/storage.yaml",
          "infra/queue.yaml",
          "infra/generated/references.yaml",
          "infra/generated/catalog.yaml",
          "infra/generated/business.yaml",
          "infra/monitoring.yaml",
          "infra/access.yaml");

  /// A nested stack that is deleted also deletes its resources.
  private static final Set<String> WITH_DATA =
      Set.of(
          "storage.Key",
          "storage.Bucket",
          "storage.Ledger",
          "queue.Events",
          "queue.DeadLetters",
          "references.OrdersCustomers",
          "references.OrdersExchangeRates",
          "template.Storage",
          "template.Queue",
          "template.References");

  private static final JsonNode STORAGE = Template.read("infra/storage.yaml");

  private static Map<String, JsonNode> resources() {
    Map<String, JsonNode> all = new TreeMap<>();
    for (String template : TEMPLATES) {
      String name = template.replaceFirst(".*/", "").replace(".yaml", "");
      Template.read(template)
          .at("/Resources")
          .properties()
          .forEach(one -> all.put(name + "." + one.getKey(), one.getValue()));
    }
    return all;
  }

  @Test
  void exactlyTheResourcesWithDataFollowTheParameter() {
    Set<String> following = new TreeSet<>();
    resources()
        .forEach((name, resource) -> {
          if (resource.has("DeletionPolicy")) {
            assertThat(resource.at("/DeletionPolicy").asString()).isEqualTo("DataDeletionPolicy");
            assertThat(resource.at("/UpdateReplacePolicy").asString()).as(name).isEqualTo("Retain");
            following.add(name);
          }
        });

    assertThat(following).isEqualTo(new TreeSet<>(WITH_DATA));
  }

  /// CloudFormation ignores a new deletion policy if nothing else changes. So each resource has the
  /// parameter in its metadata or properties.
  @Test
  void aChangeOfThePolicyChangesEachResource() {
    WITH_DATA.forEach(name -> {
      JsonNode resource = resources().get(name);

      assertThat(resource.path("Metadata").toString() + resource.path("Properties"))
          .as(name)
          .containsPattern("\"(DataDeletionPolicy|RetainData)\"");
    });
  }

  /// A protected table cannot be deleted.
  @Test
  void everyTableIsProtectedIfAndOnlyIfItIsRetained() {
    resources()
        .forEach((name, resource) -> {
          if (resource.at("/Type").asString().equals("AWS::DynamoDB::Table")) {
            assertThat(resource.at("/Properties/DeletionProtectionEnabled").toString())
                .as(name)
                .isEqualTo("[\"RetainData\",true,false]");
          }
        });
    for (String template : List.of("infra/storage.yaml", "infra/generated/references.yaml")) {
      assertThat(Template.read(template).at("/Conditions/RetainData").toString())
          .isEqualTo("[\"DataDeletionPolicy\",\"Retain\"]");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Storage", "References", "Queue"})
  void eachNestedStackGetsTheParameter(String nested) {
    assertThat(
            Template.root()
                .yaml()
                .at("/Resources/" + nested + "/Properties/Parameters/DataDeletionPolicy")
                .asString())
        .isEqualTo("DataDeletionPolicy");
  }

  /// Work files and plans are read for as long as a plan may look back; nothing else that a stage
  /// or a reader needs expires.
  @Test
  void theBucketKeepsWhatTheProtocolReads() {
    Map<String, Integer> expirations = new TreeMap<>();
    rules()
        .forEach(rule -> {
          if (rule.path("ExpirationInDays").isInt()) {
            expirations.put(rule.get("Prefix").asString(), rule.get("ExpirationInDays").asInt());
          }
        });

    assertThat(expirations).containsOnlyKeys("work/", "plans/", "athena/");
    assertThat(expirations.get("work/"))
        .isEqualTo(expirations.get("plans/"))
        .isGreaterThan((int) Plan.MAX_LOOKBACK.toDays());
  }

  /// Chunks may wait for a plan, or be parked, for weeks.
  @Test
  void chunksExpireOnlyIfAskedAndNotWhileTheyMayWait() {
    JsonNode parameter = Template.root().yaml().at("/Parameters/RawRetention");
    JsonNode raw =
        rules().filter(r -> r.get("Id").asString().equals("raw")).findFirst().orElseThrow();
    List<Integer> days = parameter.get("AllowedValues").valueStream().map(JsonNode::asInt).toList();

    assertThat(parameter.get("Default").asInt()).isZero();
    assertThat(days.getFirst()).isZero();
    assertThat(days.subList(1, days.size()))
        .allMatch(value -> value >= 2 * Plan.MAX_LOOKBACK.toDays());
    assertThat(raw.get("Prefix").asString()).isEqualTo("raw/");
    assertThat(raw.get("ExpirationInDays").toString())
        .isEqualTo("[\"ExpireRaw\",\"RawRetention\",\"AWS::NoValue\"]");
    assertThat(STORAGE.at("/Conditions/ExpireRaw").toString())
        .isEqualTo("[[\"RawRetention\",\"0\"]]");
    assertThat(Template.root().yaml().at("/Resources/Storage/Properties/Parameters/RawRetention"))
        .hasToString("\"RawRetention\"");
  }

  /// S3 rejects a rule that expires objects before or when it moves them.
  @Test
  void chunksAreMovedOnlyIfTheyExpireLater() {
    JsonNode raw =
        rules().filter(r -> r.get("Id").asString().equals("raw")).findFirst().orElseThrow();
    int moved = raw.at("/Transitions/1/0/TransitionInDays").asInt();
    List<Integer> days =
        Template.root()
            .yaml()
            .at("/Parameters/RawRetention/AllowedValues")
            .valueStream()
            .map(JsonNode::asInt)
            .filter(value -> value > 0 && value <= moved)
            .toList();

    assertThat(raw.at("/Transitions/0").asString()).isEqualTo("ArchiveRaw");
    assertThat(STORAGE.at("/Conditions/ArchiveRaw/0").valueStream().map(one -> one.get(1).asInt()))
        .containsExactlyElementsOf(days)
        .isNotEmpty();
  }

  private static Stream<JsonNode> rules() {
    return STORAGE.at("/Resources/Bucket/Properties/LifecycleConfiguration/Rules").valueStream();
  }
}
