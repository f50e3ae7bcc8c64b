package dev.sluice.simulation;

import dev.sluice.aws.Pause;
import dev.sluice.deadline.Deadline;
import dev.sluice.failure.DiskFull;
import dev.sluice.parallel.InParallel;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.Wire;
import dev.sluice.simulation.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/// One invocation of a function. It carries all calls of the function to AWS, and injects their
/// faults. After the function is killed it makes no calls, not even from `finally` blocks.
///
/// The concurrent calls of a function are interleaved as the scheduler chooses.
final class Invocation implements Wire {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  /// More than half of the timeout.
  private static final Duration SLOW = Duration.ofSeconds(46);

  /// No function makes nearly as many calls, not even with a persistent fault.
  private static final int MAX_CALLS = 1_000;

  private final Run run;
  private final String function;
  private final Runnable onKill;
  private boolean isKilled;
  private boolean isKilledDuringACall;
  private final Map<String, Call> calls = new HashMap<>();
  private Duration busy = Duration.ZERO;
  private Instant suspendedUntil = Instant.MIN;
  private Instant slowUntil = Instant.MIN;

  /// A call, with its fault.
  private static final class Call {
    private final Optional<Kind> fault;
    private int tries;

    Call(Optional<Kind> fault) {
      this.fault = fault;
    }
  }

  Invocation(Run run, String function) {
    this(run, function, () -> {});
  }

  /// @param onKill runs when the function is killed, before any of its `finally` blocks
  Invocation(Run run, String function, Runnable onKill) {
    this.run = run;
    this.function = function;
    this.onKill = onKill;
  }

  /// Runs `body` in this invocation.
  <T> T run(Supplier<T> body) {
    T result =
        ScopedValue.where(Wire.CURRENT, this)
            .where(InParallel.SCHEDULED, this::runConcurrently)
            .where(Pause.SIMULATED, this::pause)
            .call(body::get);
    if (isKilled) {
      // Only one of its concurrent calls failed with the kill.
      throw new FunctionKilled(function);
    }
    return result;
  }

  private void runConcurrently(List<Runnable> bodies) {
    run.scheduler.runConcurrently(
        bodies.stream()
            .map(body ->
                (Runnable)
                    () ->
                        run(() -> {
                          body.run();
                          return true;
                        }))
            .toList());
  }

  private void pause(Duration time) {
    run.scheduler.sleep(time);
    spend(time);
  }

  /// Adds to the time for which the function ran; suspensions and the calls of others do not count.
  private void spend(Duration time) {
    busy = busy.plus(time);
    if (busy.compareTo(TIMEOUT) > 0) {
      run.scheduler.stop("%s has not ended after %d s".formatted(function, TIMEOUT.toSeconds()));
    }
  }

  /// The time until the function is killed. Like [#spend], it does not count suspensions: the
  /// guarantee must not depend on clocks.
  Deadline deadline() {
    return run.defect.deadline(() -> TIMEOUT.minus(busy));
  }

  /// Waits for a slow service. Calls that wait at the same time take the time of one.
  ///
  /// The SDK's own timeouts would take real time. They end a call before the reserve.
  private void awaitSlowService() {
    Instant now = run.clock.instant();
    if (now.isBefore(slowUntil)) {
      run.scheduler.sleep(Duration.between(now, slowUntil));
      return;
    }
    Duration untilKilled = TIMEOUT.minus(busy);
    Duration untilCut = deadline().beforeReserve();
    Duration time = Collections.min(List.of(SLOW, untilKilled, untilCut));
    if (time.isPositive()) {
      slowUntil = now.plus(time);
      run.scheduler.sleep(time);
      spend(time);
    }
    if (time.equals(untilCut)) {
      throw ApiCallTimeoutException.create(time.toMillis());
    }
    if (time.equals(untilKilled)) {
      throw kill();
    }
  }

  @Override
  public Response send(Request sent) throws IOException {
    awaitTurn();
    Request request = run.defect.request(sent);
    Call call =
        calls.computeIfAbsent(
            request.invocation(), _ -> new Call(run.calls.next(function, request.operation())));
    if (calls.size() > MAX_CALLS) {
      run.scheduler.stop("%s has not ended after %d calls".formatted(function, MAX_CALLS));
    }
    call.tries++;
    return call.fault.isEmpty()
        ? reply(request, false)
        : faulty(call.fault.get(), request, call.tries == 1);
  }

  private void awaitTurn() {
    run.scheduler.pass();
    Instant now = run.clock.instant();
    if (now.isBefore(suspendedUntil)) {
      run.scheduler.sleep(Duration.between(now, suspendedUntil));
    }
    if (isKilled) {
      throw new FunctionKilled(function);
    }
  }

  /// Suspends the function, with all its concurrent calls.
  private void suspend(Kind kind) {
    Duration time = run.suspension(kind);
    suspendedUntil = run.clock.instant().plus(time);
    run.scheduler.sleep(time);
  }

  /// A response that the function receives.
  private Response reply(Request request, boolean isPartial) {
    Instant sent = run.clock.instant();
    Response response = run.answer(request, isPartial);
    spend(Duration.between(sent, run.clock.instant()));
    run.recordReply(request, response);
    return run.defect.response(request, response);
  }

  private Response faulty(Kind kind, Request request, boolean isFirst) throws IOException {
    return switch (kind) {
      case KILLED_BEFORE -> throw kill();
      case KILLED_AFTER -> {
        Response _ = run.answer(request, false);
        throw kill();
      }
      case KILLED_DURING ->
          run.answer(request, false)
              .cutShort(() -> {
                isKilledDuringACall = true;
                throw kill();
              });
      case FAILS_ONCE -> isFirst ? Response.failure(request, 500) : reply(request, false);
      case FAILS -> Response.failure(request, 500);
      case THROTTLED_ONCE -> isFirst ? Response.failure(request, 503) : reply(request, false);
      case THROTTLED -> Response.failure(request, 503);
      case REPLY_LOST_ONCE -> {
        if (isFirst) {
          Response _ = run.answer(request, false);
          throw new IOException("the connection was closed");
        }
        yield reply(request, false);
      }
      case REPLY_LOST -> {
        Response _ = run.answer(request, false);
        throw new IOException("the connection was closed");
      }
      case DELAYED_ONCE, DELAYED -> {
        if (isFirst) {
          run.answerLater(request);
        }
        if (isFirst || kind == Kind.DELAYED) {
          throw new IOException("timed out");
        }
        yield reply(request, false);
      }
      case PARTIAL_ONCE -> reply(request, isFirst);
      case PARTIAL -> reply(request, true);
      case TRUNCATED -> isFirst ? run.answer(request, false).cutShort() : reply(request, false);
      case DAMAGED -> {
        Response response = reply(request, false);
        yield response.status() == 200 && response.length() > 0 ? response.damaged() : response;
      }
      case SLOW -> {
        if (isFirst && (isDownloaded(request) || !request.operation().equals("s3 GetObject"))) {
          awaitSlowService();
        }
        yield reply(request, false);
      }
      case DISK_FULL -> {
        Response response = reply(request, false);
        yield isDownloaded(request)
            ? response.cutShort(() -> new IOException("No space left on device"))
            : response;
      }
      case HANGS -> {
        run.scheduler.sleep(TIMEOUT);
        throw kill();
      }
      case SUSPENDED_PAST_LEASE, SUSPENDED_FOR_HOURS -> {
        if (isFirst) {
          suspend(kind);
        }
        yield reply(request, false);
      }
    };
  }

  /// Whether the object is written to the disk; the others are read into memory.
  private static boolean isDownloaded(Request request) {
    String path = request.http().encodedPath();
    return path.contains("/raw/") || path.contains("/seen/") || path.contains("/references/");
  }

  /// Whether it was killed while it read a response: the disk may have a part of an object.
  boolean wasKilledDuringACall() {
    return isKilledDuringACall;
  }

  private FunctionKilled kill() {
    isKilled = true;
    onKill.run();
    return new FunctionKilled(function);
  }

  /// Runs the engine, and injects the fault of that run.
  ///
  /// @param removeHalf removes half of what the engine has written
  <T> T runEngine(Supplier<T> engine, Consumer<T> removeHalf) {
    awaitTurn();
    Optional<Kind> kind = run.calls.next(function, Fault.ENGINE);
    if (kind.isEmpty()) {
      return engine.get();
    }
    return switch (kind.get()) {
      case KILLED_BEFORE -> throw kill();
      case KILLED_AFTER -> {
        T _ = engine.get();
        throw kill();
      }
      case PARTIAL -> {
        removeHalf.accept(engine.get());
        throw kill();
      }
      case DISK_FULL -> throw new DiskFull("the engine has no space left");
      case HANGS -> {
        run.scheduler.sleep(TIMEOUT);
        throw kill();
      }
      case SUSPENDED_PAST_LEASE, SUSPENDED_FOR_HOURS -> {
        suspend(kind.get());
        yield engine.get();
      }
      case KILLED_DURING,
          PARTIAL_ONCE,
          FAILS_ONCE,
          FAILS,
          THROTTLED_ONCE,
          THROTTLED,
          REPLY_LOST_ONCE,
          REPLY_LOST,
          DELAYED_ONCE,
          DELAYED,
          TRUNCATED,
          SLOW,
          DAMAGED ->
          throw new IllegalStateException(kind.get() + " does not apply to the engine");
    };
  }
}
