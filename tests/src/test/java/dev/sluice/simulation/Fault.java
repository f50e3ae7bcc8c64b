package dev.sluice.simulation;

import dev.sluice.simulatedaws.SimulatedAws;
import java.util.List;
import java.util.stream.Stream;

/// One call that goes wrong.
///
/// @param call its number in the run, from 0; what the SDK tries again is the same call
record Fault(int call, Kind kind) {
  /// How a call goes wrong.
  enum Kind {
    /// The function dies before the call takes effect.
    DIES_BEFORE,
    /// The function dies after the call took effect.
    DIES_AFTER,
    /// The service answers 500 once, and nothing took effect.
    FAILS_ONCE,
    /// The same, however often the SDK tries.
    FAILS,
    /// The service asks to slow down, once.
    THROTTLED_ONCE,
    /// The same, however often the SDK tries.
    THROTTLED,
    /// The call takes effect and the connection breaks; the SDK's next try meets the effect.
    LOSES_REPLY_ONCE,
    /// Every try takes effect, and none is answered.
    LOSES_REPLY,
    /// The request takes its time: the SDK tries again, which goes well; the first takes effect
    /// long after.
    LANDS_LATE_ONCE,
    /// The same, and no try is answered: the function gives up, and one takes effect long after.
    LANDS_LATE,
    /// The service does half of what it was asked, sees a conflict, or breaks off; of what the
    /// engine wrote half is there when the function dies.
    PARTIAL,
    /// The answer's body breaks off, once.
    CUT_SHORT,
    /// The function hangs until it is killed for it; nothing took effect.
    STALLS,
    /// The function is suspended until its lease and its messages' visibility are long over, and
    /// goes on as if nothing were.
    WAKES_LATE,
    /// The same, for an hour and a half or more.
    OVERSLEEPS;

    /// Whether calls of this operation can go wrong so.
    boolean canHit(String operation) {
      boolean isEngine = operation.equals(ENGINE);
      return switch (this) {
        case DIES_BEFORE, DIES_AFTER, STALLS, WAKES_LATE, OVERSLEEPS -> true;
        case PARTIAL -> isEngine || SimulatedAws.canBeGrudging(operation);
        case LANDS_LATE_ONCE, LANDS_LATE -> !isEngine && !READS.contains(operation);
        case CUT_SHORT -> !isEngine && !WITHOUT_BODY.contains(operation);
        default -> !isEngine;
      };
    }
  }

  /// The engine's work counts as a call: a function can die of it.
  static final String ENGINE = "engine run";

  private static final List<String> READS =
      List.of(
          "s3 GetObject",
          "s3 HeadObject",
          "s3 ListObjectsV2",
          "dynamodb GetItem",
          "dynamodb BatchGetItem",
          "dynamodb Query",
          "dynamodb Scan");

  private static final List<String> WITHOUT_BODY =
      List.of("s3 PutObject", "s3 PutObject if absent", "s3 HeadObject");

  /// `operations`, call by call from number `first` on, each with one fault of each kind.
  static List<Fault> all(List<String> operations, int first) {
    return Stream.iterate(first, n -> n < operations.size(), n -> n + 1)
        .flatMap(n ->
            Stream.of(Kind.values())
                .filter(kind -> kind.canHit(operations.get(n)))
                .map(kind -> new Fault(n, kind)))
        .toList();
  }

  @Override
  public String toString() {
    return call + ":" + kind;
  }

  /// The reverse of [#toString].
  static Fault of(String text) {
    int colon = text.indexOf(':');
    return new Fault(
        Integer.parseInt(text.substring(0, colon)), Kind.valueOf(text.substring(colon + 1)));
  }
}
