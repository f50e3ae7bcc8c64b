package dev.sluice.duckdb;

import dev.sluice.failure.BrokenPipeline;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.pipeline.Mistake;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Sql;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What DuckDB says, told in the lines of the file that the user wrote.
public final class SqlError {
  private static final Pattern LINE = Pattern.compile("\\s*LINE (\\d+): .*", Pattern.DOTALL);
  private static final Pattern NOISE =
      Pattern.compile(
          "^(Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\\s*)?(Error: )?");
  private static final Pattern OF_THE_TEXT =
      Pattern.compile(
          "^(Binder|Parser|Catalog|Syntax|Permission|Not implemented) Error.*", Pattern.DOTALL);

  private SqlError() {}

  /// The message in one line, without the place.
  public static String message(SQLException error) {
    String text = NOISE.matcher(String.valueOf(error.getMessage())).replaceFirst("");
    return LINE.matcher(text).replaceFirst("").replaceAll("\\s+", " ").strip();
  }

  /// The failure for an error in `sql`, which stood after `linesBefore` lines of ours: the
  /// pipeline's fault where the text is wrong, the data's where a value is.
  static SluiceFailure in(Pipeline pipeline, Sql sql, int linesBefore, SQLException error) {
    String text =
        "pipeline %s: %s:%d: %s"
            .formatted(pipeline.name(), sql.file(), line(sql, linesBefore, error), message(error));
    return OF_THE_TEXT.matcher(message(error)).matches()
        ? new BrokenPipeline(text, error)
        : new EngineFailure(text, error);
  }

  static Mistake mistake(String field, Sql sql, int linesBefore, SQLException error) {
    return new Mistake(sql.file(), line(sql, linesBefore, error), field, "", message(error));
  }

  private static int line(Sql sql, int linesBefore, SQLException error) {
    Matcher place = Pattern.compile("LINE (\\d+):").matcher(String.valueOf(error.getMessage()));
    int line = place.find() ? Integer.parseInt(place.group(1)) - linesBefore : 1;
    return sql.line() + Math.max(line, 1) - 1;
  }
}
