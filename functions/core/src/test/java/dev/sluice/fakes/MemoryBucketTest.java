package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;

final class MemoryBucketTest extends BucketContract {
  @Override
  protected Bucket empty() {
    return new MemoryBucket();
  }
}
