package dev.sluice.aws;

import static dev.sluice.aws.Calls.call;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.failure.DiskFull;
import dev.sluice.failure.MissingObject;
import dev.sluice.failure.TransientFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The [Bucket] on S3.
public final class S3Bucket implements Bucket {
  private static final String SHA256 = "sha256";
  private static final String WRITER = "writer";
  private static final int CONFLICT_TRIES = 10;

  private final S3Client s3;
  private final String bucket;

  public S3Bucket(S3Client s3, String bucket) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  @Override
  public Sha256 put(ObjectKey key, Path file) {
    Sha256 sha256 = Sha256.of(file);
    call(
        "put " + key,
        () ->
            s3.putObject(
                b -> b.bucket(bucket).key(key.value()).metadata(Map.of(SHA256, sha256.hex())),
                RequestBody.fromFile(file)));
    return sha256;
  }

  @Override
  public Put putIfAbsent(ObjectKey key, byte[] bytes) {
    return putIfAbsent(key, Sha256.of(bytes), () -> RequestBody.fromBytes(bytes));
  }

  @Override
  public Put putIfAbsent(ObjectKey key, Path file) {
    return putIfAbsent(key, Sha256.of(file), () -> RequestBody.fromFile(file));
  }

  /// If a reply is lost, the SDK's retry finds the object that the first attempt wrote; the
  /// writer's id in the object's metadata identifies it. Status 409 means that another process is
  /// writing the key now.
  private Put putIfAbsent(ObjectKey key, Sha256 sha256, Supplier<RequestBody> body) {
    String writer = UUID.randomUUID().toString();
    Map<String, String> metadata = Map.of(SHA256, sha256.hex(), WRITER, writer);
    for (int tries = 1; ; tries++) {
      try {
        s3.putObject(
            b -> b.bucket(bucket).key(key.value()).ifNoneMatch("*").metadata(metadata), body.get());
        return Put.WRITTEN;
      } catch (S3Exception refused) {
        if (refused.statusCode() == 412) {
          return writerOf(key).equals(writer) ? Put.WRITTEN : Put.ALREADY_EXISTS;
        }
        if (refused.statusCode() != 409 || tries == CONFLICT_TRIES) {
          throw new TransientFailure("put " + key + ": " + refused.getMessage(), refused);
        }
        Pause.of(Duration.ofMillis(20L << tries));
      } catch (SdkException failed) {
        throw new TransientFailure("put " + key + ": " + failed.getMessage(), failed);
      }
    }
  }

  private String writerOf(ObjectKey key) {
    return call(
        "head " + key,
        () ->
            s3.headObject(b -> b.bucket(bucket).key(key.value()))
                .metadata()
                .getOrDefault(WRITER, ""));
  }

  @Override
  public byte[] read(ObjectKey key) {
    ResponseBytes<GetObjectResponse> object =
        call(
            "get " + key,
            () ->
                orMissing(key, () -> s3.getObjectAsBytes(b -> b.bucket(bucket).key(key.value()))));
    byte[] bytes = object.asByteArray();
    verified(key, object.response(), Sha256.of(bytes));
    return bytes;
  }

  @Override
  public Sha256 download(ObjectKey key, Path file) {
    try {
      // The SDK does not overwrite files.
      Files.deleteIfExists(file);
    } catch (IOException unwritable) {
      throw DiskFull.or("cannot write " + file, unwritable);
    }
    GetObjectResponse object =
        call(
            "get " + key,
            () -> orMissing(key, () -> s3.getObject(b -> b.bucket(bucket).key(key.value()), file)));
    return verified(key, object, Sha256.of(file));
  }

  private static Sha256 verified(ObjectKey key, GetObjectResponse object, Sha256 actual) {
    Optional.ofNullable(object.metadata().get(SHA256))
        .ifPresent(recorded -> actual.verify(key, new Sha256(recorded)));
    return actual;
  }

  @Override
  public void copy(ObjectKey from, ObjectKey to) {
    call(
        "copy " + from + " to " + to,
        () ->
            orMissing(
                from,
                () ->
                    s3.copyObject(b ->
                        b.sourceBucket(bucket)
                            .sourceKey(from.value())
                            .destinationBucket(bucket)
                            .destinationKey(to.value()))));
  }

  private static <T> T orMissing(ObjectKey key, Supplier<T> call) {
    try {
      return call.get();
    } catch (NoSuchKeyException missing) {
      throw new MissingObject(key.value(), missing);
    } catch (S3Exception refused) {
      if (refused.statusCode() == 404) {
        throw new MissingObject(key.value(), refused);
      }
      throw refused;
    }
  }

  @Override
  public List<ObjectKey> list(String prefix) {
    return call(
        "list " + prefix,
        () ->
            s3.listObjectsV2Paginator(b -> b.bucket(bucket).prefix(prefix)).contents().stream()
                .map(S3Object::key)
                .map(ObjectKey::new)
                .toList());
  }
}
