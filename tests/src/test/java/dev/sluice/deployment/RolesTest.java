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
import dev.sluice.batch.Handover;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.deployment.Recorded.Call;
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
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Holds each role in `template.yaml` to what its code does, both ways. Which actions: from the
/// bytecode that its handler can reach. On which folders of the bucket: from a run of the stages in
/// which every such call is made.
@TestInstance(Lifecycle.PER_CLASS)
final class RolesTest {
  private static final Template TEMPLATE = Template.root();
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice");

  /// Methods of the SDK whose action has another name; all others are called as their action is.
  private static final Map<String, List<String>> NAMED_OTHERWISE =
      Map.of(
          "sqs:DeleteMessageBatch", List.of("sqs:DeleteMessage"),
          "s3:HeadObject", List.of("s3:GetObject"),
          "s3:CopyObject", List.of("s3:GetObject", "s3:PutObject"),
          "s3:ListObjectsV2", List.of("s3:ListBucket"),
          // A transaction needs the actions of its items.
          "dynamodb:TransactWriteItems", List.of());

  private static final Map<String, String> ITEMS_OF_A_TRANSACTION =
      Map.of(
          "put", "dynamodb:PutItem",
          "update", "dynamodb:UpdateItem",
          "delete", "dynamodb:DeleteItem",
          "conditionCheck", "dynamodb:ConditionCheckItem");

  /// What no call of ours shows, but is needed all the same.
  private static final Map<String, Set<String>> BESIDES =
      Map.of(
          // SQS, DynamoDB and S3 use the key in the name of who calls them.
          "every", Set.of("kms:Decrypt key", "kms:GenerateDataKey key"),
          // Lambda writes what a function prints; it made the log group's stream in its name.
          "logs", Set.of("logs:CreateLogStream own logs", "logs:PutLogEvents own logs"),
          // Lambda traces. X-Ray knows no resources.
          "traces", Set.of("xray:PutTraceSegments *", "xray:PutTelemetryRecords *"),
          // Nothing is listed. Without it an object that is gone is a 403, not a 404.
          "missing", Set.of("s3:ListBucket bucket"),
          // What Step Functions asks for to log and to trace; neither knows resources.
          "tick",
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

  private final List<Call> calls = new ArrayList<>();

  /// Two batches; on the way an upload that fails, a plan that is resumed, a receipt that is there
  /// already, and seen files that are read.
  @BeforeAll
  void everyCallOfEveryStage(@TempDir Path scratch) throws PipelineProblems {
    Recorded run = new Recorded(scratch);
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
  void extractMayDoWhatItDoes() {
    assertThat(role(ExtractHandler.class))
        .isEqualTo(does(ExtractHandler.class, "extract", "every", "logs", "traces"));
  }

  @Test
  void transformMayDoWhatItDoes() {
    assertThat(role(TransformHandler.class))
        .isEqualTo(does(TransformHandler.class, "transform", "every", "logs", "traces", "missing"));
  }

  @Test
  void loadMayDoWhatItDoes() {
    assertThat(role(LoadHandler.class))
        .isEqualTo(does(LoadHandler.class, "load", "every", "logs", "traces", "missing"));
  }

  /// One line for each action and what it may be done on.
  private static Set<String> role(Class<?> handler) {
    Map.Entry<String, JsonNode> function = TEMPLATE.functionOf(handler);
    String role = Template.logicalId(function.getValue().at("/Role").stringValue());
    String logs = function.getValue().at("/LoggingConfig/LogGroup").stringValue();
    return lines(
        TEMPLATE.allowed().filter(a -> a.role().equals(role)).filter(a -> !a.conditional()), logs);
  }

  private static Set<String> lines(Stream<Allowed> allowed, String logs) {
    return allowed
        .flatMap(a ->
            a.actions().stream()
                .flatMap(action -> a.resources().stream().map(on -> action + " " + on(on, logs))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String on(String resource, String logs) {
    return Template.logicalId(resource).equals(logs) ? "own logs" : Resources.name(resource);
  }

  private Set<String> does(Class<?> handler, String stage, String... besides) {
    Reachable reachable = reachable(handler);
    TreeSet<String> does = new TreeSet<>();
    reachable
        .accesses()
        .filter(access -> isAws(access.getTargetOwner()))
        .forEach(access -> actions(access).forEach(action -> add(does, stage, action, access)));
    for (String more : besides) {
      does.addAll(BESIDES.getOrDefault(more, Set.of()));
    }
    return does;
  }

  private static Reachable reachable(Class<?> handler) {
    JavaClass entry = CODE.get(handler);
    return Reachable.from(Stream.of(entry.getConstructor(), handle(entry)));
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
      String item = ITEMS_OF_A_TRANSACTION.get(method);
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
    return NAMED_OTHERWISE.getOrDefault(action, List.of(action));
  }

  private void add(Set<String> does, String stage, String action, JavaAccess<?> access) {
    JavaClass adapter = access.getOriginOwner();
    if (adapter.isEquivalentTo(S3Bucket.class)) {
      folders(stage).filter(line -> line.startsWith(action + " ")).forEach(does::add);
    } else if (adapter.isEquivalentTo(DynamoLedger.class)) {
      does.add(action + " ledger");
    } else if (adapter.isEquivalentTo(DynamoReferenceTable.class)) {
      does.add(action + " references");
    } else if (adapter.isEquivalentTo(SqsMessageSource.class)) {
      does.add(action + " queue");
    } else {
      does.add(action + " of " + adapter.getName());
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
      // It asks whose object is there, when the reply to its put was lost.
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

  /// Or a folder could be touched that the run never saw.
  @ParameterizedTest
  @ValueSource(classes = {ExtractHandler.class, TransformHandler.class, LoadHandler.class})
  void theRunMakesEveryCallToTheBucketThatTheCodeCan(Class<?> handler) {
    String stage = handler.getSimpleName().replace("Handler", "").toLowerCase(Locale.ROOT);
    Set<String> can =
        reachable(handler)
            .accesses()
            .filter(access -> access.getTargetOwner().isEquivalentTo(Bucket.class))
            .map(JavaAccess::getName)
            .collect(Collectors.toSet());

    assertThat(calls.stream().filter(c -> c.stage().equals(stage) && c.port().equals("Bucket")))
        .extracting(Call::method)
        .containsAll(can);
  }

  /// A queue or a table that was there before the stack may have a key of its own.
  @Test
  void aConditionAllowsDecryptionAtMost() {
    assertThat(TEMPLATE.allowed().filter(Allowed::conditional).flatMap(a -> a.actions().stream()))
        .allMatch(action -> action.equals("kms:Decrypt"));
  }

  @Test
  void onlyLoadWritesWhatReadersSee() {
    Set<String> writers =
        TEMPLATE
            .allowed()
            .filter(a -> a.actions().stream().anyMatch(action -> action.startsWith("s3:Put")))
            .filter(a ->
                a.resources().stream()
                    .map(Resources::name)
                    .anyMatch(on -> on.matches("lake/|quarantine/|receipts/|bucket|\\*")))
            .map(Allowed::role)
            .collect(Collectors.toSet());

    assertThat(writers).containsExactly("LoadRole");
  }

  @Test
  void theStateMachineMayDoWhatItsStatesDo() {
    JsonNode machine = Template.read("infra/pipeline.asl.yaml");
    Map<String, String> substitutions = TEMPLATE.substitutions();
    TreeSet<String> does = new TreeSet<>(BESIDES.getOrDefault("tick", Set.of()));
    machine
        .findParents("Resource")
        .forEach(task -> {
          JsonNode arguments = task.at("/Arguments");
          String on =
              arguments.at("/FunctionName").stringValue(arguments.at("/QueueUrl").stringValue(""));
          String target =
              Template.logicalId(substitutions.getOrDefault(on.replaceAll("[${}]", ""), on));
          does.add(action(task.at("/Resource").stringValue()) + " " + target);
        });

    TreeSet<String> may =
        TEMPLATE
            .allowed()
            .filter(a -> a.role().equals("TickRole"))
            .flatMap(a ->
                a.actions().stream()
                    .flatMap(action ->
                        a.resources().stream().map(on -> action + " " + Template.logicalId(on))))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(may).isEqualTo(does);
  }

  private static String action(String integration) {
    return switch (integration) {
      case "arn:${Partition}:states:::lambda:invoke" -> "lambda:InvokeFunction";
      case "arn:${Partition}:states:::aws-sdk:sqs:getQueueAttributes" -> "sqs:GetQueueAttributes";
      default -> integration;
    };
  }

  @Test
  void theDocsListWhatEachRoleMayDo() {
    List<String> rows =
        TEMPLATE
            .allowed()
            .map(a ->
                "| `%s` | %s | %s |"
                    .formatted(
                        a.role(),
                        a.actions().stream().collect(Collectors.joining("`, `", "`", "`")),
                        a.resources().stream()
                            .map(Resources::words)
                            .collect(Collectors.joining(", "))))
            .toList();

    GoldenBlock.of("docs/security.md", "roles").holds(rows);
  }

  /// What the resources in the roles are.
  private static final class Resources {
    static String name(String resource) {
      if (resource.startsWith("${Storage.Outputs.BucketArn}/")) {
        return resource.replaceFirst(
            "^\\$\\{Storage.Outputs.BucketArn}/(\\w+)/\\$\\{Pipeline}/\\*$", "$1/");
      }
      return switch (resource) {
        case "Events.Arn", "Queue.Outputs.Arn" -> "queue";
        case "Storage.Outputs.LedgerArn" -> "ledger";
        case "Storage.Outputs.CustomersArn", "Storage.Outputs.ExchangeRatesArn" -> "references";
        case "Storage.Outputs.BucketArn" -> "bucket";
        case "Storage.Outputs.KeyArn" -> "key";
        default -> resource;
      };
    }

    static String words(String resource) {
      String name = name(resource);
      return switch (name) {
        case "queue" -> "the queue";
        case "ledger" -> "the ledger";
        case "references" -> "`" + resource.replaceFirst(".*\\.(\\w+)Arn$", "$1") + "`";
        case "bucket" -> "the bucket";
        case "key" -> "the stack's key";
        case "*" -> "everything";
        default ->
            name.endsWith("/")
                ? "`" + name + "<pipeline>/*`"
                : "`" + Template.logicalId(name) + "`";
      };
    }
  }
}
