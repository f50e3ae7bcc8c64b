package dev.sluice.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import dev.sluice.batch.Handover;
import dev.sluice.batch.Handover.Action;
import dev.sluice.extract.Extracted;
import dev.sluice.load.Loaded;
import dev.sluice.transform.TransformRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Reads and writes the inputs and outputs of the functions like Lambda's Java runtime.
class LambdaEventsTest {
  private static final Path EVENTS = Path.of("../events");
  private static final String TICK = "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa";

  static Stream<Record> requests() {
    return Stream.of(
        new TransformRequest("tick", 900),
        new Handover("tick", Action.COMMIT, 7, "plan", "attempt", "manifest", "hash"),
        Handover.of("tick", Action.NOTHING, 7));
  }

  static Stream<Record> responses() {
    return Stream.of(
        new Extracted("tick", 2, 1, 10_000, 5_000_000_000L, 3, true, false),
        new Handover("tick", Action.COMMIT, 7, "plan", "attempt", "manifest", "hash"),
        new Loaded("tick", true, 7, false, 5_000_000_000L, 4, 3, 2, 1));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void readsARequest(Record request) {
    byte[] json = new JsonMapper().writeValueAsBytes(request);

    assertThat(serializer(request.getClass()).fromJson(new ByteArrayInputStream(json)))
        .isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("responses")
  void writesAResponse(Record response) {
    ByteArrayOutputStream json = new ByteArrayOutputStream();

    serializer(response.getClass()).toJson(response, json);

    assertThat((Object) new JsonMapper().readValue(json.toByteArray(), response.getClass()))
        .isEqualTo(response);
  }

  @Test
  void extractReadsItsSample() throws IOException {
    ScheduledEvent event =
        LambdaEventSerializers.serializerFor(ScheduledEvent.class, getClass().getClassLoader())
            .fromJson(sample("extract.json"));

    assertThat(event.getId()).isEqualTo(TICK);
    assertThat(event.getDetail()).isEqualTo(Map.of("lane", 1));
  }

  @Test
  void extractReadsTheEventOfTheSchedule() throws IOException {
    ScheduledEvent event =
        LambdaEventSerializers.serializerFor(ScheduledEvent.class, getClass().getClassLoader())
            .fromJson(sample("schedule.json"));

    assertThat(event.getDetail()).isEmpty();
    assertThat(event.getTime().toInstant().getMillis())
        .isEqualTo(Instant.parse("2026-11-21T00:05:00Z").toEpochMilli());
  }

  @Test
  void transformReadsItsSample() throws IOException {
    Object request = serializer(TransformRequest.class).fromJson(sample("transform.json"));

    assertThat(request).isEqualTo(new TransformRequest(TICK, 480));
  }

  @Test
  void loadReadsItsSample() throws IOException {
    Object handover = serializer(Handover.class).fromJson(sample("load.json"));

    assertThat(handover).isInstanceOf(Handover.class);
    assertThat((Handover) handover).hasNoNullFieldsOrProperties();
    assertThat(((Handover) handover).action()).isEqualTo(Action.COMMIT);
  }

  @Test
  void loadReadsItsSampleWithoutABatch() throws IOException {
    Object handover = serializer(Handover.class).fromJson(sample("load-nothing.json"));

    assertThat(handover).isEqualTo(Handover.of(TICK, Action.NOTHING, 0));
  }

  /// The serializer that the runtime uses for handler types that are not AWS events.
  private static PojoSerializer<Object> serializer(Type type) {
    return JacksonFactory.getInstance().getSerializer(type);
  }

  private static ByteArrayInputStream sample(String name) throws IOException {
    return new ByteArrayInputStream(Files.readAllBytes(EVENTS.resolve(name)));
  }
}
