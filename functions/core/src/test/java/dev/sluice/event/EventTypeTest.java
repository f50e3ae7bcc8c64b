package dev.sluice.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.json.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventTypeTest {
  @Test
  void aPathIsTheFieldWithTheType() {
    EventType.At at = new EventType.At(JsonPath.parse("$.detail.type").orElseThrow());

    assertThat(EventType.parse("$.detail.type")).contains(at);
    assertThat(at).hasToString("$.detail.type");
  }

  @Test
  void aWordIsTheTypeOfAllEvents() {
    assertThat(EventType.parse("review_v1.2-a")).contains(new EventType.Always("review_v1.2-a"));
    assertThat(new EventType.Always("review")).hasToString("review");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1st", "a b", "$", "$."})
  void otherTextsAreNeither(String text) {
    assertThat(EventType.parse(text)).isEmpty();
  }
}
