package dev.sluice.extract;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.sluice.contracts.HandlerContract;
import dev.sluice.runtime.EnvironmentVariables;
import java.lang.reflect.Proxy;
import java.util.Map;

final class ExtractHandlerTest extends HandlerContract {
  @Override
  protected Map<String, String> requiredByThisFunction() {
    return Map.of(
        "QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/1/orders",
        "STATE_MACHINE", "arn:aws:states:eu-central-1:1:stateMachine:shop-tick",
        "LANES", "4",
        "MAX_BATCHES", "10",
        "MAX_MESSAGES", "10000",
        "MAX_BYTES", "1000000");
  }

  @Override
  protected Object start(Map<String, String> variables) {
    return new ExtractHandler(new EnvironmentVariables(variables));
  }

  @Override
  protected void invoke(Object handler, int milliseconds) {
    ScheduledEvent event = new ScheduledEvent();
    event.setId("tick");
    event.setDetail(Map.of("lane", 1));
    Extracted _ = ((ExtractHandler) handler).handleRequest(event, context(milliseconds));
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
