package dev.sluice.simulation;

import dev.sluice.simulatedaws.SimulatedAws;
import java.util.List;
import java.util.stream.Stream;

/// A fault of one call, or of successive calls of one operation.
///
/// @param call the number of the first such call in the run, from 0; retries of the SDK are the
///   same call
/// @param calls how many calls of that operation, by any function, have the fault
record Fault(int call, Kind kind, int calls) {
  /// Every following call, until no more faults are injected.
  static final int ALWAYS = Integer.MAX_VALUE;

  /// More than the maximum number of tries of any call of the product.
  static final int OUTLASTS_RETRIES = 12;

  Fault(int call, Kind kind) {
    this(call, kind, 1);
  }

  enum Kind {
    /// The function is killed before the call takes effect.
    KILLED_BEFORE,
    /// The function is killed after the call took effect.
    KILLED_AFTER,
    /// The function is killed when it has read half of an object.
    KILLED_DURING,
    /// The service answers 500 to the first try, which has no effect.
    FAILS_ONCE,
    /// The service answers 500 to every try.
    FAILS,
    /// The service throttles the first try.
    THROTTLED_ONCE,
    /// The service throttles every try.
    THROTTLED,
    /// The first try takes effect, but its reply is lost.
    REPLY_LOST_ONCE,
    /// Every try takes effect, but each reply is lost.
    REPLY_LOST,
    /// The first try times out and takes effect minutes or hours later. The second succeeds.
    DELAYED_ONCE,
    /// Every try times out. One takes effect minutes or hours later.
    DELAYED,
    /// The service processes only a part of the first try, reports a conflict, or aborts a copy.
    PARTIAL_ONCE,
    /// The same at every try. In a run of the engine, the function is killed after half of the
    /// files are written.
    PARTIAL,
    /// The body of the first response ends early.
    TRUNCATED,
    /// One bit of the object that is read is changed.
    DAMAGED,
    /// The local disk is full: while the object is downloaded, or while the engine runs.
    DISK_FULL,
    /// S3 answers after more than half of the time of the function. Objects that are read into
    /// memory are not slow.
    SLOW,
    /// The function hangs before the call until it is killed at its timeout.
    HANGS,
    /// The function is suspended before the call until its lease and the visibility timeout of its
    /// messages have expired.
    SUSPENDED_PAST_LEASE,
    /// The function is suspended before the call for at least 90 minutes.
    SUSPENDED_FOR_HOURS;

    /// Whether calls of this operation can have this fault.
    boolean appliesTo(String operation) {
      boolean isEngine = operation.equals(ENGINE);
      return switch (this) {
        case KILLED_BEFORE, KILLED_AFTER, HANGS, SUSPENDED_PAST_LEASE, SUSPENDED_FOR_HOURS -> true;
        case KILLED_DURING, DAMAGED -> operation.equals("s3 GetObject");
        case SLOW -> operation.startsWith("s3 ");
        case DISK_FULL -> isEngine || operation.equals("s3 GetObject");
        case PARTIAL_ONCE -> SimulatedAws.canBeDegraded(operation);
        case PARTIAL -> isEngine || SimulatedAws.canBeDegraded(operation);
        case DELAYED_ONCE, DELAYED -> !isEngine && !READS.contains(operation);
        case TRUNCATED -> !isEngine && !WITHOUT_BODY.contains(operation);
        case FAILS_ONCE, FAILS, THROTTLED_ONCE, THROTTLED, REPLY_LOST_ONCE, REPLY_LOST -> !isEngine;
      };
    }
  }

  /// A run of the engine counts as a call, because a function can be killed during it.
  static final String ENGINE = "engine run";

  private static final List<String> READS =
      List.of(
          "sqs GetQueueAttributes",
          "s3 GetObject",
          "s3 HeadObject",
          "s3 ListObjectsV2",
          "dynamodb GetItem",
          "dynamodb BatchGetItem",
          "dynamodb Query",
          "dynamodb Scan");

  private static final List<String> WITHOUT_BODY =
      List.of("s3 PutObject", "s3 PutObject if absent", "s3 HeadObject");

  /// Every possible fault of the calls from number `first` on.
  ///
  /// @param operations of all calls
  static List<Fault> all(List<String> operations, int first) {
    return Stream.iterate(first, n -> n < operations.size(), n -> n + 1)
        .flatMap(n ->
            Stream.of(Kind.values())
                .filter(kind -> kind.appliesTo(operations.get(n)))
                .map(kind -> new Fault(n, kind)))
        .toList();
  }

  /// For the first call of each operation, every fault that outlasts all retries, and every fault
  /// that never ends.
  static List<Fault> persistent(List<String> operations) {
    return operations.stream()
        .distinct()
        .flatMap(operation ->
            Stream.of(Kind.values())
                .filter(kind -> kind.appliesTo(operation))
                .flatMap(kind ->
                    Stream.of(OUTLASTS_RETRIES, ALWAYS)
                        .map(calls -> new Fault(operations.indexOf(operation), kind, calls))))
        .toList();
  }

  @Override
  public String toString() {
    return call
        + ":"
        + kind
        + switch (calls) {
          case 1 -> "";
          case ALWAYS -> ":ALWAYS";
          default -> ":" + calls;
        };
  }

  /// Parses what [#toString] returns.
  static Fault of(String text) {
    String[] parts = text.split(":", -1);
    int calls =
        parts.length == 2 ? 1 : parts[2].equals("ALWAYS") ? ALWAYS : Integer.parseInt(parts[2]);
    return new Fault(Integer.parseInt(parts[0]), Kind.valueOf(parts[1]), calls);
  }
}
