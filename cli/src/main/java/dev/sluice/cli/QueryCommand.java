package dev.sluice.cli;

import dev.sluice.duckdb.SqlError;
import dev.sluice.json.Json;
import dev.sluice.json.JsonParser;
import dev.sluice.local.DataFolder;
import dev.sluice.local.LocalResources;
import dev.sluice.operate.Lake;
import dev.sluice.operate.OperationFailed;
import dev.sluice.pipeline.Pipeline;
import dev.sluice.pipeline.PipelineProblems;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.duckdb.DuckDBStruct;
import org.duckdb.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/// `sluice query`.
@Command(
    name = "query",
    description =
        "Runs SQL over the committed tables: PIPELINE.TABLE, PIPELINE.quarantine and"
            + " PIPELINE.receipts.")
final class QueryCommand implements Callable<Integer> {
  /// What a semicolon may stand in without ending a statement.
  private static final Pattern QUOTED_OR_COMMENT =
      Pattern.compile(
          """
          \\b[eE]'(?:[^'\\\\]++|\\\\.)*+'|'[^']*+'|"[^"]*+"\
          |\\$(\\w*)\\$.*?\\$\\1\\$|--[^\\n]*+|/\\*.*?\\*/\
          """,
          Pattern.DOTALL);

  private static final Pattern ANOTHER_STATEMENT = Pattern.compile(";\\s*[^;\\s]", Pattern.DOTALL);

  @ParentCommand Sluice sluice;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "SQL", description = "In DuckDB's dialect.")
  String sql;

  @Option(names = "--format", description = "table, csv or json (default: table).")
  Rows.Format format = Rows.Format.TABLE;

  @SuppressWarnings("NullAway.Init")
  QueryCommand() {}

  @Override
  public Integer call() throws Exception {
    if (hasSeveralStatements(sql)) {
      throw new OperationFailed("that is more than one statement; write one SELECT");
    }
    List<Pipeline> pipelines = sluice.pipelines().loadRight(this::tellLeftOut);
    try (DataFolder folder = sluice.openExisting()) {
      LocalResources cloud = folder.cloud();
      pipelines.forEach(cloud::create);
      Lake lake = new Lake(cloud.bucket(), folder.path().resolve("kept"));
      try (Connection connection = lake.connect(pipelines);
          Statement statement = connection.createStatement()) {
        if (!statement.execute(sql)) {
          throw new OperationFailed("that gives no rows; write a SELECT");
        }
        try (ResultSet result = statement.getResultSet()) {
          rows(result).print(spec.commandLine().getOut(), format);
        }
      } catch (SQLException wrong) {
        throw new OperationFailed(SqlError.message(wrong));
      }
    }
    return 0;
  }

  static boolean hasSeveralStatements(String sql) {
    String bare = QUOTED_OR_COMMENT.matcher(sql).replaceAll(" ");
    return ANOTHER_STATEMENT.matcher(bare).find();
  }

  private void tellLeftOut(PipelineProblems wrong) {
    spec.commandLine().getErr().println("left out, for it is wrong:\n" + wrong.getMessage());
  }

  static Rows rows(ResultSet result) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
      columns.add(result.getMetaData().getColumnLabel(i));
    }
    List<List<Json>> rows = new ArrayList<>();
    while (result.next()) {
      List<Json> row = new ArrayList<>();
      for (int i = 1; i <= columns.size(); i++) {
        row.add(json(result.getObject(i)));
      }
      rows.add(row);
    }
    return new Rows(columns, rows);
  }

  private static Json json(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> new Json.Null();
      case Boolean bool -> Json.of(bool);
      case Double d when !Double.isFinite(d) -> Json.of(d.toString());
      case BigDecimal number -> new Json.Num(number.toPlainString());
      case Number number -> new Json.Num(number.toString());
      case java.sql.Timestamp time ->
          Json.of(time.toLocalDateTime().toInstant(ZoneOffset.UTC).toString());
      case OffsetDateTime time -> Json.of(time.toInstant().toString());
      case Array array -> array((Object[]) array.getArray());
      // The fields of a tuple have no names: `(1, 'a')`.
      case DuckDBStruct tuple when tuple.getMap().containsKey("") -> array(tuple.getAttributes());
      case DuckDBStruct struct -> object(struct.getMap());
      case Map<?, ?> map -> object(map);
      case Blob blob ->
          Json.of(HexFormat.of().formatHex(blob.getBytes(1, Math.toIntExact(blob.length()))));
      case JsonNode node -> parsed(node.toString());
      case Object other -> Json.of(other.toString());
    };
  }

  private static Json array(@Nullable Object[] values) throws SQLException {
    List<Json> items = new ArrayList<>();
    for (Object value : values) {
      items.add(json(value));
    }
    return Json.array(items);
  }

  private static Json object(Map<?, ?> map) throws SQLException {
    List<Json.Field> fields = new ArrayList<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      fields.add(Json.field(String.valueOf(entry.getKey()), json(entry.getValue())));
    }
    return new Json.Obj(fields);
  }

  private static Json parsed(String text) {
    return new JsonParser().parseWhole(text) instanceof JsonParser.Value(Json json, int _)
        ? json
        : Json.of(text);
  }
}
