package dev.sluice.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.util.Map;
import org.joda.time.DateTime;
import org.joda.time.DateTimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InvocationTest {
  private static final DateTime TIME = DateTime.parse("2026-11-21T00:05:30.999Z");

  @Test
  void theTickOfTheScheduleIsNamedAfterTheTimeOfTheEventInUtc() {
    ScheduledEvent event = event(Map.of());

    assertThat(Invocation.of(event)).isEqualTo(new Invocation("20261121T000530Z", 0));
    event.setTime(TIME.withZone(DateTimeZone.forOffsetHours(-8)));
    assertThat(Invocation.of(event)).isEqualTo(new Invocation("20261121T000530Z", 0));
    event.setDetail(null);
    assertThat(Invocation.of(event)).isEqualTo(new Invocation("20261121T000530Z", 0));
  }

  @Test
  void theStateMachineNamesTheTickAndTheLane() {
    assertThat(Invocation.of(event(Map.of("lane", 2)))).isEqualTo(new Invocation("tick-7", 2));
    assertThat(Invocation.of(event(Map.of("lane", 3L)))).isEqualTo(new Invocation("tick-7", 3));
    ScheduledEvent withoutTime = event(Map.of("lane", 1));
    withoutTime.setTime(null);
    assertThat(Invocation.of(withoutTime)).isEqualTo(new Invocation("tick-7", 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1})
  void rejectsALaneBelowOne(int lane) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Invocation.of(event(Map.of("lane", lane))))
        .withMessageContaining("a number above 0: {lane=" + lane);
  }

  @Test
  void rejectsALaneThatIsNotANumber() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Invocation.of(event(Map.of("lane", "2"))))
        .withMessageContaining("{lane=2}");
  }

  @Test
  void rejectsAnEventWithoutATime() {
    ScheduledEvent event = event(Map.of());
    event.setTime(null);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Invocation.of(event))
        .withMessageContaining("needs a time");
  }

  private static ScheduledEvent event(Map<String, Object> detail) {
    ScheduledEvent event = new ScheduledEvent();
    event.setId("tick-7");
    event.setTime(TIME);
    event.setDetail(detail);
    return event;
  }
}
