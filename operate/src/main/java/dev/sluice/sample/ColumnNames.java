package dev.sluice.sample;

import dev.sluice.pipeline.Names;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// Gives each field of an event the name of its column. A name that is a valid column is kept;
/// others become `snake_case` without accents, and unique by a suffix `_2`.
final class ColumnNames {
  private static final int MAX_LENGTH = 50;

  private final Set<String> used = new HashSet<>();
  private int position;

  /// The name for the next field, whose name in the event is `name`.
  String next(String name) {
    position++;
    String column = Names.isColumn(name) ? name : snakeCase(name);
    if (Names.isReservedColumn(column)) {
      column = "source_" + column;
    }
    String free = column;
    for (int n = 2; !used.add(free.toLowerCase(Locale.ROOT)); n++) {
      free = column + "_" + n;
    }
    return free;
  }

  private String snakeCase(String name) {
    String latin =
        Normalizer.normalize(name.replace("ß", "ss"), Normalizer.Form.NFKD)
            .replaceAll("\\p{M}", "");
    String snake =
        NameWords.of(latin).joined().replaceAll("[^a-z0-9_]", "").replaceAll("^_+|_+$", "");
    if (snake.isEmpty()) {
      return "column_" + position;
    }
    String letter = Character.isDigit(snake.charAt(0)) ? "_" + snake : snake;
    return letter.length() > MAX_LENGTH ? letter.substring(0, MAX_LENGTH) : letter;
  }
}
