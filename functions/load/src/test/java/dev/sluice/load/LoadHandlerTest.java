package dev.sluice.load;

import com.amazonaws.services.lambda.runtime.Context;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.contracts.HandlerContract;
import dev.sluice.runtime.EnvironmentVariables;
import java.lang.reflect.Proxy;
import java.util.Map;

final class LoadHandlerTest extends HandlerContract {
  @Override
  protected Map<String, String> requiredByThisFunction() {
    return Map.of();
  }

  @Override
  protected Object start(Map<String, String> variables) {
    return new LoadHandler(new EnvironmentVariables(variables));
  }

  @Override
  protected void invoke(Object handler, int milliseconds) {
    Loaded _ =
        ((LoadHandler) handler)
            .handleRequest(Handover.of("tick", Action.NOTHING, 0), context(milliseconds));
  }

  private static Context context(int milliseconds) {
    return (Context)
        Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (_, method, _) ->
                method.getName().equals("getRemainingTimeInMillis") ? milliseconds : "request");
  }
}
