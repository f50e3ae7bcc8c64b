package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.sun.management.OperatingSystemMXBean;
import dev.sluice.batch.Handover;
import dev.sluice.transform.TransformHandler;
import dev.sluice.transform.TransformRequest;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;

/// Invokes the transform function once in a new process, from its Lambda artifact, and prints the
/// CPU time of the process, its start included.
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
    Handover handover =
        new TransformHandler().handleRequest(new TransformRequest("bench", 600), context);
    long nanos =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    if (handover.action() != Handover.Action.COMMIT) {
      throw new IllegalStateException("nothing to transform: " + handover);
    }
    System.out.printf("cold transform: %.2f CPU seconds%n", nanos / 1e9);
  }
}
