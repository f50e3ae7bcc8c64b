package dev.sluice.load;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.Environment;
import dev.sluice.aws.LambdaClients;
import dev.sluice.aws.S3Bucket;
import dev.sluice.batch.Handover;
import java.time.Clock;

/// Load in Lambda. Environment: `PIPELINE`, `BUCKET`, `LEDGER`.
public final class LoadHandler implements RequestHandler<Handover, Loaded> {
  private final Load load;

  public LoadHandler() {
    this(wire(Environment.ofProcess()));
  }

  LoadHandler(Load load) {
    this.load = load;
  }

  private static Load wire(Environment environment) {
    String pipeline = environment.required("PIPELINE");
    String bucket = environment.required("BUCKET");
    String ledger = environment.required("LEDGER");
    AwsClients clients = LambdaClients.of(environment);
    environment.check();
    return new Load(
        pipeline,
        clients.ledger(clients.dynamodb(), ledger, pipeline),
        new S3Bucket(clients.s3(), bucket),
        new EmfMetrics(System.out),
        Clock.systemUTC());
  }

  @Override
  public Loaded handleRequest(Handover handover, Context context) {
    return load.run(handover);
  }
}
