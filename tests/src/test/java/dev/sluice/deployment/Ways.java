package dev.sluice.deployment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The ways from state to state: all that a state machine has, and those that an execution took.
///
/// What happens within a Map is no way of its own; it ends in the Map's success or failure.
record Ways(JsonNode machine) {
  private static final String END = "the end";

  static Ways ofTheStateMachine() {
    return new Ways(Template.read("infra/pipeline.asl.yaml"));
  }

  /// Every `Next`, choice, `Default` and `Catch`, and that a task fails which catches nothing.
  List<String> all() {
    List<String> ways = new ArrayList<>();
    machine
        .at("/States")
        .properties()
        .forEach(state -> {
          JsonNode definition = state.getValue();
          Stream.of("Next", "Default")
              .filter(definition::has)
              .forEach(field -> ways.add(next(state.getKey(), definition.get(field).asString())));
          definition
              .path("Choices")
              .forEach(choice -> ways.add(next(state.getKey(), choice.get("Next").asString())));
          definition
              .path("Catch")
              .forEach(caught -> ways.add(failure(state.getKey(), caught.get("Next").asString())));
          if (works(state.getKey()) && !definition.has("Catch")) {
            ways.add(failure(state.getKey(), END));
          }
        });
    return ways;
  }

  /// @param events the history of an execution that has ended
  List<String> taken(List<JsonNode> events) {
    List<String> ways = new ArrayList<>();
    String at = "";
    boolean failed = false;
    for (JsonNode event : events) {
      String type = event.path("type").asString();
      String entered = event.at("/stateEnteredEventDetails/name").asString("");
      if (machine.at("/States").has(entered)) {
        if (!at.isEmpty()) {
          ways.add(failed ? failure(at, entered) : next(at, entered));
        }
        at = entered;
        failed = false;
      } else if (type.matches("(Task|MapState)(Failed|TimedOut|StartFailed|SubmitFailed)")) {
        failed = true;
      } else if (type.matches("(Task|MapState)Succeeded")) {
        failed = false;
      } else if (type.equals("ExecutionFailed") && works(at)) {
        ways.add(failure(at, END));
      }
    }
    return ways;
  }

  private boolean works(String state) {
    return List.of("Task", "Map")
        .contains(machine.at("/States").path(state).path("Type").asString(""));
  }

  private static String next(String from, String to) {
    return from + " -> " + to;
  }

  private static String failure(String from, String to) {
    return from + " fails -> " + to;
  }
}
