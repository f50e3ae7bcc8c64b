package dev.sluice.cases;

import dev.sluice.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Assigns expected rows to actual rows in any order, so that as many as possible match. An
/// expected row may match several actual rows, because it may name only some columns: this is a
/// maximum matching in a bipartite graph, found by augmenting paths.
final class RowMatch {
  private static final int NONE = -1;

  private final List<Json.Obj> expected;
  private final List<Json.Obj> actual;
  private final List<String> keys;
  private final int[] actualOf;
  private final int[] expectedOf;

  /// @param keys the columns that identify a row, if an expected row names them
  RowMatch(List<Json.Obj> expected, List<Json.Obj> actual, List<String> keys) {
    this.expected = expected;
    this.actual = actual;
    this.keys = keys;
    this.actualOf = new int[expected.size()];
    this.expectedOf = new int[actual.size()];
    Arrays.fill(actualOf, NONE);
    Arrays.fill(expectedOf, NONE);
  }

  /// The pairs in the order of the actual rows, then the missing rows.
  List<RowPair> pairs() {
    for (int e = 0; e < expected.size(); e++) {
      augment(e, new boolean[actual.size()]);
    }
    boolean[] isSame = new boolean[actual.size()];
    IntStream.range(0, actual.size()).forEach(a -> isSame[a] = expectedOf[a] != NONE);
    unmatched().filter(this::namesAKey).forEach(this::pairClosest);
    unmatched().filter(e -> !namesAKey(e)).forEach(this::pairClosest);
    List<RowPair> pairs = new ArrayList<>();
    for (int a = 0; a < actual.size(); a++) {
      pairs.add(pair(a, isSame[a]));
    }
    unmatched().forEach(e -> pairs.add(new RowPair.Missing(expected.get(e))));
    return pairs;
  }

  private IntStream unmatched() {
    return IntStream.range(0, expected.size()).filter(e -> actualOf[e] == NONE);
  }

  private boolean namesAKey(int e) {
    return expected.get(e).fields().stream().anyMatch(field -> keys.contains(field.name()));
  }

  private RowPair pair(int a, boolean isSame) {
    if (expectedOf[a] == NONE) {
      return new RowPair.Unexpected(actual.get(a));
    }
    Json.Obj row = expected.get(expectedOf[a]);
    return isSame ? new RowPair.Same(row, actual.get(a)) : new RowPair.Changed(row, actual.get(a));
  }

  /// Assigns an actual row that matches, and moves earlier assignments if necessary. Begins with
  /// the row at the same place, which usually matches.
  private boolean augment(int e, boolean[] visited) {
    for (int i = 0; i < actual.size(); i++) {
      int a = (e + i) % actual.size();
      if (!visited[a] && Values.matches(expected.get(e), actual.get(a))) {
        visited[a] = true;
        if (expectedOf[a] == NONE || augment(expectedOf[a], visited)) {
          assign(e, a);
          return true;
        }
      }
    }
    return false;
  }

  private void assign(int e, int a) {
    actualOf[e] = a;
    expectedOf[a] = e;
  }

  /// Pairs a row without a match with the free row that has the most values in common; it is a row
  /// of the same event if the expected row names the event.
  private void pairClosest(int e) {
    int closest = NONE;
    long most = -1;
    for (int a = 0; a < actual.size(); a++) {
      if (expectedOf[a] == NONE && haveSameKeys(expected.get(e), actual.get(a))) {
        long common = common(expected.get(e), actual.get(a));
        if (common > most) {
          closest = a;
          most = common;
        }
      }
    }
    if (closest != NONE) {
      assign(e, closest);
    }
  }

  private boolean haveSameKeys(Json.Obj row, Json.Obj other) {
    return row.fields().stream()
        .filter(field -> keys.contains(field.name()))
        .allMatch(field -> Values.agrees(field, other));
  }

  private static long common(Json.Obj row, Json.Obj other) {
    return row.fields().stream().filter(field -> Values.agrees(field, other)).count();
  }
}
