package dev.sluice.extract;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.aws.StateMachine;
import dev.sluice.deadline.Deadline;
import dev.sluice.ledger.Ledger;
import dev.sluice.queue.MessageSource;
import dev.sluice.runtime.EnvironmentVariables;
import dev.sluice.runtime.InvocationDeadline;
import dev.sluice.runtime.LambdaClients;
import dev.sluice.runtime.SnapStart;
import dev.sluice.runtime.StageLog;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import software.amazon.awssdk.services.sfn.SfnClient;

/// The Lambda function of Extract. EventBridge invokes it with a scheduled event, which starts a
/// tick. The state machine invokes it in the same format for each further lane: `id` is the tick,
/// `detail.lane` the number of the lane.
///
/// Environment variables: `PIPELINE`, `QUEUE_URL`, `BUCKET`, `LEDGER`, `STATE_MACHINE` (its ARN),
/// `LANES` and `MAX_BATCHES` of an execution, and the limits of one lane: `MAX_MESSAGES` and
/// `MAX_BYTES`, which are the pipeline's limits of a batch, and `MAX_SECONDS`.
public final class ExtractHandler implements RequestHandler<ScheduledEvent, Extracted> {
  private final Extract extract;
  private final TickStarter starter;
  private final Lane share;
  private final StageLog log;
  private final InvocationDeadline deadline = new InvocationDeadline();

  public ExtractHandler() {
    this(EnvironmentVariables.ofProcess());
  }

  ExtractHandler(EnvironmentVariables environment) {
    this(StageLog.of(StageLog.Stage.EXTRACT, environment), environment);
  }

  private ExtractHandler(StageLog log, EnvironmentVariables environment) {
    this.log = log;
    Wiring wiring = log.wire(() -> new Wiring(environment, log, deadline));
    this.extract = wiring.extract;
    this.starter = wiring.starter;
    this.share = wiring.share;
  }

  /// The stage, connected to AWS.
  private static final class Wiring {
    private final Lane share;
    private final Extract extract;
    private final TickStarter starter;

    Wiring(EnvironmentVariables environment, StageLog log, Deadline deadline) {
      String pipeline = environment.required("PIPELINE");
      String queue = environment.required("QUEUE_URL");
      String bucketName = environment.required("BUCKET");
      String table = environment.required("LEDGER");
      String stateMachine = environment.required("STATE_MACHINE");
      int lanes = Math.toIntExact(environment.requiredNumber("LANES"));
      int batches = Math.toIntExact(environment.requiredNumber("MAX_BATCHES"));
      long messages = environment.requiredNumber("MAX_MESSAGES");
      long bytes = environment.requiredNumber("MAX_BYTES");
      Duration time = Duration.ofSeconds(environment.number("MAX_SECONDS", 30));
      AwsClients clients = LambdaClients.of(environment, deadline);
      environment.check();
      SnapStart.prime(
          environment,
          log,
          priming -> Backlog.read(priming.ledger(priming.dynamodb(), table, pipeline)),
          priming -> new SqsMessageSource(priming.sqs(), queue).waiting());
      MessageSource source = new SqsMessageSource(clients.sqs(), queue);
      Ledger ledger = clients.ledger(clients.dynamodb(), table, pipeline);
      SfnClient stepFunctions = clients.stepFunctions();
      this.share = new Lane("", 0, messages, bytes, time);
      this.extract =
          new Extract(
              pipeline,
              source,
              new S3Bucket(clients.s3(), bucketName),
              ledger,
              new StagedLimit(batches, messages, bytes),
              log,
              Clock.systemUTC(),
              UUID::randomUUID);
      this.starter =
          new TickStarter(
              extract,
              source,
              ledger,
              new StateMachine(stepFunctions, stateMachine),
              log,
              share,
              lanes);
    }
  }

  @Override
  public Extracted handleRequest(ScheduledEvent event, Context context) {
    deadline.begin(context);
    Invocation invocation = Invocation.of(event);
    return log.run(
        invocation.tick(),
        context.getAwsRequestId(),
        () ->
            invocation.lane() == 0
                ? starter.run(invocation.tick())
                : extract.run(share.of(invocation.tick(), invocation.lane())));
  }
}
