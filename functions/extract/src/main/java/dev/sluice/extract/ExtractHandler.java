package dev.sluice.extract;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.Environment;
import dev.sluice.aws.LambdaClients;
import dev.sluice.aws.S3Bucket;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/// Extract in Lambda. It takes the schedule's own event; its `detail` may say which `lane` this is.
///
/// Environment: `PIPELINE`, `QUEUE_URL`, `BUCKET`, `LEDGER`, and the most one lane takes in a tick:
/// `MAX_MESSAGES` and `MAX_BYTES`, as the pipeline limits a batch, and `MAX_SECONDS`.
public final class ExtractHandler implements RequestHandler<ScheduledEvent, Extracted> {
  private final Extract extract;
  private final Lane share;

  public ExtractHandler() {
    this(Environment.ofProcess());
  }

  private ExtractHandler(Environment environment) {
    // In this order: wiring ends the reading of the environment.
    this(share(environment), wire(environment));
  }

  ExtractHandler(Lane share, Extract extract) {
    this.share = share;
    this.extract = extract;
  }

  private static Extract wire(Environment environment) {
    String pipeline = environment.required("PIPELINE");
    String queue = environment.required("QUEUE_URL");
    String bucket = environment.required("BUCKET");
    String ledger = environment.required("LEDGER");
    AwsClients clients = LambdaClients.of(environment);
    environment.check();
    return new Extract(
        pipeline,
        new SqsMessageSource(clients.sqs(), queue),
        new S3Bucket(clients.s3(), bucket),
        clients.ledger(clients.dynamodb(), ledger, pipeline),
        Clock.systemUTC(),
        UUID::randomUUID);
  }

  private static Lane share(Environment environment) {
    return new Lane(
        "",
        0,
        environment.requiredNumber("MAX_MESSAGES"),
        environment.requiredNumber("MAX_BYTES"),
        Duration.ofSeconds(environment.number("MAX_SECONDS", 30)));
  }

  @Override
  public Extracted handleRequest(ScheduledEvent event, Context context) {
    return extract.run(share.of(event.getId(), event.getDetail()));
  }
}
