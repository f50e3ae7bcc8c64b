package dev.sluice.operate;

import static dev.sluice.aws.Calls.call;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudwatchlogs.model.LogGroup;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyListEntry;
import software.amazon.awssdk.services.kms.model.KeyMetadata;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/// What exists of a stack. After it was deleted, or after a deployment that failed, these are the
/// resources that CloudFormation retained.
///
/// Resources are found by their names, because the stack that listed them may be gone: a generated
/// name begins with the name of its nested stack, which begins with the name of the root stack and
/// the logical id of the nested one.
public final class Leftovers {
  /// The logical ids of the nested stacks.
  static final List<String> NESTED =
      List.of("Storage", "References", "Queue", "Catalog", "Monitoring", "Business", "Access");

  private final StackClients clients;
  private final String stack;
  private final Predicate<String> ofNested;

  private Leftovers(StackClients clients, String stack) {
    this.clients = clients;
    this.stack = stack;
    // S3 has names in lower case.
    this.ofNested =
        Pattern.compile(
                Pattern.quote(stack) + "-(" + String.join("|", NESTED) + ")-.+",
                Pattern.CASE_INSENSITIVE)
            .asMatchPredicate();
  }

  /// A resource.
  ///
  /// @param state what must be known before it can be deleted, or empty
  public record Leftover(String kind, String name, String state) {}

  /// Lists the resources of a stack, which need not exist.
  public static List<Leftover> of(StackEnvironment.Selection selection) {
    Leftovers leftovers = new Leftovers(StackClients.of(selection), selection.stack());
    List<Leftover> all = new ArrayList<>();
    all.addAll(leftovers.stacks());
    all.addAll(leftovers.buckets());
    all.addAll(leftovers.tables());
    all.addAll(leftovers.queues());
    all.addAll(leftovers.keys());
    all.addAll(leftovers.functions());
    all.addAll(leftovers.logGroups());
    return all;
  }

  private List<Leftover> stacks() {
    List<Stack> stacks =
        call(
            "list stacks",
            () -> clients.cloudFormation().describeStacksPaginator().stacks().stream().toList());
    return stacks.stream()
        .filter(one -> one.stackName().equals(stack) || ofNested.test(one.stackName()))
        .map(one -> new Leftover("stack", one.stackName(), one.stackStatusAsString()))
        .toList();
  }

  private List<Leftover> buckets() {
    String prefix = stack.toLowerCase(Locale.ROOT) + "-";
    return named(
        "bucket",
        call(
            "list buckets",
            () ->
                clients
                    .shared()
                    .s3()
                    .listBucketsPaginator(b -> b.prefix(prefix).bucketRegion(clients.region().id()))
                    .buckets()
                    .stream()
                    .map(bucket -> bucket.name())
                    .toList()));
  }

  private List<Leftover> tables() {
    var dynamodb = clients.shared().dynamodb();
    List<String> names =
        call("list tables", () -> dynamodb.listTablesPaginator().tableNames().stream().toList());
    return names.stream()
        .filter(ofNested)
        .map(name ->
            new Leftover(
                "table",
                name,
                Boolean.TRUE.equals(
                        call(
                            "describe table " + name,
                            () ->
                                dynamodb
                                    .describeTable(b -> b.tableName(name))
                                    .table()
                                    .deletionProtectionEnabled()))
                    ? "deletion protection"
                    : ""))
        .toList();
  }

  private List<Leftover> queues() {
    return named(
        "queue",
        call(
            "list queues",
            () ->
                clients
                    .shared()
                    .sqs()
                    .listQueuesPaginator(b -> b.queueNamePrefix(stack + "-").maxResults(1000))
                    .queueUrls()
                    .stream()
                    .map(url -> url.substring(url.lastIndexOf('/') + 1))
                    .toList()));
  }

  private List<Leftover> named(String kind, List<String> names) {
    return names.stream().filter(ofNested).map(name -> new Leftover(kind, name, "")).toList();
  }

  /// A key has no name; its description has the name of the nested stack.
  private List<Leftover> keys() {
    KmsClient kms = clients.kms();
    List<KeyListEntry> keys =
        call("list keys", () -> kms.listKeysPaginator().keys().stream().toList());
    return keys.stream()
        .flatMap(key -> described(kms, key.keyId()).stream())
        .filter(key ->
            ofNested.test(key.description().replaceFirst("^Encrypts the data of (.*)\\.$", "$1")))
        .map(key -> new Leftover("key", key.keyId(), key.keyStateAsString()))
        .toList();
  }

  private static Optional<KeyMetadata> described(KmsClient kms, String id) {
    return call(
        "describe key " + id,
        () -> {
          try {
            return Optional.of(kms.describeKey(b -> b.keyId(id)).keyMetadata());
          } catch (KmsException rejected) {
            // The policy of the key of another application may allow only its own roles.
            if (rejected.statusCode() == 400 && "AccessDeniedException".equals(code(rejected))) {
              return Optional.empty();
            }
            throw rejected;
          }
        });
  }

  private static String code(KmsException rejected) {
    return rejected.awsErrorDetails().errorCode();
  }

  private List<Leftover> functions() {
    List<String> names =
        call(
            "list functions",
            () ->
                clients.lambda().listFunctionsPaginator().functions().stream()
                    .map(FunctionConfiguration::functionName)
                    .toList());
    return names.stream()
        .filter(name -> isOwn(name, stack + "-"))
        .map(name -> new Leftover("function", name, ""))
        .toList();
  }

  private List<Leftover> logGroups() {
    return Stream.of("/aws/lambda/", "/aws/vendedlogs/")
        .map(folder -> folder + stack + "-")
        .flatMap(prefix ->
            call(
                "list log groups",
                () ->
                    clients
                        .logs()
                        .describeLogGroupsPaginator(b -> b.logGroupNamePrefix(prefix))
                        .logGroups()
                        .stream()
                        .map(LogGroup::logGroupName)
                        .filter(name -> isOwn(name, prefix))
                        .toList())
                .stream())
        .map(name -> new Leftover("log group", name, ""))
        .toList();
  }

  /// Whether a name is the prefix and one word. Otherwise it belongs to a stack with a longer name.
  private static boolean isOwn(String name, String prefix) {
    return name.startsWith(prefix) && name.substring(prefix.length()).matches("[a-z]+");
  }
}
