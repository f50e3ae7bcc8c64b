package dev.sluice.chunk;

import java.util.UUID;

/// The id of one chunk: a random UUID.
public record ChunkId(String value) implements Comparable<ChunkId> {
  public ChunkId {
    if (!value.matches("[0-9a-f-]{36}")) {
      throw new IllegalArgumentException("not a chunk id, which is a UUID in lower case: " + value);
    }
  }

  public static ChunkId of(UUID id) {
    return new ChunkId(id.toString());
  }

  @Override
  public int compareTo(ChunkId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
