package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.contracts.BucketContract;

final class MemoryBucketTest extends BucketContract {
  @Override
  protected Bucket empty() {
    return new MemoryBucket();
  }

  @Override
  protected void damage(Bucket bucket, ObjectKey key, byte[] bytes) {
    ((MemoryBucket) bucket).damage(key, bytes);
  }
}
