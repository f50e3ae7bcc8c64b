package dev.sluice.transform;

import dev.sluice.batch.AttemptId;
import dev.sluice.batch.Plan;
import dev.sluice.batch.PlanId;
import dev.sluice.batch.PlanJson;
import dev.sluice.bucket.Bucket;
import dev.sluice.bucket.ObjectKey;
import dev.sluice.bucket.Sha256;
import dev.sluice.chunk.ParkedChunk;
import dev.sluice.chunk.StagedChunk;
import dev.sluice.layout.Layout;
import dev.sluice.ledger.Head;
import dev.sluice.ledger.Ledger;
import dev.sluice.ledger.OpenPlan;
import dev.sluice.pipeline.Pipeline;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/// Decides on the plan of this tick: seals a new plan, resumes the open plan, reseals it if the
/// pipeline has changed or it has failed too often, or parks its only chunk.
///
/// Every step is one conditional write. If another process was faster, there is nothing to do.
final class Planner {
  /// The number of attempts after which a plan is halved or its only chunk is parked.
  static final int MAX_ATTEMPTS = 3;

  private static final String NO_ERROR_REPORTED =
      "the function crashed, or ran out of time or memory";

  private final Pipeline pipeline;
  private final String digest;
  private final Ledger ledger;
  private final Bucket bucket;
  private final Layout layout;
  private final Clock clock;
  private final Supplier<UUID> ids;

  Planner(
      Pipeline pipeline,
      String digest,
      Ledger ledger,
      Bucket bucket,
      Clock clock,
      Supplier<UUID> ids) {
    this.pipeline = pipeline;
    this.digest = digest;
    this.ledger = ledger;
    this.bucket = bucket;
    this.layout = new Layout(pipeline.name());
    this.clock = clock;
    this.ids = ids;
  }

  /// The outcome of opening a plan.
  sealed interface Opening {}

  /// A plan to work on; its attempt is already counted.
  ///
  /// @param resumed whether an earlier attempt may have saved references
  record Opened(Plan plan, OpenPlan open, AttemptId attempt, boolean resumed) implements Opening {}

  /// The only chunk of the open plan was parked.
  record Parked(ParkedChunk chunk) implements Opening {}

  /// There is nothing to plan, or another process was faster.
  record Nothing() implements Opening {}

  /// The caller must read the head (`read`) first, and list the staged chunks (`staged`) after it.
  Opening open(Head read, List<StagedChunk> staged) {
    return read.open().isPresent() ? resume(read, read.open().get()) : seal(read, staged);
  }

  private Opening seal(Head head, List<StagedChunk> staged) {
    List<StagedChunk> chosen = choose(staged, head.maxChunks());
    if (chosen.isEmpty()) {
      return new Nothing();
    }
    Opened opened = write(head, chosen);
    return ledger.seal(head, opened.open) ? opened : new Nothing();
  }

  /// The oldest chunks that fit into one batch; at least one.
  private List<StagedChunk> choose(List<StagedChunk> staged, int most) {
    List<StagedChunk> chosen = new ArrayList<>();
    long messages = 0;
    long bytes = 0;
    for (StagedChunk chunk : staged) {
      messages += chunk.messages();
      bytes += chunk.bytes();
      boolean fits =
          messages <= pipeline.batch().maxMessages()
              && bytes <= pipeline.batch().maxBytes()
              && chosen.size() < most;
      if (!chosen.isEmpty() && !fits) {
        break;
      }
      chosen.add(chunk);
    }
    return chosen;
  }

  private Opened write(Head head, List<StagedChunk> chunks) {
    PlanId id = PlanId.of(ids.get());
    long sequence = head.sequence() + 1;
    SeenWindow window =
        new SeenWindow(
            ledger, layout, chunks, pipeline.remember(), head.sequence(), clock.instant());
    Plan plan =
        new Plan(
            id,
            pipeline.name(),
            sequence,
            digest,
            chunks,
            window.messages(),
            window.events(pipeline.remember()),
            window.cover(sequence, "messages"),
            window.cover(sequence, "events"));
    byte[] json = PlanJson.write(plan);
    ObjectKey key = layout.plan(id);
    if (bucket.putIfAbsent(key, json) == Bucket.Put.ALREADY_EXISTS) {
      throw new IllegalStateException(key + " already exists, although its UUID is random");
    }
    return new Opened(
        plan, new OpenPlan(id, key, Sha256.of(json), 1, ""), AttemptId.of(ids.get()), false);
  }

  private Opening resume(Head head, OpenPlan open) {
    Plan plan = read(open);
    if (!plan.digest().equals(digest)) {
      // Checked before the attempts, because the change may have fixed the failure.
      return reseal(head, plan, plan.chunks(), head.maxChunks());
    }
    if (open.attempts() >= MAX_ATTEMPTS) {
      return plan.chunks().size() > 1 ? halve(head, plan) : park(plan, open);
    }
    OpenPlan again =
        new OpenPlan(open.id(), open.key(), open.sha256(), open.attempts() + 1, open.error());
    AttemptId attempt = AttemptId.of(ids.get());
    return ledger.beginAttempt(again, attempt)
        ? new Opened(plan, again, attempt, true)
        : new Nothing();
  }

  private Plan read(OpenPlan open) {
    return PlanJson.read(open.key(), bucket.read(open.key(), open.sha256()));
  }

  private Opening halve(Head head, Plan plan) {
    int half = plan.chunks().size() / 2;
    return reseal(head, plan, plan.chunks().subList(0, half), half);
  }

  private Opening reseal(Head head, Plan old, List<StagedChunk> chunks, int maxChunks) {
    Opened opened = write(head, chunks);
    return ledger.reseal(old.id(), opened.open, maxChunks) ? opened : new Nothing();
  }

  private Opening park(Plan plan, OpenPlan open) {
    Instant now = clock.instant();
    String error = open.error().isEmpty() ? NO_ERROR_REPORTED : open.error();
    ParkedChunk chunk = new ParkedChunk(plan.chunks().getFirst(), now, error);
    return ledger.park(plan.id(), chunk) ? new Parked(chunk) : new Nothing();
  }
}
