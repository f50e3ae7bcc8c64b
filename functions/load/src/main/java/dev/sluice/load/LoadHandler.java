package dev.sluice.load;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.S3Bucket;
import dev.sluice.batch.Handover;
import dev.sluice.layout.Layout;
import dev.sluice.runtime.EnvironmentVariables;
import dev.sluice.runtime.InvocationDeadline;
import dev.sluice.runtime.LambdaClients;
import dev.sluice.runtime.SnapStart;
import dev.sluice.runtime.StageLog;
import java.time.Clock;

/// The Lambda function of Load. Environment variables: `PIPELINE`, `BUCKET`, `LEDGER`.
public final class LoadHandler implements RequestHandler<Handover, Loaded> {
  private final Load load;
  private final StageLog log;
  private final InvocationDeadline deadline;

  public LoadHandler() {
    this(EnvironmentVariables.ofProcess());
  }

  LoadHandler(EnvironmentVariables environment) {
    this(StageLog.of(StageLog.Stage.LOAD, environment), environment);
  }

  private LoadHandler(StageLog log, EnvironmentVariables environment) {
    this(log, environment, new InvocationDeadline());
  }

  private LoadHandler(StageLog log, EnvironmentVariables environment, InvocationDeadline deadline) {
    this(log.wire(() -> wire(environment, log, deadline)), log, deadline);
  }

  LoadHandler(Load load, StageLog log, InvocationDeadline deadline) {
    this.load = load;
    this.log = log;
    this.deadline = deadline;
  }

  private static Load wire(
      EnvironmentVariables environment, StageLog log, InvocationDeadline deadline) {
    String pipeline = environment.required("PIPELINE");
    String bucket = environment.required("BUCKET");
    String ledger = environment.required("LEDGER");
    AwsClients clients = LambdaClients.of(environment, deadline);
    environment.check();
    SnapStart.prime(
        environment,
        log,
        priming -> priming.ledger(priming.dynamodb(), ledger, pipeline).head(),
        priming ->
            SnapStart.readMissing(
                new S3Bucket(priming.s3(), bucket), new Layout(pipeline).receipt(0)));
    return new Load(
        pipeline,
        clients.ledger(clients.dynamodb(), ledger, pipeline),
        new S3Bucket(clients.s3(), bucket),
        log,
        Clock.systemUTC());
  }

  @Override
  public Loaded handleRequest(Handover handover, Context context) {
    deadline.begin(context);
    return log.run(handover.tick(), context.getAwsRequestId(), () -> load.run(handover));
  }
}
