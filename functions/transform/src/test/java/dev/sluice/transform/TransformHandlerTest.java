package dev.sluice.transform;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.amazonaws.services.lambda.runtime.Context;
import dev.sluice.batch.Handover;
import dev.sluice.contracts.HandlerContract;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.failure.TransientFailure;
import dev.sluice.fakes.Faults;
import dev.sluice.fakes.Faults.Suspended;
import dev.sluice.runtime.EnvironmentVariables;
import dev.sluice.runtime.InvocationDeadline;
import dev.sluice.runtime.StageLog;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransformHandlerTest extends HandlerContract {
  private static final String PIPELINE =
      """
      pipeline: orders
      every: 1m
      event: {type: order, id: $.id, time: $.time}
      tables: {orders: {from: order, fields: {id: "text, required"}}}
      """;

  @TempDir Path pipelines;

  @BeforeEach
  void writeThePipeline() throws IOException {
    write(PIPELINE);
  }

  private void write(String yaml) throws IOException {
    Path folder = Files.createDirectories(pipelines.resolve("orders"));
    Files.writeString(folder.resolve("pipeline.yaml"), yaml);
  }

  @Override
  protected Map<String, String> requiredByThisFunction() {
    return Map.of();
  }

  @Override
  protected Object start(Map<String, String> variables) {
    Map<String, String> all = new HashMap<>(variables);
    all.put("PIPELINES", pipelines.toString());
    return new TransformHandler(new EnvironmentVariables(all));
  }

  @Override
  protected void invoke(Object handler, int milliseconds) {
    Handover _ =
        ((TransformHandler) handler)
            .handleRequest(new TransformRequest("tick", 60), context(() -> milliseconds));
  }

  private static Context context(IntSupplier milliseconds) {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, _) ->
                method.getName().equals("getRemainingTimeInMillis")
                    ? milliseconds.getAsInt()
                    : "request");
  }

  /// The run of Transform has the time limit of the function.
  @Test
  void anEngineThatCannotHaveHalfOfTheTimeDoesNotStart() {
    int[] remaining = {100_000};
    TransformFixture fixture = new TransformFixture() {};
    fixture.scratch = pipelines;
    fixture.stage(1, "body");
    Transform transform =
        fixture.transform(
            new Faults().atFirst("download raw", new Suspended(() -> remaining[0] = 49_000)),
            _ -> false);
    StageLog log = StageLog.of(StageLog.Stage.TRANSFORM, new EnvironmentVariables(required()));
    TransformHandler handler = new TransformHandler(transform, log, new InvocationDeadline());

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() ->
            handler.handleRequest(new TransformRequest("tick", 60), context(() -> remaining[0])))
        .withMessageStartingWith("the services took 51,000 of 100,000 ms");
  }

  @Test
  void doesNotStartWithAnInvalidPipeline() throws IOException {
    write(PIPELINE.replace("1m", "soon"));

    assertThatExceptionOfType(InvalidPipeline.class)
        .isThrownBy(() -> start(required()))
        .withMessageContaining("every");
  }
}
