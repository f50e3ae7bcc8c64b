package dev.sluice.simulation;

import dev.sluice.simulatedaws.SimulatedAws;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// The published files of a batch, as a receipt must list them, and their rows.
///
/// @param events the ids of the loaded events
/// @param rows by table
record PublishedFiles(
    ArrayNode json, Set<String> events, Map<String, List<Map<String, String>>> rows) {
  private static final Pattern FILE =
      Pattern.compile("(?:lake/simulated/(\\w+)|(quarantine)/simulated)/(.+)/[^/]+\\.parquet");

  static PublishedFiles of(
      String batch, SimulatedAws aws, Fixture.Rows rows, Consumer<String> violations) {
    PublishedFiles files =
        new PublishedFiles(new JsonMapper().createArrayNode(), new HashSet<>(), new HashMap<>());
    for (String key : aws.s3.keys("")) {
      Matcher place = FILE.matcher(key);
      if (!key.endsWith("/" + batch + ".parquet") || !place.matches()) {
        continue;
      }
      boolean isQuarantine = place.group(1) == null;
      String table = place.group(isQuarantine ? 2 : 1);
      byte[] bytes = aws.s3.bytes(key);
      List<Map<String, String>> content = rows.of(bytes);
      files.rows.computeIfAbsent(table, _ -> new ArrayList<>()).addAll(content);
      if (!isQuarantine) {
        content.forEach(row -> files.events.add(String.valueOf(row.get("event_id"))));
        checkColumns(key, table, content, violations);
      }
      files
          .json
          .addObject()
          .put("table", table)
          .put("partition", place.group(3))
          .put("key", key)
          .put("rows", content.size())
          .put("bytes", bytes.length)
          .put("sha256", sha256(bytes));
    }
    return files;
  }

  /// The rows of a table; empty if it has none.
  List<Map<String, String>> rows(String table) {
    return rows.getOrDefault(table, List.of());
  }

  private static void checkColumns(
      String key, String table, List<Map<String, String>> content, Consumer<String> violations) {
    List<String> columns =
        PlainRules.TABLES.stream()
            .filter(t -> t.table().equals(table))
            .flatMap(t -> t.columns().stream())
            .map(column -> column.name())
            .toList();
    for (Map<String, String> row : content) {
      if (!List.copyOf(row.keySet()).equals(columns)) {
        violations.accept("%s has the columns %s; expected %s".formatted(key, row, columns));
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException cannotBe) {
      throw new IllegalStateException(cannotBe);
    }
  }
}
