package dev.sluice.operate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.parallel.InParallel;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.SimulatedClients;
import dev.sluice.simulatedaws.Wire;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

class MessageSinkTest {
  private static final int TRIES = 3;

  private int requests;

  @Test
  void reportsHowManyMessagesWereAcceptedAndStopsAfterAFailure() {
    SqsClient sqs = SimulatedClients.of().sqs();
    MessageSink sink = new MessageSink(sqs, "https://sqs.simulated/000000000000/queue");
    Iterator<String> bodies = IntStream.range(0, 200).mapToObj(i -> "{}").iterator();

    ScopedValue.where(Wire.CURRENT, this::answer)
        .where(InParallel.ONE_BY_ONE, true)
        .run(() ->
            assertThatExceptionOfType(OperationFailed.class)
                .isThrownBy(() -> sink.send(bodies))
                .withMessageStartingWith(
                    "30 messages were accepted, then sending failed: send to"));

    assertThat(requests).isEqualTo(3 + TRIES);
  }

  /// Accepts three requests of ten messages.
  private Response answer(Request request) {
    requests++;
    byte[] body = "{\"Successful\":[],\"Failed\":[]}".getBytes(UTF_8);
    return requests <= 3
        ? new Response(200, Map.of(), body, body.length)
        : Response.failure(request, 503);
  }
}
