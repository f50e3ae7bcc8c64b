package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sluice.aws.DynamoLedger;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.aws.StateMachine;
import dev.sluice.batch.Handover;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.deployment.RecordedCalls.Call;
import dev.sluice.deployment.Template.Allowed;
import dev.sluice.extract.ExtractHandler;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.load.LoadHandler;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.transform.TransformHandler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Compares each role in `template.yaml` with its code, in both directions: the actions with the
/// calls in the bytecode that the handler can reach, the folders of the bucket with a run of the
/// stages that makes every such call.
@TestInstance(Lifecycle.PER_CLASS)
final class RolesTest {
  private static final Template TEMPLATE = Template.root();
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  /// SDK methods whose IAM action has a different name. For all others the names are equal.
  private static final Map<String, List<String>> ACTIONS_OF_METHODS =
      Map.of(
          "sqs:DeleteMessageBatch", List.of("sqs:DeleteMessage"),
          "s3:HeadObject", List.of("s3:GetObject"),
          "s3:CopyObject", List.of("s3:GetObject", "s3:PutObject"),
          "s3:ListObjectsV2", List.of("s3:ListBucket"),
          "sfn:StartExecution", List.of("states:StartExecution"),
          // A transaction needs the actions of its items.
          "dynamodb:TransactWriteItems", List.of());

  private static final Map<String, String> ACTIONS_OF_TRANSACTION_ITEMS =
      Map.of(
          "put", "dynamodb:PutItem",
          "update", "dynamodb:UpdateItem",
          "delete", "dynamodb:DeleteItem",
          "conditionCheck", "dynamodb:ConditionCheckItem");

  /// Required permissions that no call in the code shows.
  private static final Map<String, Set<String>> WITHOUT_CALL =
      Map.of(
          // SQS, DynamoDB and S3 use the key with the caller's permissions.
          "key", Set.of("kms:Decrypt key", "kms:GenerateDataKey key"),
          // Lambda writes the function's output with the function's role.
          "logs", Set.of("logs:CreateLogStream own log group", "logs:PutLogEvents own log group"),
          // Lambda sends traces. X-Ray has no resource-level permissions.
          "traces", Set.of("xray:PutTraceSegments *", "xray:PutTelemetryRecords *"),
          // The stages list nothing. Without it S3 returns 403 instead of 404 for a missing object.
          "missing", Set.of("s3:ListBucket bucket"),
          // Step Functions requires them for logs and traces. They have no resource-level
          // permissions.
          "state machine",
              Set.of(
                  "logs:CreateLogDelivery *",
                  "logs:GetLogDelivery *",
                  "logs:UpdateLogDelivery *",
                  "logs:DeleteLogDelivery *",
                  "logs:ListLogDeliveries *",
                  "logs:PutResourcePolicy *",
                  "logs:DescribeResourcePolicies *",
                  "logs:DescribeLogGroups *",
                  "xray:PutTraceSegments *",
                  "xray:PutTelemetryRecords *",
                  "xray:GetSamplingRules *",
                  "xray:GetSamplingTargets *"));

  private static final Set<String> LEDGER_ADAPTER =
      Set.of(DynamoLedger.class.getName(), "dev.sluice.aws.LedgerTable");

  private final List<Call> calls = new ArrayList<>();

  /// Two batches, with a failed upload, a resumed plan, an existing receipt, and seen files.
  @BeforeAll
  void recordEveryCallOfEveryStage(@TempDir Path scratch) throws PipelineProblems {
    RecordedCalls run = new RecordedCalls(scratch);
    Duration lease = Duration.ofMinutes(8);
    Faults none = new Faults();
    run.send("1").extract();
    assertFails(
        () -> run.transform(new Faults().atFirst("put", new Faults.Fails())).run("tick", lease));
    Handover first = run.transform(none).run("tick", lease);
    assertFails(() -> run.load(new Faults().atFirst("published", new Faults.Fails())).run(first));
    run.load(none).run(first);
    run.send("2").extract();
    run.load(none).run(run.transform(none).run("tick", lease));
    calls.addAll(run.calls);
  }

  private static void assertFails(ThrowingCallable call) {
    assertThatExceptionOfType(TransientFailure.class).isThrownBy(call);
  }

  @Test
  void extractHasExactlyThePermissionsItNeeds() {
    assertThat(granted(ExtractHandler.class))
        .isEqualTo(required(ExtractHandler.class, "extract", "key", "logs", "traces"));
  }

  @Test
  void transformHasExactlyThePermissionsItNeeds() {
    assertThat(granted(TransformHandler.class))
        .isEqualTo(
            required(TransformHandler.class, "transform", "key", "logs", "traces", "missing"));
  }

  @Test
  void loadHasExactlyThePermissionsItNeeds() {
    assertThat(granted(LoadHandler.class))
        .isEqualTo(required(LoadHandler.class, "load", "key", "logs", "traces", "missing"));
  }

  /// The permissions of the function's role, one line per action and resource.
  private static Set<String> granted(Class<?> handler) {
    Map.Entry<String, JsonNode> function = TEMPLATE.functionOf(handler);
    String role = Template.logicalId(function.getValue().at("/Role").stringValue());
    String logs = function.getValue().at("/LoggingConfig/LogGroup").stringValue();
    return lines(
        TEMPLATE.roles().filter(a -> a.name().equals(role)).filter(a -> !a.isForExisting()), logs);
  }

  private static Set<String> lines(Stream<Allowed> allowed, String logs) {
    return allowed
        .flatMap(a ->
            a.actions().stream()
                .flatMap(action -> a.resources().stream().map(on -> action + " " + on(on, logs))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String on(String resource, String logs) {
    return Template.logicalId(resource).equals(logs)
        ? "own log group"
        : ResourceNames.name(resource);
  }

  private Set<String> required(Class<?> handler, String stage, String... withoutCall) {
    ReachableCode reachable = reachable(handler);
    TreeSet<String> required = new TreeSet<>();
    reachable
        .accesses()
        .filter(access -> isAws(access.getTargetOwner()))
        .forEach(access -> actions(access).forEach(action -> add(required, stage, action, access)));
    for (String more : withoutCall) {
      required.addAll(WITHOUT_CALL.getOrDefault(more, Set.of()));
    }
    return required;
  }

  private static ReachableCode reachable(Class<?> handler) {
    JavaClass entry = CODE.get(handler);
    return ReachableCode.from(Stream.of(entry.getConstructor(), handle(entry)));
  }

  private static JavaMethod handle(JavaClass handler) {
    return handler.getMethods().stream()
        .filter(m -> m.getName().equals("handleRequest"))
        .filter(m -> !m.getModifiers().contains(JavaModifier.BRIDGE))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isAws(JavaClass type) {
    return type.getPackageName().startsWith("software.amazon.awssdk.services")
        && (type.getSimpleName().endsWith("Client")
            || type.getName().endsWith("TransactWriteItem$Builder"));
  }

  private static List<String> actions(JavaAccess<?> access) {
    String method = access.getName();
    if (access.getTargetOwner().getName().endsWith("TransactWriteItem$Builder")) {
      String item = ACTIONS_OF_TRANSACTION_ITEMS.get(method);
      return item == null ? List.of() : List.of(item);
    }
    if (method.equals("builder")) {
      return List.of();
    }
    String service =
        access.getTargetOwner().getPackageName().replaceFirst(".*services\\.(\\w+).*", "$1");
    String call = method.replaceFirst("(Paginator|AsBytes)$", "");
    String action =
        service + ":" + call.substring(0, 1).toUpperCase(Locale.ROOT) + call.substring(1);
    return ACTIONS_OF_METHODS.getOrDefault(action, List.of(action));
  }

  private void add(Set<String> required, String stage, String action, JavaAccess<?> access) {
    JavaClass adapter = access.getOriginOwner();
    if (adapter.isEquivalentTo(S3Bucket.class)) {
      folders(stage).filter(line -> line.startsWith(action + " ")).forEach(required::add);
    } else if (LEDGER_ADAPTER.contains(adapter.getName())) {
      required.add(action + " ledger");
    } else if (adapter.isEquivalentTo(DynamoReferenceTable.class)) {
      required.add(action + " references");
    } else if (adapter.isEquivalentTo(SqsMessageSource.class)) {
      required.add(action + " queue");
    } else if (adapter.isEquivalentTo(StateMachine.class)) {
      required.add(action + " state machine");
    } else {
      required.add(action + " of " + adapter.getName());
    }
  }

  /// The action and the folder of each call to the bucket that the stage made.
  private Stream<String> folders(String stage) {
    return calls.stream()
        .filter(call -> call.stage().equals(stage) && call.port().equals("Bucket"))
        .flatMap(RolesTest::folders)
        .distinct();
  }

  private static Stream<String> folders(Call call) {
    List<String> folders = call.keys().stream().map(RolesTest::folder).toList();
    return switch (call.method()) {
      case "read", "download" -> Stream.of("s3:GetObject " + folders.getFirst());
      case "put" -> Stream.of("s3:PutObject " + folders.getFirst());
      // After a lost reply it reads the metadata, to find out who wrote the object.
      case "putIfAbsent" ->
          Stream.of("s3:PutObject " + folders.getFirst(), "s3:GetObject " + folders.getFirst());
      case "copy" ->
          Stream.of("s3:GetObject " + folders.getFirst(), "s3:PutObject " + folders.getLast());
      default -> Stream.of("s3:ListBucket bucket");
    };
  }

  private static String folder(ObjectKey key) {
    return key.value().replaceFirst("^(\\w+)/orders/.*", "$1/");
  }

  /// Otherwise the code could access a folder that the run does not show.
  @ParameterizedTest
  @ValueSource(classes = {ExtractHandler.class, TransformHandler.class, LoadHandler.class})
  void theRunMakesEveryCallToTheBucketThatTheCodeContains(Class<?> handler) {
    String stage = handler.getSimpleName().replace("Handler", "").toLowerCase(Locale.ROOT);
    Set<String> reachable =
        reachable(handler)
            .accesses()
            .filter(access -> access.getTargetOwner().isEquivalentTo(Bucket.class))
            .filter(access -> !access.getOriginOwner().isEquivalentTo(Bucket.class))
            .map(JavaAccess::getName)
            .collect(Collectors.toSet());

    assertThat(calls.stream().filter(c -> c.stage().equals(stage) && c.port().equals("Bucket")))
        .extracting(Call::method)
        .containsAll(reachable);
  }

  /// Statements for an existing queue or table with its own key.
  @Test
  void statementsForAnExistingKeyAllowOnlyDecryption() {
    assertThat(TEMPLATE.roles().filter(Allowed::isForExisting).flatMap(a -> a.actions().stream()))
        .isNotEmpty()
        .allMatch(action -> action.equals("kms:Decrypt"));
  }

  /// Without a key, `Storage.Outputs.KeyArn` does not exist.
  @Test
  void exactlyTheStatementsAboutTheKeyNeedAKey() {
    assertThat(TEMPLATE.roles().filter(a -> a.condition().equals("HasKey")))
        .containsExactlyElementsOf(
            TEMPLATE
                .roles()
                .filter(a -> a.resources().stream().anyMatch(on -> on.endsWith("Outputs.KeyArn")))
                .toList())
        .hasSize(3);
  }

  @Test
  void onlyLoadWritesToTheFoldersOfReaders() {
    Set<String> writers =
        TEMPLATE
            .roles()
            .filter(a -> a.actions().stream().anyMatch(action -> action.startsWith("s3:Put")))
            .filter(a ->
                a.resources().stream()
                    .map(ResourceNames::name)
                    .anyMatch(on -> on.matches("lake/|quarantine/|receipts/|bucket|\\*")))
            .map(Allowed::name)
            .collect(Collectors.toSet());

    assertThat(writers).containsExactly("LoadRole");
  }

  @ParameterizedTest
  @CsvSource({
    "Tick, infra/pipeline.asl.yaml, TickRole",
    "Minute, infra/schedule.asl.yaml, MinuteRole"
  })
  void aStateMachineHasExactlyThePermissionsItsStatesNeed(
      String resource, String definition, String role) {
    Map<String, String> substitutions = TEMPLATE.substitutions(resource);
    TreeSet<String> required = new TreeSet<>(WITHOUT_CALL.getOrDefault("state machine", Set.of()));
    Template.read(definition)
        .findParents("Resource")
        .forEach(task -> {
          String on = task.at("/Arguments/FunctionName").stringValue();
          String target =
              Template.logicalId(substitutions.getOrDefault(on.replaceAll("[${}]", ""), on));
          required.add(action(task.at("/Resource").stringValue()) + " " + target);
        });

    assertThat(granted(role)).isEqualTo(required);
  }

  @Test
  void theRuleMayOnlyStartTheExpressWorkflow() {
    assertThat(granted("ScheduleRole")).containsExactly("states:StartExecution Minute");
  }

  /// Without aliases and the permission, the first events of the rule would fail.
  @Test
  void theRuleExistsAfterEverythingThatItsEventsNeed() {
    JsonNode rule = Template.read("template.yaml").at("/Resources/Schedule");

    assertThat(rule.at("/DependsOn").valueStream().map(JsonNode::stringValue))
        .contains(
            "Tick",
            "ScheduleInvokesExtract",
            "ExtractFunctionAliaslive",
            "TransformFunctionAliaslive",
            "LoadFunctionAliaslive");
  }

  private static Set<String> granted(String role) {
    return TEMPLATE
        .roles()
        .filter(a -> a.name().equals(role))
        .flatMap(a ->
            a.actions().stream()
                .flatMap(action ->
                    a.resources().stream().map(on -> action + " " + Template.logicalId(on))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String action(String integration) {
    return integration.equals("arn:${Partition}:states:::lambda:invoke")
        ? "lambda:InvokeFunction"
        : integration;
  }

  @Test
  void theDocsListWhatEachRoleAllows() {
    List<String> rows =
        TEMPLATE
            .roles()
            .map(a ->
                "| `%s` | %s | %s |"
                    .formatted(
                        a.name(),
                        a.actions().stream().collect(Collectors.joining("`, `", "`", "`")),
                        a.resources().stream()
                            .map(ResourceNames::description)
                            .collect(Collectors.joining(", "))))
            .toList();

    GeneratedTable.of("docs/security.md", "roles").hasRows(rows);
  }
}
