package dev.sluice.load;

import dev.sluice.contracts.HandlerContract;
import dev.sluice.runtime.EnvironmentVariables;
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
}
