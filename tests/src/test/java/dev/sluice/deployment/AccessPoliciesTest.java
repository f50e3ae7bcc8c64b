package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.Sluice;
import dev.sluice.deployment.Template.Allowed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/// Compares the managed policies `Viewer` and `Operator` with the calls that each command makes
/// with `--stack`, and checks that the root template passes them the resources of the stack.
final class AccessPoliciesTest {
  private static final Template ROOT = Template.root();
  private static final Template ACCESS = new Template(Template.read("infra/access.yaml"));

  /// Every command reads the outputs of the stack.
  private static final Set<String> EVERY_COMMAND = Set.of("cloudformation:DescribeStacks stack");

  /// S3 decrypts with the caller's permissions.
  private static final Set<String> RECEIPTS =
      Set.of("s3:ListBucket receipts/", "s3:GetObject receipts/", "kms:Decrypt key");

  /// Receipts, and the files that they name.
  private static final Set<String> TABLES =
      and(RECEIPTS, "s3:GetObject lake/", "s3:GetObject quarantine/");

  private static final Map<String, Set<String>> READ_COMMANDS =
      Map.of(
          "status",
              and(
                  RECEIPTS,
                  "cloudwatch:GetMetricData *",
                  "sqs:GetQueueAttributes queue",
                  "dynamodb:GetItem ledger",
                  "dynamodb:Query ledger",
                  "dynamodb:Scan references"),
          "parked", Set.of("dynamodb:Query ledger", "kms:Decrypt key"),
          "tables", TABLES,
          "query", TABLES,
          "validate", RECEIPTS,
          "receipts", RECEIPTS,
          "receipt", RECEIPTS,
          "quarantine", TABLES);

  private static final Map<String, Set<String>> WRITE_COMMANDS =
      Map.of(
          // One transaction, which needs the actions of its items.
          "unpark",
              Set.of(
                  "dynamodb:GetItem ledger",
                  "dynamodb:Query ledger",
                  "dynamodb:UpdateItem ledger",
                  "dynamodb:DeleteItem ledger",
                  "dynamodb:PutItem ledger",
                  "kms:Decrypt key"),
          // SendMessageBatch needs sqs:SendMessage. SQS encrypts with the caller's permissions.
          "send", Set.of("sqs:SendMessage queue", "kms:GenerateDataKey key", "kms:Decrypt key"),
          "reference", Set.of("dynamodb:BatchWriteItem references", "kms:Decrypt key"),
          "tick",
              and(
                  RECEIPTS,
                  "dynamodb:GetItem ledger",
                  "states:StartExecution state machine",
                  "states:DescribeExecution executions"));

  private static Set<String> and(Set<String> calls, String... more) {
    Set<String> all = new TreeSet<>(calls);
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void viewerAllowsExactlyTheCallsOfTheReadCommands() {
    assertThat(unconditional("Viewer")).isEqualTo(calls(READ_COMMANDS));
  }

  @Test
  void operatorAllowsExactlyTheCallsOfAllCommands() {
    Set<String> all = calls(READ_COMMANDS);
    all.addAll(calls(WRITE_COMMANDS));

    assertThat(unconditional("Operator")).isEqualTo(all);
  }

  /// Otherwise a new command could miss a permission.
  @Test
  void everyCommandThatAcceptsAStackIsListed() {
    Set<String> onlyLocal =
        Set.of("demo", "up", "new", "test", "preview", "docs", "infra", "generate");
    Set<String> commands =
        Stream.of(Sluice.class.getAnnotation(Command.class).subcommands())
            .map(command -> command.getAnnotation(Command.class).name())
            .collect(Collectors.toSet());

    // The stack's policies do not exist after its deletion, and do not allow changing its code.
    Set<String> ofDeployers = Set.of("leftovers", "prune");
    assertThat(
            and(
                and(and(onlyLocal, names(READ_COMMANDS)), names(WRITE_COMMANDS)),
                ofDeployers.toArray(String[]::new)))
        .containsExactlyInAnyOrderElementsOf(commands);
  }

  private static String[] names(Map<String, Set<String>> commands) {
    return commands.keySet().toArray(String[]::new);
  }

  /// An existing queue or existing tables may have their own key. Counting the rows of a table
  /// needs to decrypt; only sending encrypts.
  @Test
  void onlyOperatorMayEncryptWithTheExistingKey() {
    assertThat(ACCESS.managedPolicies().filter(Allowed::isForExisting))
        .extracting(allowed -> allowed.name() + " " + allowed.actions() + allowed.resources())
        .containsExactlyInAnyOrder(
            "Viewer [kms:Decrypt][ExistingKeyArn]",
            "Operator [kms:Decrypt, kms:GenerateDataKey][ExistingKeyArn]");
  }

  /// `status` needs only to know whether a reference is empty.
  @Test
  void theRowsOfReferencesCanBeCountedButNotRead() {
    List<String> conditions =
        ACCESS.ofType("AWS::IAM::ManagedPolicy").values().stream()
            .flatMap(policy -> policy.at("/PolicyDocument/Statement").valueStream())
            .filter(statement -> statement.path("Action").asString("").equals("dynamodb:Scan"))
            .map(statement -> statement.path("Condition").toString())
            .toList();

    assertThat(conditions)
        .hasSize(2)
        .containsOnly("{\"StringEquals\":{\"dynamodb:Select\":\"COUNT\"}}");
  }

  private static Set<String> calls(Map<String, Set<String>> commands) {
    Set<String> all = new TreeSet<>(EVERY_COMMAND);
    commands.values().forEach(all::addAll);
    return all;
  }

  private static Set<String> unconditional(String policy) {
    return lines(
        ACCESS
            .managedPolicies()
            .filter(allowed -> allowed.name().equals(policy))
            .filter(allowed -> !allowed.isForExisting()));
  }

  /// One line per action and resource. `s3:ListBucket` applies to the folders of its condition.
  private static Set<String> lines(Stream<Allowed> policies) {
    Set<String> lines = new TreeSet<>();
    policies.forEach(allowed -> {
      for (String action : allowed.actions()) {
        if (allowed.prefixes().isEmpty()) {
          allowed.resources().forEach(on -> lines.add(action + " " + ResourceNames.name(on)));
        } else {
          assertThat(allowed.resources()).containsExactly("BucketArn");
          allowed
              .prefixes()
              .forEach(prefix ->
                  lines.add(action + " " + prefix.replaceFirst("\\$\\{Pipeline}/\\*$", "")));
        }
      }
    });
    return lines;
  }

  @Test
  void theRootPassesTheResourcesOfTheStack() {
    Map<String, String> passed =
        ROOT.yaml()
            .at("/Resources/Access/Properties/Parameters")
            .propertyStream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    value -> value.getValue().asString(value.getValue().toString())));

    assertThat(passed)
        .containsOnlyKeys(ACCESS.yaml().get("Parameters").propertyNames())
        .containsEntry("StackName", "AWS::StackName")
        .containsEntry("Pipeline", "Pipeline")
        .containsEntry("BucketArn", "Storage.Outputs.BucketArn")
        .containsEntry("LedgerArn", "Storage.Outputs.LedgerArn")
        .containsEntry("ReferencesArn", "References.Outputs.TablesArn")
        .containsEntry("QueueArn", "Queue.Outputs.Arn")
        .containsEntry("StateMachineArn", "Tick")
        .containsEntry(
            "StateMachineName", ROOT.yaml().at("/Resources/Tick/Properties/Name").asString())
        .containsEntry("KeyArn", "[\"HasKey\",\"Storage.Outputs.KeyArn\",\"\"]")
        .containsEntry("ExistingKeyArn", "ExistingKeyArn");
  }

  /// The commands find the stack's resources by these outputs.
  @Test
  void theStackHasTheOutputsThatTheCommandsRead() {
    assertThat(ROOT.yaml().get("Outputs").propertyNames())
        .contains(
            "Pipeline",
            "QueueUrl",
            "QueueName",
            "Bucket",
            "Ledger",
            "ReferencePrefix",
            "StateMachineArn",
            "ViewerPolicyArn",
            "OperatorPolicyArn");
  }

  @Test
  void theDocsListWhatEachPolicyAllows() {
    List<String> rows = new ArrayList<>();
    ACCESS
        .managedPolicies()
        .forEach(allowed ->
            rows.add(
                "| `%s` | %s | %s |"
                    .formatted(
                        allowed.name(),
                        allowed.actions().stream().collect(Collectors.joining("`, `", "`", "`")),
                        allowed.resources().stream()
                            .map(ResourceNames::description)
                            .collect(Collectors.joining(", ")))));

    GeneratedTable.of("docs/security.md", "policies").hasRows(rows);
  }

  /// The administrators of the account decide which identities get a policy.
  @Test
  void theStackAttachesNoPolicy() {
    for (JsonNode policy : ACCESS.ofType("AWS::IAM::ManagedPolicy").values()) {
      assertThat(policy.propertyNames()).containsExactlyInAnyOrder("Description", "PolicyDocument");
    }
  }
}
