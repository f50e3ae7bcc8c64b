package dev.sluice.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.aws.AwsClients;
import dev.sluice.aws.S3Bucket;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.Bucket.Put;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.contracts.BucketContract;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Runs the bucket contract on s3proxy.
@ExtendWith(EmbeddedAwsExtension.class)
final class S3BucketTest extends BucketContract {
  private final S3Client s3;
  private final String name = "bucket-" + UUID.randomUUID();

  S3BucketTest(AwsClients clients) {
    this.s3 = clients.s3();
  }

  @Override
  protected Bucket empty() {
    s3.createBucket(b -> b.bucket(name));
    return new S3Bucket(s3, name);
  }

  @Override
  protected void damage(Bucket bucket, ObjectKey key, byte[] bytes) {
    Map<String, String> metadata = s3.headObject(b -> b.bucket(name).key(key.value())).metadata();
    s3.putObject(
        b -> b.bucket(name).key(key.value()).metadata(metadata), RequestBody.fromBytes(bytes));
  }

  @Test
  void readsAnObjectOfAnotherProgram() {
    ObjectKey key = new ObjectKey("raw/orders/restored");
    s3.putObject(b -> b.bucket(name).key(key.value()), RequestBody.fromString("rows"));

    assertThat(new S3Bucket(s3, name).read(key)).asString(UTF_8).isEqualTo("rows");
  }

  /// The SDK retries after a lost response, and then finds the object that its first try wrote.
  @Test
  void recognizesItsOwnObjectByTheWriter() {
    ObjectKey key = new ObjectKey("plans/orders/plan.json");
    Bucket bucket = new S3Bucket(new TriesTwice(s3), name);

    Put put = bucket.putIfAbsent(key, "mine".getBytes(UTF_8));

    assertThat(put).isEqualTo(Put.WRITTEN);
    assertThat(bucket.putIfAbsent(key, "more".getBytes(UTF_8))).isEqualTo(Put.ALREADY_EXISTS);
  }

  private record TriesTwice(S3Client s3) implements S3Client {
    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
      try {
        s3.putObject(request, body);
      } catch (S3Exception rejected) {
        // The second try fails in the same way.
      }
      return s3.putObject(request, body);
    }

    @Override
    public HeadObjectResponse headObject(HeadObjectRequest request) {
      return s3.headObject(request);
    }

    @Override
    public String serviceName() {
      return s3.serviceName();
    }

    @Override
    public void close() {
      s3.close();
    }
  }
}
