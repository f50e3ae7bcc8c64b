package dev.sluice.deployment;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/// A running LocalStack: the one at `AWS_ENDPOINT_URL` (`./sluice localstack` starts it without
/// Docker), otherwise a new container.
record LocalStack(URI endpoint, Optional<LocalStackContainer> container) implements AutoCloseable {
  /// The last version that requires no account.
  private static final String IMAGE = "localstack/localstack:4.14.0";

  static LocalStack find() {
    String endpoint = System.getenv("AWS_ENDPOINT_URL");
    if (endpoint != null) {
      return new LocalStack(URI.create(endpoint), Optional.empty());
    }
    LocalStackContainer container =
        new LocalStackContainer(DockerImageName.parse(IMAGE))
            .withEnv(
                Map.of(
                    "LAMBDA_SYNCHRONOUS_CREATE", "1",
                    "LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT", "60",
                    "SQS_ENDPOINT_STRATEGY", "path"))
            .withCopyFileToContainer(
                MountableFile.forHostPath("localstack/as_aws.py"),
                "/etc/localstack/init/start.d/as_aws.py");
    container.start();
    return new LocalStack(container.getEndpoint(), Optional.of(container));
  }

  @Override
  public void close() {
    container.ifPresent(LocalStackContainer::stop);
  }
}
