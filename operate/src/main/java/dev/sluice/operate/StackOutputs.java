package dev.sluice.operate;

import dev.sluice.failure.TransientFailure;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/// The outputs of a deployed stack.
record StackOutputs(String stack, Map<String, String> values) {
  static StackOutputs read(CloudFormationClient cloudFormation, String stack) {
    try {
      Stack found = cloudFormation.describeStacks(b -> b.stackName(stack)).stacks().getFirst();
      return new StackOutputs(
          stack,
          found.outputs().stream()
              .collect(Collectors.toMap(Output::outputKey, Output::outputValue)));
    } catch (CloudFormationException rejected) {
      if (String.valueOf(rejected.getMessage()).contains("does not exist")) {
        throw new UsageError(
            "there is no stack '%s' in this account and region: check --stack, --region and --profile"
                .formatted(stack));
      }
      throw new TransientFailure(
          "describe stack " + stack + ": " + rejected.getMessage(), rejected);
    } catch (SdkException failed) {
      throw new TransientFailure("describe stack " + stack + ": " + failed.getMessage(), failed);
    }
  }

  String get(String output) {
    String value = values.get(output);
    if (value == null) {
      throw new UsageError(
          "stack %s has no output %s: it is not a Sluice stack, or an older version deployed it"
              .formatted(stack, output));
    }
    return value;
  }
}
