package dev.sluice.deployment;

/// Short names of the resources in IAM statements: for comparisons, and for `docs/security.md`.
final class ResourceNames {
  private ResourceNames() {}

  /// A folder of the bucket such as `raw/`, a short name such as `ledger`, or `resource` itself.
  static String name(String resource) {
    if (resource.matches("\\$\\{(Storage\\.Outputs\\.)?BucketArn}/.*")) {
      return resource.replaceFirst("^\\$\\{[\\w.]*BucketArn}/(\\w+)/\\$\\{Pipeline}/\\*$", "$1/");
    }
    if (resource.endsWith(":stack/${StackName}/*")) {
      return "stack";
    }
    if (resource.endsWith(":stateMachine:${AWS::StackName}-tick")) {
      return "state machine";
    }
    if (resource.endsWith(":execution:${StateMachineName}:*")) {
      return "executions";
    }
    return switch (resource.replaceFirst("^\\w+\\.Outputs\\.", "")) {
      case "Events.Arn", "Arn", "QueueArn" -> "queue";
      case "LedgerArn" -> "ledger";
      case "TablesArn", "ReferencesArn" -> "references";
      case "BucketArn" -> "bucket";
      case "KeyArn" -> "key";
      case "StateMachineArn" -> "state machine";
      default -> resource;
    };
  }

  /// The resource as the docs describe it.
  static String description(String resource) {
    String name = name(resource);
    return switch (name) {
      case "references" -> "the reference tables";
      case "queue", "ledger", "bucket", "stack", "state machine" -> "the " + name;
      case "key" -> "the stack's key";
      case "executions" -> "its executions";
      case "*" -> "all resources";
      default ->
          name.endsWith("/") ? "`" + name + "<pipeline>/*`" : "`" + Template.logicalId(name) + "`";
    };
  }
}
