package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.sun.management.OperatingSystemMXBean;
import dev.sluice.batch.Handover;
import dev.sluice.transform.TransformHandler;
import dev.sluice.transform.TransformRequest;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.util.Locale;

/// Invokes the transform function once in a new process, from its Lambda artifact, and prints the
/// CPU time of the process: until the function is initialized, and in the invocation.
public final class ColdTransform {
  private ColdTransform() {}

  public static void main(String[] arguments) {
    Context context =
        (Context)
            Proxy.newProxyInstance(
                ColdTransform.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (_, method, _) -> {
                  return switch (method.getName()) {
                    case "getAwsRequestId" -> "bench";
                    case "getRemainingTimeInMillis" -> 120_000;
                    case String other -> throw new UnsupportedOperationException(other);
                  };
                });
    TransformHandler handler = new TransformHandler();
    long initialized = cpuNanos();
    long began = System.nanoTime();
    Handover handover = handler.handleRequest(new TransformRequest("bench", 600), context);
    long ended = System.nanoTime();
    long nanos = cpuNanos();
    if (handover.action() != Handover.Action.COMMIT) {
      throw new IllegalStateException("nothing to transform: " + handover);
    }
    System.out.printf(
        Locale.ROOT,
        "cold transform: %.2f CPU seconds: start and initialization %.2f, batch %.2f (%.2f s elapsed)%n",
        nanos / 1e9,
        initialized / 1e9,
        (nanos - initialized) / 1e9,
        (ended - began) / 1e9);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
