package dev.sluice.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads references and tables, which share one set of names because both are tables in SQL.
final class RelationNames {
  private final Set<String> used =
      new HashSet<>(Set.of("events", "receipts", "quarantine", "sluice"));
  private final Set<String> leftOut;

  /// @param leftOut receives the names of what could not be read
  RelationNames(Set<String> leftOut) {
    this.leftOut = leftOut;
  }

  /// Reads one reference or table.
  interface Reader<T> {
    Optional<T> read(String name, Section parent);
  }

  /// Reads every reference or table of `parent` that has a free, valid name.
  <T> List<T> read(Section parent, String kind, Reader<T> reader) {
    List<T> all = new ArrayList<>();
    for (String name : parent.names()) {
      Optional<T> one = reader.read(name, parent);
      if (!Names.isName(name)) {
        parent.problem(name, "", Names.invalid("a " + kind));
        leftOut.add(name);
      } else if (!used.add(name)) {
        parent.problem(name, "", "is already used or reserved; rename this " + kind);
      } else {
        one.ifPresentOrElse(all::add, () -> leftOut.add(name));
      }
    }
    return all;
  }
}
