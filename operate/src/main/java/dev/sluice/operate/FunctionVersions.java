package dev.sluice.operate;

import static dev.sluice.aws.Calls.call;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.AliasConfiguration;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;

/// The published versions of a stack's functions. Each deployment adds one, CloudFormation deletes
/// none of them, and Lambda stores the code of all.
public final class FunctionVersions {
  /// The suffixes of the functions' names.
  static final List<String> FUNCTIONS = List.of("extract", "transform", "load");

  private static final int KEPT = 5;

  private final LambdaClient lambda;
  private final String stack;

  FunctionVersions(LambdaClient lambda, String stack) {
    this.lambda = lambda;
    this.stack = stack;
  }

  /// The versions of the stack's functions.
  ///
  /// @throws UsageError if there is no such stack
  public static FunctionVersions of(StackEnvironment.Selection selection) {
    StackClients clients = StackClients.of(selection);
    StackOutputs.read(clients.cloudFormation(), selection.stack());
    return new FunctionVersions(clients.lambda(), selection.stack());
  }

  /// A published version of a function.
  public record Version(String function, long number) {}

  /// Deletes the versions of each function, except the last five and those that an alias uses.
  /// Returns the deleted versions.
  public List<Version> prune() {
    List<Version> deleted = new ArrayList<>();
    for (String suffix : FUNCTIONS) {
      String function = stack + "-" + suffix;
      for (Version version : unused(function)) {
        call(
            "delete version %d of %s".formatted(version.number(), function),
            () ->
                lambda.deleteFunction(
                    b -> b.functionName(function).qualifier(Long.toString(version.number()))));
        deleted.add(version);
      }
    }
    return deleted;
  }

  private List<Version> unused(String function) {
    Set<String> used = used(function);
    return call(
            "list the versions of " + function,
            () ->
                lambda
                    .listVersionsByFunctionPaginator(b -> b.functionName(function))
                    .versions()
                    .stream()
                    .map(FunctionConfiguration::version)
                    .toList())
        .stream()
        // The other one is `$LATEST`, the function itself.
        .filter(version -> version.matches("[0-9]+"))
        .map(version -> new Version(function, Long.parseLong(version)))
        .sorted(Comparator.comparingLong(Version::number).reversed())
        .skip(KEPT)
        .filter(version -> !used.contains(Long.toString(version.number())))
        .toList();
  }

  /// The versions that an alias invokes, including those with a part of the traffic.
  private Set<String> used(String function) {
    List<AliasConfiguration> aliases =
        call(
            "list the aliases of " + function,
            () ->
                lambda.listAliasesPaginator(b -> b.functionName(function)).aliases().stream()
                    .toList());
    Set<String> used = new HashSet<>();
    aliases.stream()
        .flatMap(alias ->
            Stream.concat(
                Stream.of(alias.functionVersion()),
                alias.routingConfig() == null
                    ? Stream.of()
                    : alias.routingConfig().additionalVersionWeights().keySet().stream()))
        .forEach(used::add);
    return used;
  }
}
