package dev.sluice.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/// S3 in this process: s3proxy. An object is a file whose path is its bucket and key.
final class EmbeddedS3 implements AutoCloseable {
  /// s3proxy writes `key-<uuid>` next to the key and renames it.
  private static final Pattern UNFINISHED_PUT =
      Pattern.compile("-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$");

  private final S3Proxy server;

  /// @param folder of the objects; empty to keep them in memory
  /// @param port 0 for any free port
  EmbeddedS3(Optional<Path> folder, int port) throws Exception {
    if (folder.isPresent()) {
      deleteUnfinishedPuts(folder.get());
    }
    this.server =
        S3Proxy.builder()
            .blobStore(
                folder.isPresent()
                    ? new FilesystemNio2BlobStore(folder.get().toString())
                    : new TransientNio2BlobStore())
            .awsAuthentication(AuthenticationType.NONE, null, null)
            .endpoint(EmbeddedAws.uri(port))
            .build();
    server.start();
  }

  /// Leftovers of a killed process, which s3proxy would list as objects.
  private static void deleteUnfinishedPuts(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(EmbeddedS3::isUnfinishedPut).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  static boolean isUnfinishedPut(Path file) {
    return UNFINISHED_PUT.matcher(file.getFileName().toString()).find()
        && Files.isRegularFile(file);
  }

  URI endpoint() {
    return EmbeddedAws.uri(server.getPort());
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception failed) {
      throw new IllegalStateException("the embedded S3 cannot stop: " + failed, failed);
    }
  }
}
