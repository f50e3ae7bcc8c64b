package dev.sluice.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.event.Admission;
import dev.sluice.event.Admission.Admitted;
import dev.sluice.event.Admission.Rejected;
import dev.sluice.event.Admitter;
import dev.sluice.event.Envelope;
import dev.sluice.event.EventType;
import dev.sluice.event.Reason;
import dev.sluice.json.JsonPath;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Proves for any message body that admission splits it without loss, that Jackson and DuckDB read
/// each admitted event as JSON, and that no event rejected as `not_json` is valid JSON.
final class AdmissionFuzzTest {
  private static final Instant SENT = Instant.parse("2026-01-01T12:00:00Z");

  /// Reads bytes; admission reads characters.
  private static final JsonMapper JACKSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNumberLength(Integer.MAX_VALUE)
                          .maxNestingDepth(100_000)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final JsonMapper STRICT =
      JACKSON.rebuild().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final PreparedStatement SELECT_TYPE_IN_DUCKDB = duckDb();

  private final Admitter admitter =
      new Admitter(
          new Admission.Rules(
              new EventType.At(path("$.type")),
              Optional.of(path("$.id")),
              path("$.at"),
              Duration.ofDays(90),
              Duration.ofHours(1),
              Map.of("order", new Admission.TypeRules(List.of(path("$.customer.id")), List.of()))));

  @FuzzTest
  void admits(byte[] bytes) throws SQLException {
    String body = new String(bytes, StandardCharsets.UTF_8);

    List<Admission> events = admitter.admit(new Envelope("message", SENT, body));

    assertThat(events).isNotEmpty();
    int from = 0;
    for (Admission event : events) {
      int at = body.indexOf(event.text(), from);
      assertThat(at).as("the text of %s is in the body, in order", event).isNotNegative();
      from = at + event.text().length();
      switch (event) {
        case Admitted admitted -> assertOtherReadersAgree(admitted);
        case Rejected(String text, Reason reason, String detail, Optional<String> _) -> {
          assertThat(detail).isNotBlank();
          assertThat(reason == Reason.NOT_JSON && isJson(text)).as(text).isFalse();
        }
      }
    }
  }

  private static boolean isJson(String text) {
    try {
      return JACKSON.readTree(asBytes(text)).size() == 1;
    } catch (JacksonException notJson) {
      return false;
    }
  }

  private void assertOtherReadersAgree(Admitted event) throws SQLException {
    assertThat(STRICT.readTree(asBytes(event.text())).get(0).isObject()).isTrue();
    Admission again = admitter.admit(new Envelope("message", SENT, event.json())).getFirst();
    assertThat(again)
        .as("admitting the normal form again")
        .isEqualTo(
            new Admitted(
                event.json(),
                event.json(),
                event.type(),
                event.id(),
                event.identity(),
                event.content(),
                event.time(),
                event.fields(),
                event.broken(),
                event.detail()));
    SELECT_TYPE_IN_DUCKDB.setString(1, event.json());
    try (ResultSet row = SELECT_TYPE_IN_DUCKDB.executeQuery()) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo(event.type());
    }
  }

  /// `text` as the only item of an array, so that Jackson does not take its first bytes for a byte
  /// order mark or a different encoding.
  private static byte[] asBytes(String text) {
    return ("[ " + text + "\n]").getBytes(StandardCharsets.UTF_8);
  }

  private static PreparedStatement duckDb() {
    try {
      Connection connection = DriverManager.getConnection("jdbc:duckdb:");
      return connection.prepareStatement("SELECT json_value(?::JSON, '$.type') ->> '$'");
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static JsonPath path(String text) {
    return JsonPath.parse(text).orElseThrow();
  }
}
