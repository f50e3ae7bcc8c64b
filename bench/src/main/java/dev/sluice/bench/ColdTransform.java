package dev.sluice.bench;

import com.amazonaws.services.lambda.runtime.Context;
import com.sun.management.OperatingSystemMXBean;
import dev.sluice.batch.Handover;
import dev.sluice.transform.TransformHandler;
import dev.sluice.transform.TransformRequest;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;

/// One invocation of the transform function in a new process, from the artifact that Lambda gets,
/// and the CPU that the process has used by then, its start included.
public final class ColdTransform {
  private ColdTransform() {}

  public static void main(String[] arguments) {
    Context context =
        (Context)
            Proxy.newProxyInstance(
                ColdTransform.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (_, method, _) -> {
                  if (method.getName().equals("getAwsRequestId")) {
                    return "bench";
                  }
                  throw new UnsupportedOperationException(method.getName());
                });
    Handover handover =
        new TransformHandler().handleRequest(new TransformRequest("bench", 600), context);
    long nanos =
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    if (handover.action() != Handover.Action.COMMIT) {
      throw new IllegalStateException("there was nothing to transform: " + handover);
    }
    System.out.printf("a cold transform: %.2f CPU seconds%n", nanos / 1e9);
  }
}
