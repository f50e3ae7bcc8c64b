package dev.sluice.local;

import dev.sluice.aws.AwsClients.Endpoints;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// SQS, DynamoDB and S3 with their real protocols in this process, on 127.0.0.1 only.
///
/// Data on disk survives `kill -9`: every write reaches the operating system before its response.
public final class EmbeddedAws implements AutoCloseable {
  public static final String REGION = "us-east-1";
  static final String HOST = "127.0.0.1";

  private final EmbeddedSqs sqs;
  private final EmbeddedDynamoDb dynamodb;
  private final EmbeddedS3 s3;

  /// The ports of the emulators; 0 is any free port.
  public record Ports(int sqs, int dynamodb, int s3) {
    public static final Ports ANY = new Ports(0, 0, 0);
  }

  private EmbeddedAws(Optional<Path> data, Ports ports) throws Exception {
    this.sqs =
        new EmbeddedSqs(
            data.isPresent() ? Optional.of(journal(data.get())) : Optional.empty(), ports.sqs);
    this.dynamodb = new EmbeddedDynamoDb(folder(data, "dynamodb"), ports.dynamodb);
    this.s3 = new EmbeddedS3(folder(data, "s3"), ports.s3);
  }

  /// Starts the emulators on free ports.
  ///
  /// @param data the folder that keeps their data; empty to keep it in memory
  /// @throws IllegalStateException if a server does not start
  public static EmbeddedAws start(Optional<Path> data) {
    return start(data, Ports.ANY);
  }

  /// The same on chosen ports.
  public static EmbeddedAws start(Optional<Path> data, Ports ports) {
    try {
      return new EmbeddedAws(data, ports);
    } catch (Exception failed) {
      throw new IllegalStateException("the embedded AWS cannot start: " + failed, failed);
    }
  }

  /// The file of the queues in a data folder.
  static Path journal(Path data) throws IOException {
    return Files.createDirectories(data.resolve("sqs")).resolve("queues.journal");
  }

  /// The folder of a server in a data folder. The path is absolute, because s3proxy lists nothing
  /// under a relative path.
  static Optional<Path> folder(Optional<Path> data, String name) throws IOException {
    return data.isEmpty()
        ? Optional.empty()
        : Optional.of(Files.createDirectories(data.get().resolve(name)).toRealPath());
  }

  public Endpoints endpoints() {
    return new Endpoints(sqs.endpoint(), dynamodb.endpoint(), s3.endpoint());
  }

  static URI uri(int port) {
    return URI.create("http://" + HOST + ":" + port);
  }

  @Override
  public void close() {
    s3.close();
    dynamodb.close();
    sqs.close();
  }
}
