package dev.sluice.duckdb;

import dev.sluice.failure.DiskFull;
import dev.sluice.failure.EngineFailure;
import dev.sluice.failure.InvalidPipeline;
import dev.sluice.failure.SluiceFailure;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Problem;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Converts a DuckDB error to one line, and finds its place in the file that the user wrote.
public final class SqlError {
  private static final Pattern PLACE = Pattern.compile("\\s*LINE (\\d+): .*", Pattern.DOTALL);
  private static final Pattern DRIVER_PREFIX =
      Pattern.compile(
          "^(Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\\s*)?(Error: )?");
  private static final Pattern CLASS_PREFIX = Pattern.compile("^[A-Z][A-Za-z ]* Error: ");
  private static final Pattern OF_THE_SQL =
      Pattern.compile(
          "^(Binder|Parser|Catalog|Syntax|Permission|Not implemented) Error.*", Pattern.DOTALL);
  private static final Pattern MISSING_TABLE =
      Pattern.compile("^Catalog Error: Table with name (\\S+) does not exist.*");
  private static final Pattern INDEPENDENT_OF_TABLES =
      Pattern.compile("^Parser Error.*|^Catalog Error: [\\w ]*Function with name .*");

  /// The limit that it reports is the space that was left on the disk.
  private static final String NO_SPACE_TO_SPILL = "Out of Memory Error: failed to offload ";

  private static final int MAX_LENGTH = 300;

  /// Replaces a message of DuckDB that would mislead the author of a pipeline.
  ///
  /// @param message a regular expression for the message
  /// @param hint may refer to groups of the expression, like `$1`
  record Rewrite(String message, String hint) {}

  private static final List<Rewrite> REWRITES =
      List.of(
          new Rewrite(
              "Cannot access file (\".*?\") .*",
              "cannot read file $1; a SELECT can read events and references only"),
          // The rest of the message repeats the rest of the statement.
          new Rewrite("(unterminated /\\* comment|unterminated quoted \\w+) at or near .*", "$1"));

  private SqlError() {}

  /// The message in one line, without the place.
  public static String message(SQLException error) {
    String text = DRIVER_PREFIX.matcher(String.valueOf(error.getMessage())).replaceFirst("");
    return PLACE.matcher(text).replaceFirst("").replaceAll("\\s+", " ").strip();
  }

  /// The message without the class of the error, shortened.
  static String text(SQLException error) {
    String text = CLASS_PREFIX.matcher(message(error)).replaceFirst("");
    return text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + " …" : text;
  }

  /// The failure of a batch: [InvalidPipeline] if the SQL is invalid, [EngineFailure] if a value
  /// is, [DiskFull] if neither is.
  ///
  /// @param linesBefore the number of lines before the first line of `sql` in the statement
  static SluiceFailure in(Pipeline pipeline, Sql sql, int linesBefore, SQLException error) {
    int line = sql.line() + position(sql, linesBefore, error).line() - 1;
    String text =
        "pipeline %s: %s:%d: %s".formatted(pipeline.name(), sql.file(), line, message(error));
    return OF_THE_SQL.matcher(message(error)).matches()
        ? new InvalidPipeline(text, error)
        : failure(text, error);
  }

  /// The failure of a batch whose SQL is valid.
  static SluiceFailure failure(String text, SQLException error) {
    return isDiskFull(message(error)) ? new DiskFull(text, error) : new EngineFailure(text, error);
  }

  /// A value in the data can be a part of such a message, but neither its beginning nor its end.
  private static boolean isDiskFull(String message) {
    return message.startsWith(NO_SPACE_TO_SPILL)
        || (message.startsWith("IO Error: ") && DiskFull.endsWithNoSpace(message));
  }

  /// The name of the table that does not exist, if that is the error.
  static Optional<String> missingTable(SQLException error) {
    Matcher missing = MISSING_TABLE.matcher(message(error));
    return missing.matches() ? Optional.of(missing.group(1)) : Optional.empty();
  }

  /// Whether the SQL is invalid regardless of the tables.
  static boolean isIndependentOfTables(SQLException error) {
    return INDEPENDENT_OF_TABLES.matcher(message(error)).matches();
  }

  /// The problem in the file.
  ///
  /// @param linesBefore the number of lines before the first line of `sql` in the statement
  /// @param rewrites those that apply to this SQL only
  static Problem problem(
      String field, Sql sql, int linesBefore, SQLException error, List<Rewrite> rewrites) {
    SqlPosition position = position(sql, linesBefore, error);
    String hint =
        position.pastEnd()
            ? "has unbalanced parentheses or ends too early; correct it"
            : rewritten(text(error), rewrites);
    return new Problem(
        sql.file(),
        sql.line() + position.line() - 1,
        field,
        position.shown(sql.text()),
        position.column().isPresent()
            ? hint + " (column " + position.column().getAsInt() + ")"
            : hint);
  }

  private static SqlPosition position(Sql sql, int linesBefore, SQLException error) {
    return SqlPosition.of(sql.text(), linesBefore, String.valueOf(error.getMessage()));
  }

  private static String rewritten(String text, List<Rewrite> rewrites) {
    String hint = text;
    for (Rewrite rewrite : rewrites) {
      hint = hint.replaceFirst(rewrite.message, rewrite.hint);
    }
    for (Rewrite rewrite : REWRITES) {
      hint = hint.replaceFirst(rewrite.message, rewrite.hint);
    }
    return hint;
  }
}
