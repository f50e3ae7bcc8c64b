package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;

import dev.sluice.tick.Executions;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;

/// The [Executions] of a standard state machine of Step Functions.
public final class StateMachine implements Executions {
  private final SfnClient stepFunctions;
  private final String arn;

  public StateMachine(SfnClient stepFunctions, String arn) {
    this.stepFunctions = stepFunctions;
    this.arn = arn;
  }

  @Override
  public void start(String tick, int lanes) {
    call(
        "start the execution %s of %s".formatted(tick, arn),
        () -> {
          try {
            return stepFunctions
                .startExecution(b ->
                    b.stateMachineArn(arn).name(tick).input("{\"lanes\": %d}".formatted(lanes)))
                .executionArn();
          } catch (ExecutionAlreadyExistsException isStarted) {
            // The schedule has fired twice, or the reply to an earlier request was lost.
            return tick;
          }
        });
  }
}
