package dev.sluice.runtime;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The environment variables of a function. All missing variables are reported together.
public final class EnvironmentVariables {
  private final Map<String, String> variables;
  private final Set<String> missing = new LinkedHashSet<>();

  public EnvironmentVariables(Map<String, String> variables) {
    this.variables = variables;
  }

  /// The variables of this process.
  public static EnvironmentVariables ofProcess() {
    return new EnvironmentVariables(System.getenv());
  }

  /// A variable that must be set; [#check] reports it if it is not.
  public String required(String name) {
    return optional(name)
        .orElseGet(() -> {
          missing.add(name);
          return "";
        });
  }

  public Optional<String> optional(String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
  }

  /// A whole number that must be set; [#check] reports it if it is not.
  public long requiredNumber(String name) {
    return required(name).isEmpty() ? 1 : number(name, 1);
  }

  /// A whole number, or `defaultValue` if the variable is not set.
  public long number(String name, long defaultValue) {
    Optional<String> value = optional(name);
    try {
      return value.map(Long::parseLong).orElse(defaultValue);
    } catch (NumberFormatException wrong) {
      throw new IllegalStateException(
          "environment variable %s is '%s': set it to a whole number"
              .formatted(name, value.orElse("")),
          wrong);
    }
  }

  /// Call this after reading all variables; fails if a required one is missing.
  ///
  /// @throws IllegalStateException whose message lists every required variable that is not set
  public void check() {
    if (!missing.isEmpty()) {
      throw new IllegalStateException("set these environment variables: " + missing);
    }
  }
}
