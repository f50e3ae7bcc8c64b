package dev.sluice.duckdb;

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

/// What DuckDB says, told in the lines of the file that the user wrote.
public final class SqlError {
  private static final Pattern LINE = Pattern.compile("\\s*LINE (\\d+): .*", Pattern.DOTALL);
  private static final Pattern NOISE =
      Pattern.compile(
          "^(Invalid Input Error: Attempting to execute an unsuccessful or closed pending query result\\s*)?(Error: )?");
  private static final Pattern OF_THE_TEXT =
      Pattern.compile(
          "^(Binder|Parser|Catalog|Syntax|Permission|Not implemented) Error.*", Pattern.DOTALL);
  private static final Pattern MISSING_TABLE =
      Pattern.compile("^Catalog Error: Table with name (\\S+) does not exist.*");
  private static final Pattern OF_THE_TEXT_ALONE =
      Pattern.compile("^Parser Error.*|^Catalog Error: [\\w ]*Function with name .*");
  private static final int MAX_SHOWN = 300;

  /// DuckDB's words, and ours for them.
  private record Words(Pattern theirs, String ours) {
    Words(String theirs, String ours) {
      this(Pattern.compile(theirs), ours);
    }
  }

  private static final List<Words> WORDS =
      List.of(
          new Words("^[A-Z][A-Za-z ]* Error: ", ""),
          new Words("Cannot access file (\".*?\") .*", "reads no files, and $1 would be one"),
          new Words(
              "column (\".*?\") must appear in the GROUP BY clause.*",
              "an aggregate makes one row of many events, and each event must keep its own ($1)"),
          new Words("WHERE clause cannot contain aggregates!", "judges one row, so no aggregates"),
          new Words(
              "unterminated (/\\* comment|quoted [a-z]+) at or near .*", "this $1 never ends"),
          new Words(
              "No function matches the given name and argument types '(.*?)'.*",
              "there is no $1: cast a value, or use a macro"),
          new Words("(Type|Sequence) with name (\\S+) does not exist!", "there is no \"$2\""),
          new Words(
              "Referenced column (\".*?\") not found in FROM clause!", "there is no column $1"),
          new Words(
              "Referenced table (\".*?\") not found!",
              "there is no table $1 with this column here"),
          new Words("Could not find key (\".*?\") in struct", "there is no field $1"),
          new Words("Table with name (\\S+) does not exist!", "there is no table \"$1\""),
          new Words(
              "[\\w ]*Function with name (\\S+) does not exist!", "there is no function \"$1\""),
          new Words("syntax error at or near (\".*\")", "this is no SQL from $1 on"),
          new Words(" Did you mean \"(pg|duckdb|sqlite)_.*?\"\\?", ""),
          new Words(" Did you mean (\".*?\"( or \".*?\")?)\\?", "; did you mean $1?"),
          new Words(" Candidate (bindings|tables|Entries|macros|functions): ", "; there are "));

  private SqlError() {}

  /// The message in one line, without the place.
  public static String message(SQLException error) {
    String text = NOISE.matcher(String.valueOf(error.getMessage())).replaceFirst("");
    return LINE.matcher(text).replaceFirst("").replaceAll("\\s+", " ").strip();
  }

  /// The failure for an error in `sql`, which stood after `linesBefore` lines of ours: the
  /// pipeline's fault where the text is wrong, the data's where a value is.
  static SluiceFailure in(Pipeline pipeline, Sql sql, int linesBefore, SQLException error) {
    int line = sql.line() + place(sql, linesBefore, error).line() - 1;
    String text =
        "pipeline %s: %s:%d: %s".formatted(pipeline.name(), sql.file(), line, message(error));
    return OF_THE_TEXT.matcher(message(error)).matches()
        ? new InvalidPipeline(text, error)
        : new EngineFailure(text, error);
  }

  /// The table that is not there, if that is the error.
  static Optional<String> missingTable(SQLException error) {
    Matcher missing = MISSING_TABLE.matcher(message(error));
    return missing.matches() ? Optional.of(missing.group(1)) : Optional.empty();
  }

  /// Whether the SQL is wrong whatever the tables are that it reads.
  static boolean isOfTheTextAlone(SQLException error) {
    return OF_THE_TEXT_ALONE.matcher(message(error)).matches();
  }

  static Problem problem(String field, Sql sql, int linesBefore, SQLException error) {
    SqlPosition place = place(sql, linesBefore, error);
    String hint =
        place.pastEnd()
            ? "does not end here: a parenthesis or a word is missing, or one is too many"
            : inOurWords(message(error));
    return new Problem(
        sql.file(),
        sql.line() + place.line() - 1,
        field,
        place.shown(sql.text()),
        place.column().isPresent() ? hint + " (column " + place.column().getAsInt() + ")" : hint);
  }

  private static SqlPosition place(Sql sql, int linesBefore, SQLException error) {
    return SqlPosition.of(sql.text(), linesBefore, String.valueOf(error.getMessage()));
  }

  private static String inOurWords(String message) {
    String text = message;
    for (Words words : WORDS) {
      text = words.theirs.matcher(text).replaceFirst(words.ours);
    }
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + " …" : text;
  }
}
