package dev.sluice.extract;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.runtime.EnvironmentVariables;
import dev.sluice.runtime.InvocationDeadline;
import dev.sluice.runtime.LambdaClients;
import dev.sluice.runtime.StageLog;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/// The Lambda function of Extract. Its input comes from the state machine, in the format of a
/// scheduled event: `id` is the tick, `detail.lane` the number of the lane.
///
/// Environment variables: `PIPELINE`, `QUEUE_URL`, `BUCKET`, `LEDGER`, and the limits of one lane
/// in a tick: `MAX_MESSAGES` and `MAX_BYTES`, which are the pipeline's limits of a batch, and
/// `MAX_SECONDS`.
public final class ExtractHandler implements RequestHandler<ScheduledEvent, Extracted> {
  private final Extract extract;
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
    this.share = log.wire(() -> share(environment));
    // This also reports the variables that `share` required and that are not set.
    this.extract = log.wire(() -> wire(environment, log, deadline));
  }

  private static Extract wire(
      EnvironmentVariables environment, StageLog log, InvocationDeadline deadline) {
    String pipeline = environment.required("PIPELINE");
    String queue = environment.required("QUEUE_URL");
    String bucket = environment.required("BUCKET");
    String ledger = environment.required("LEDGER");
    AwsClients clients = LambdaClients.of(environment, deadline);
    environment.check();
    return new Extract(
        pipeline,
        new SqsMessageSource(clients.sqs(), queue),
        new S3Bucket(clients.s3(), bucket),
        clients.ledger(clients.dynamodb(), ledger, pipeline),
        log,
        Clock.systemUTC(),
        UUID::randomUUID);
  }

  private static Lane share(EnvironmentVariables environment) {
    long messages = environment.requiredNumber("MAX_MESSAGES");
    long bytes = environment.requiredNumber("MAX_BYTES");
    return new Lane(
        "", 0, messages, bytes, Duration.ofSeconds(environment.number("MAX_SECONDS", 30)));
  }

  @Override
  public Extracted handleRequest(ScheduledEvent event, Context context) {
    deadline.begin(context);
    Lane lane = share.of(event.getId(), event.getDetail());
    return log.run(lane.tick(), context.getAwsRequestId(), () -> extract.run(lane));
  }
}
