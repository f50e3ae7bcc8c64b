package dev.sluice.fakes;

import dev.sluice.bucket.Bucket;
import dev.sluice.contracts.BucketContract;

final class MemoryBucketTest extends BucketContract {
  @Override
  protected Bucket empty() {
    return new MemoryBucket();
  }
}
