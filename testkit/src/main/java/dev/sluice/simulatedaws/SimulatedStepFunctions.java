package dev.sluice.simulatedaws;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// A simulation of one standard state machine. Each name of an execution is used once. What an
/// execution does is up to the caller.
public final class SimulatedStepFunctions {
  private static final JsonMapper JSON = new JsonMapper();

  private final Map<String, String> inputs = new HashMap<>();
  private final Set<String> ended = new HashSet<>();
  private BiConsumer<String, JsonNode> onStart = (_, _) -> {};

  SimulatedStepFunctions() {}

  /// Calls `listener` with the name and the input of each execution that starts.
  public void onStart(BiConsumer<String, JsonNode> listener) {
    onStart = listener;
  }

  /// Records the end of an execution.
  public void ended(String name) {
    ended.add(name);
  }

  /// How many executions were started.
  public int started() {
    return inputs.size();
  }

  Response answer(Request request) {
    if (!request.action().equals("StartExecution")) {
      throw new IllegalArgumentException("not simulated: Step Functions " + request.action());
    }
    JsonNode body = JSON.readTree(request.body());
    String name = body.path("name").asString();
    String input = body.path("input").asString();
    boolean isNew = !inputs.containsKey(name);
    // A running execution with the same input is returned as if it had been started now.
    if (!isNew && (ended.contains(name) || !input.equals(inputs.get(name)))) {
      return Response.jsonError(
          400, "ExecutionAlreadyExists", "Execution Already Exists: '%s'".formatted(name));
    }
    if (isNew) {
      inputs.put(name, input);
      onStart.accept(name, JSON.readTree(input));
    }
    return Response.json(
        JsonNodeFactory.instance
            .objectNode()
            .put("executionArn", body.path("stateMachineArn").asString() + ":" + name)
            .put("startDate", 1.0e9));
  }
}
