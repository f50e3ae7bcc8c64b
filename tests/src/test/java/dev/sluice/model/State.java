package dev.sluice.model;

/// The state of the model: the queue, the ledger, the bucket, and the memory of each process. Sets
/// are ints (see [IntSets]). Chunks and plans are identified by their slot, which [CanonicalForm]
/// frees when it is no longer referenced.
final class State {
  /// The maximum number of plans: the open plan, and one for each tick. During a step there may be
  /// one more.
  private static final int MAX_PLANS = 3;

  static final int PLANS = MAX_PLANS + 1;

  /// Whether a message is in the queue.
  enum Queued {
    UNSENT,
    WAITING,
    DELETED;
    static final Queued[] ALL = values();
  }

  /// A message, and what was received and loaded by the batches that were committed after it was
  /// sent.
  static final class Message {
    Queued queued = Queued.UNSENT;
    int receivedSince;
    int loadedSince;
  }

  /// A lane of Extract, see [ExtractSteps].
  static final class Lane {
    ExtractSteps.Step step = ExtractSteps.Step.IDLE;
    int chunk;
    int toDelete;
  }

  /// Transform and Load of a tick, see [TransformSteps].
  static final class Tick {
    TransformSteps.Step step = TransformSteps.Step.IDLE;
    int readSequence;
    int readCleared;
    int listed;
    int plan;
    boolean digest;
    boolean reference;
    int publishes;
  }

  /// `plan.json`, and the references that are saved with it.
  static final class Plan {
    int chunks;
    int sequence;
    boolean digest;
    int seenMessages;
    int seenEvents;
    boolean saved;
    boolean reference;

    boolean exists() {
      return chunks != 0;
    }
  }

  /// No plan; slots begin at 1.
  static final int NONE = 0;

  final Scenario scenario;
  final Message[] messages = new Message[Scenario.MAX];
  final Lane[] lanes = {new Lane(), new Lane()};
  final Tick[] ticks = {new Tick(), new Tick()};
  final Plan[] plans = new Plan[PLANS];

  // The messages of each chunk, and the sets of chunks.
  final int[] chunks = new int[Scenario.MAX];
  int staged;
  int parked;
  int inBatches;

  // head
  int sequence;
  int published;
  int cleared;
  int open;
  int attempts;
  int maxChunks;
  int parkings;

  // The last batch, and which parts of it are published.
  boolean batchDigest;
  boolean batchReference;
  int filesCopied;
  boolean receipt;
  boolean workGone;

  // The events in all seen files that are still remembered.
  int seenEvents;

  /// Whether a lane has staged a chunk, and no execution has started since. Only used without the
  /// rule that earlier work starts one.
  boolean due;

  // The environment.
  boolean digest;
  boolean reference;

  // The history, which is not visible to any process.
  int received;
  int loaded;
  boolean unreceipted;
  boolean sharedWorkDigest;

  /// The violation that the last step caused, or empty. It ends the search.
  String violation = "";

  State(Scenario scenario) {
    this.scenario = scenario;
    this.maxChunks = scenario.perPlan();
    for (int m = 0; m < messages.length; m++) {
      messages[m] = new Message();
    }
    for (int p = 0; p < plans.length; p++) {
      plans[p] = new Plan();
    }
  }

  static State of(Scenario scenario, long[] packed) {
    State state = new State(scenario);
    state.fields(PackedFields.read(packed));
    return state;
  }

  void pack(long[] into) {
    fields(PackedFields.write(into));
  }

  State copy() {
    long[] packed = new long[PackedFields.WORDS];
    pack(packed);
    return of(scenario, packed);
  }

  private void fields(PackedFields bits) {
    for (int m = 0; m < scenario.messages(); m++) {
      Message message = messages[m];
      message.queued = bits.of(message.queued, Queued.ALL, 2);
      message.receivedSince = bits.of(message.receivedSince, 3);
      message.loadedSince = bits.of(message.loadedSince, 3);
    }
    for (int i = 0; i < scenario.lanes(); i++) {
      Lane lane = lanes[i];
      lane.step = bits.of(lane.step, ExtractSteps.Step.ALL, 3);
      lane.chunk = bits.of(lane.chunk, 2);
      lane.toDelete = bits.of(lane.toDelete, 3);
    }
    for (int i = 0; i < scenario.ticks(); i++) {
      Tick tick = ticks[i];
      tick.step = bits.of(tick.step, TransformSteps.Step.ALL, 5);
      tick.readSequence = bits.of(tick.readSequence, 2);
      tick.readCleared = bits.of(tick.readCleared, 2);
      tick.listed = bits.of(tick.listed, 3);
      tick.plan = bits.of(tick.plan, 3);
      tick.digest = bits.of(tick.digest);
      tick.reference = bits.of(tick.reference);
      tick.publishes = bits.of(tick.publishes, 2);
    }
    for (int p = 0; p < MAX_PLANS; p++) {
      Plan plan = plans[p];
      plan.chunks = bits.of(plan.chunks, 3);
      plan.sequence = bits.of(plan.sequence, 2);
      plan.digest = bits.of(plan.digest);
      plan.seenMessages = bits.of(plan.seenMessages, 3);
      plan.seenEvents = bits.of(plan.seenEvents, 3);
      plan.saved = bits.of(plan.saved);
      plan.reference = bits.of(plan.reference);
    }
    for (int c = 0; c < chunks.length; c++) {
      chunks[c] = bits.of(chunks[c], 3);
    }
    staged = bits.of(staged, 3);
    parked = bits.of(parked, 3);
    inBatches = bits.of(inBatches, 3);
    sequence = bits.of(sequence, 2);
    published = bits.of(published, 2);
    cleared = bits.of(cleared, 2);
    open = bits.of(open, 3);
    attempts = bits.of(attempts, 2);
    maxChunks = bits.of(maxChunks, 2);
    parkings = bits.of(parkings, 2);
    batchDigest = bits.of(batchDigest);
    batchReference = bits.of(batchReference);
    filesCopied = bits.of(filesCopied, 2);
    receipt = bits.of(receipt);
    workGone = bits.of(workGone);
    seenEvents = bits.of(seenEvents, 3);
    due = bits.of(due);
    digest = bits.of(digest);
    reference = bits.of(reference);
    received = bits.of(received, 3);
    loaded = bits.of(loaded, 3);
    unreceipted = bits.of(unreceipted);
    sharedWorkDigest = bits.of(sharedWorkDigest);
  }

  /// The messages of a set of chunks.
  int content(int set) {
    int content = 0;
    for (int c = 0; c < chunks.length; c++) {
      content |= IntSets.has(set, c) ? chunks[c] : 0;
    }
    return content;
  }

  Plan plan(int slot) {
    return plans[slot - 1];
  }

  int freePlan() {
    for (int slot = 1; slot <= plans.length; slot++) {
      if (!plan(slot).exists()) {
        return slot;
      }
    }
    throw new IllegalStateException("more plans than the head and the processes can refer to");
  }
}
