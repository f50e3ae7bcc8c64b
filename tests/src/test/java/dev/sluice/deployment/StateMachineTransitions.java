package dev.sluice.deployment;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The transitions between the states of a state machine: all defined ones, and those of an
/// execution.
///
/// States inside a Map are not included; the Map itself succeeds or fails.
record StateMachineTransitions(JsonNode machine) {
  private static final String END = "end of the execution";

  static StateMachineTransitions defined() {
    return new StateMachineTransitions(Template.read("infra/pipeline.asl.yaml"));
  }

  /// Every `Next`, choice, `Default` and `Catch`, and the failure of each task without a `Catch`.
  Set<String> all() {
    Set<String> transitions = new LinkedHashSet<>();
    machine
        .at("/States")
        .properties()
        .forEach(state -> {
          String name = state.getKey();
          JsonNode definition = state.getValue();
          Stream.of("Next", "Default")
              .filter(definition::has)
              .forEach(field -> transitions.add(next(name, definition.get(field).asString())));
          definition
              .path("Choices")
              .forEach(choice -> transitions.add(next(name, choice.get("Next").asString())));
          definition
              .path("Catch")
              .forEach(caught -> transitions.add(failure(name, caught.get("Next").asString())));
          if (isTask(name) && !definition.has("Catch")) {
            transitions.add(failure(name, END));
          }
        });
    return transitions;
  }

  /// The transitions of one execution.
  ///
  /// @param events the history of an execution that has ended
  List<String> of(List<JsonNode> events) {
    List<String> transitions = new ArrayList<>();
    String current = "";
    boolean failed = false;
    for (JsonNode event : events) {
      String type = event.path("type").asString();
      String entered = event.at("/stateEnteredEventDetails/name").asString("");
      if (machine.at("/States").has(entered)) {
        if (!current.isEmpty()) {
          transitions.add(failed ? failure(current, entered) : next(current, entered));
        }
        current = entered;
        failed = false;
      } else if (type.matches("(Task|MapState)(Failed|TimedOut|StartFailed|SubmitFailed)")) {
        failed = true;
      } else if (type.matches("(Task|MapState)Succeeded")) {
        failed = false;
      } else if (type.equals("ExecutionFailed") && isTask(current)) {
        transitions.add(failure(current, END));
      }
    }
    return transitions;
  }

  private boolean isTask(String state) {
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
