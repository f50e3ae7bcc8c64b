package dev.sluice.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.event.Admission;
import dev.sluice.event.Admission.TypeRules;
import dev.sluice.event.EventType;
import dev.sluice.field.Field;
import dev.sluice.field.FieldType;
import dev.sluice.json.JsonPath;
import dev.sluice.pipeline.Pipeline.Reference;
import dev.sluice.pipeline.Pipeline.ReferenceColumn;
import dev.sluice.pipeline.Pipeline.Sql;
import dev.sluice.pipeline.Pipeline.Table;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PipelineTest {
  private static final JsonPath A = new JsonPath(List.of("a"));
  private static final JsonPath B = new JsonPath(List.of("b"));
  private static final JsonPath C = new JsonPath(List.of("c"));

  /// A field that two tables read in the same way is read once; one that they read in different
  /// ways is read twice.
  @Test
  void theRulesOfATypeAreThoseOfAllTablesBuiltFromIt() {
    Field text = field(A, new FieldType.Text());
    Field whole = field(A, new FieldType.Whole());
    Field other = field(B, new FieldType.Text());
    Pipeline pipeline =
        pipeline(
            table(List.of("x", "y"), List.of(A, B), List.of(text, other)),
            table(List.of("y", "z"), List.of(B, C), List.of(text, whole)));

    assertThat(pipeline.admissionRules())
        .isEqualTo(
            new Admission.Rules(
                new EventType.Always("x"),
                Optional.of(B),
                C,
                Duration.ofDays(3),
                Duration.ofHours(4),
                Map.of(
                    "x",
                    new TypeRules(List.of(A, B), List.of(text.rule(), other.rule())),
                    "y",
                    new TypeRules(
                        List.of(A, B, C), List.of(text.rule(), other.rule(), whole.rule())),
                    "z",
                    new TypeRules(List.of(B, C), List.of(text.rule(), whole.rule())))));
  }

  @Test
  void aReferenceHasTheNamesOfItsColumns() {
    List<ReferenceColumn> columns =
        List.of(new ReferenceColumn("id", "VARCHAR"), new ReferenceColumn("rate", "DOUBLE"));

    assertThat(new Reference("r", "r", "id", Optional.empty(), List.of(), columns).columnNames())
        .containsExactlyInAnyOrder("id", "rate");
  }

  @Test
  void partitionsByTimeHaveTheirColumns() {
    assertThat(new Pipeline.ByDate().column()).isEqualTo("dt");
    assertThat(new Pipeline.ByHour().column()).isEqualTo("hour");
  }

  private static Pipeline pipeline(Table... tables) {
    return new Pipeline(
        "p",
        Duration.ofMinutes(1),
        new Pipeline.Limits(1, 1),
        new Pipeline.JsonSource(),
        new Pipeline.EventFields(
            new EventType.Always("x"), Optional.of(B), C, Duration.ofDays(3), Duration.ofHours(4)),
        Duration.ofDays(1),
        List.of(),
        List.of(tables),
        List.of(),
        List.of(),
        "",
        "digest");
  }

  private static Table table(List<String> from, List<JsonPath> required, List<Field> fields) {
    return new Table(
        "t", from, fields, new Sql("", "t.sql", 1), required, List.of(), List.of(), "");
  }

  private static Field field(JsonPath path, FieldType type) {
    return new Field("f", new Field.Rule(path, type, false, Field.BAD_FIELD, false), "");
  }
}
