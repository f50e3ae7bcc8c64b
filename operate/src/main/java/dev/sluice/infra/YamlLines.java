package dev.sluice.infra;

import java.util.List;

/// The lines of a `pipeline.yaml`, for problems that are found after it was read.
record YamlLines(List<String> lines) {
  /// The line of a field, from 1. It looks for `name:` of each of `names`, each one below the
  /// other. If a field is not there, the line of the one before it, or 1.
  int of(String... names) {
    int found = 0;
    for (String name : names) {
      for (int i = found; i < lines.size(); i++) {
        if (lines.get(i).strip().startsWith(name + ":")) {
          found = i;
          break;
        }
      }
    }
    return found + 1;
  }
}
