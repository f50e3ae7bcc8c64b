package dev.sluice.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.AwsClients.Endpoints;
import dev.sluice.aws.S3Bucket;
import dev.sluice.aws.SqsMessageSource;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.deadline.Deadline;
import dev.sluice.failure.TransientFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;

/// The calls of a function end before its deadline, on a server that does not answer, or sends one
/// byte at a time.
final class CallTimeoutsTest {
  private static final ObjectKey KEY = new ObjectKey("raw/p/chunk");

  private final ServerSocket server;
  private final AtomicInteger requests = new AtomicInteger();
  private boolean isSlow;

  @TempDir Path folder;

  CallTimeoutsTest() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        requests.incrementAndGet();
        Thread.ofVirtual().start(() -> answer(socket));
      }
    } catch (IOException closed) {
      // The test has ended.
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      if (isSlow) {
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      for (int i = 0; i < 1000; i++) {
        Thread.sleep(50);
        if (isSlow) {
          out.write('x');
          out.flush();
        }
      }
    } catch (SocketException ended) {
      // The client has closed the connection.
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private AwsClients clients(Deadline deadline) {
    URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort());
    return new AwsClients(
        Region.EU_WEST_1,
        StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")),
        Optional.of(new Endpoints(uri, uri, uri)),
        Optional.of(deadline));
  }

  /// A call of a service.
  ///
  /// @param remaining the time until the deadline at which it may take half a second
  record Call(String name, Duration remaining, CallOf call) {
    @Override
    public String toString() {
      return name;
    }
  }

  interface CallOf {
    Object make(AwsClients clients, Path folder);
  }

  static Stream<Call> calls() {
    Duration reserved = Deadline.RESERVE.plusMillis(500);
    Duration third = Duration.ofMillis(1500);
    return Stream.of(
        new Call("a read", reserved, (c, _) -> bucket(c).read(KEY)),
        new Call("a download", reserved, (c, f) -> bucket(c).download(KEY, f.resolve("chunk"))),
        new Call("a put", reserved, (c, _) -> bucket(c).putIfAbsent(KEY, new byte[9])),
        new Call("the ledger", third, (c, _) -> c.ledger(c.dynamodb(), "ledger", "p").head()),
        new Call(
            "the ledger without retries",
            third,
            (c, _) -> {
              c.ledger(c.dynamodb(), "ledger", "p").stage(SimulatedAdapters.chunk(1));
              return true;
            }),
        new Call(
            "the queue",
            third,
            (c, _) -> new SqsMessageSource(c.sqs(), SimulatedAdapters.QUEUE).delete(List.of("h"))));
  }

  private static S3Bucket bucket(AwsClients clients) {
    return new S3Bucket(clients.s3(), "lake");
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aCallEndsBeforeTheDeadline(Call call) {
    // The body of the response to a put is not read.
    for (boolean slow : call.name.equals("a put") ? List.of(false) : List.of(false, true)) {
      isSlow = slow;
      AwsClients clients = clients(call::remaining);
      long start = System.nanoTime();

      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() -> call.call.make(clients, folder));

      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(450), Duration.ofSeconds(4));
    }
  }

  /// The time that is left is for the ledger.
  @Test
  void noObjectIsReadInTheReserve() {
    AwsClients clients = clients(() -> Deadline.RESERVE);

    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> bucket(clients).read(KEY))
        .withMessageContaining("the function has no time left for this call");

    assertThat(requests).hasValue(0);
  }
}
