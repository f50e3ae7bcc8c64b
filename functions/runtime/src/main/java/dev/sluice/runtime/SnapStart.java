package dev.sluice.runtime;

import dev.sluice.aws.AwsClients;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.failure.MissingObject;
import java.util.function.Consumer;

/// Primes a function: runs its code once before Lambda takes the snapshot from which it restores
/// every execution environment (SnapStart).
///
/// This happens in the constructor of the handler, without a CRaC hook. Lambda sets
/// `AWS_LAMBDA_INITIALIZATION_TYPE`, so a function without SnapStart does not pay for it, and no
/// state needs to be replaced after a restore: a step must not create ids, random numbers or
/// temporary names, and its clients keep no connection.
public final class SnapStart {
  private SnapStart() {}

  /// Runs `steps` if Lambda will take a snapshot of this process. A step that fails logs a warning,
  /// and the others still run: a function works without it, and a new role may not be effective
  /// yet.
  @SafeVarargs
  public static void prime(
      EnvironmentVariables environment, StageLog log, Consumer<AwsClients>... steps) {
    if (environment
        .optional("AWS_LAMBDA_INITIALIZATION_TYPE")
        .filter("snap-start"::equals)
        .isPresent()) {
      AwsClients clients = LambdaClients.withoutKeepAlive(environment);
      for (Consumer<AwsClients> step : steps) {
        log.prime(() -> step.accept(clients));
      }
    }
  }

  /// Reads an object that does not exist. The caller needs `s3:ListBucket`, without which S3 does
  /// not say so.
  public static void readMissing(Bucket bucket, ObjectKey key) {
    try {
      bucket.read(key);
    } catch (MissingObject expected) {
      // The call has been made.
    }
  }
}
