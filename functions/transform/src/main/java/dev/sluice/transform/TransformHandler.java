package dev.sluice.transform;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import dev.sluice.aws.AwsClients;
import dev.sluice.aws.DynamoReferenceTable;
import dev.sluice.aws.S3Bucket;
import dev.sluice.batch.Handover;
import dev.sluice.duckdb.DuckDbEngine;
import dev.sluice.engine.Engine;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.layout.Layout;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineFolder;
import dev.sluice.pipeline.PipelineProblems;
import dev.sluice.runtime.EnvironmentVariables;
import dev.sluice.runtime.InvocationDeadline;
import dev.sluice.runtime.LambdaClients;
import dev.sluice.runtime.SnapStart;
import dev.sluice.runtime.StageLog;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The Lambda function of Transform.
///
/// Environment variables: `PIPELINE`, `PIPELINES` (the folder of pipelines), `BUCKET`, `LEDGER`,
/// `REFERENCE_PREFIX` (of the names of reference tables), `MEMORY_LIMIT` (of the engine).
public final class TransformHandler implements RequestHandler<TransformRequest, Handover> {
  private final Transform transform;
  private final StageLog log;
  private final InvocationDeadline deadline;

  public TransformHandler() {
    this(EnvironmentVariables.ofProcess());
  }

  TransformHandler(EnvironmentVariables environment) {
    this(StageLog.of(StageLog.Stage.TRANSFORM, environment), environment);
  }

  private TransformHandler(StageLog log, EnvironmentVariables environment) {
    this(log, environment, new InvocationDeadline());
  }

  private TransformHandler(
      StageLog log, EnvironmentVariables environment, InvocationDeadline deadline) {
    this(log.wire(() -> wire(environment, log, deadline)), log, deadline);
  }

  TransformHandler(Transform transform, StageLog log, InvocationDeadline deadline) {
    this.transform = transform;
    this.log = log;
    this.deadline = deadline;
  }

  private static Transform wire(
      EnvironmentVariables environment, StageLog log, InvocationDeadline deadline) {
    String name = environment.required("PIPELINE");
    Path folder = Path.of(environment.optional("PIPELINES").orElse("/var/task/pipelines"));
    String bucket = environment.required("BUCKET");
    String ledger = environment.required("LEDGER");
    String prefix = environment.optional("REFERENCE_PREFIX").orElse("");
    String memory = environment.optional("MEMORY_LIMIT").orElse("400MB");
    AwsClients clients = LambdaClients.of(environment, deadline);
    environment.check();
    Pipeline pipeline = pipeline(new PipelineFolder(folder.resolve(name)));
    DynamoDbClient dynamodb = clients.dynamodb();
    Engine engine = new DuckDbEngine(memory);
    Path scratch = Path.of(System.getProperty("java.io.tmpdir"), "sluice");
    SnapStart.prime(
        environment,
        log,
        priming -> priming.ledger(priming.dynamodb(), ledger, name).staged(),
        priming ->
            SnapStart.readMissing(new S3Bucket(priming.s3(), bucket), new Layout(name).receipt(0)),
        priming ->
            new SampleBatch(pipeline, engine, scratch, new S3Bucket(priming.s3(), bucket)).run());
    return new Transform(
        pipeline,
        clients.ledger(dynamodb, ledger, name),
        new S3Bucket(clients.s3(), bucket),
        reference ->
            new DynamoReferenceTable(
                dynamodb, prefix + reference.table(), reference.key(), reference.columnNames()),
        engine,
        scratch,
        log,
        Clock.systemUTC(),
        UUID::randomUUID);
  }

  private static Pipeline pipeline(PipelineFolder folder) {
    try {
      return folder.load();
    } catch (PipelineProblems wrong) {
      throw new InvalidPipeline(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  @Override
  public Handover handleRequest(TransformRequest request, Context context) {
    deadline.begin(context);
    Duration lease = Duration.ofSeconds(request.leaseSeconds());
    return log.run(
        request.tick(),
        context.getAwsRequestId(),
        () -> transform.run(request.tick(), lease, deadline));
  }
}
