package dev.sluice.simulation;

import dev.sluice.parallel.InParallel;
import dev.sluice.simulatedaws.Request;
import dev.sluice.simulatedaws.Response;
import dev.sluice.simulatedaws.Wire;
import dev.sluice.simulation.Fault.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One invocation of a function. It carries all calls of the function to AWS, and injects their
/// faults. After the function is killed it makes no calls, not even from `finally` blocks.
final class Invocation implements Wire {
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final Run run;
  private final String function;
  private final Runnable onKill;
  private boolean isKilled;
  private String call = "";
  private Optional<Kind> fault = Optional.empty();
  private int tries;

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
    return ScopedValue.where(Wire.CURRENT, this).where(InParallel.ONE_BY_ONE, true).call(body::get);
  }

  @Override
  public Response send(Request sent) throws IOException {
    run.scheduler.pass();
    if (isKilled) {
      throw new FunctionKilled(function);
    }
    Request request = run.defect.request(sent);
    if (!request.invocation().equals(call)) {
      call = request.invocation();
      tries = 0;
      fault = run.calls.next(function, request.operation());
    }
    tries++;
    return fault.isEmpty() ? reply(request, false) : faulty(fault.get(), request);
  }

  /// A response that the function receives.
  private Response reply(Request request, boolean isPartial) {
    Response response = run.answer(request, isPartial);
    run.recordReply(request, response);
    return run.defect.response(request, response);
  }

  private Response faulty(Kind kind, Request request) throws IOException {
    boolean isFirst = tries == 1;
    return switch (kind) {
      case KILLED_BEFORE -> throw kill();
      case KILLED_AFTER -> {
        Response _ = run.answer(request, false);
        throw kill();
      }
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
      case PARTIAL -> reply(request, isFirst);
      case TRUNCATED -> isFirst ? run.answer(request, false).cutShort() : reply(request, false);
      case HANGS -> {
        run.scheduler.sleep(TIMEOUT);
        throw kill();
      }
      case SUSPENDED_PAST_LEASE, SUSPENDED_FOR_HOURS -> {
        if (isFirst) {
          run.scheduler.sleep(run.suspension(kind));
        }
        yield reply(request, false);
      }
    };
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
    run.scheduler.pass();
    if (isKilled) {
      throw new FunctionKilled(function);
    }
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
      case HANGS -> {
        run.scheduler.sleep(TIMEOUT);
        throw kill();
      }
      case SUSPENDED_PAST_LEASE, SUSPENDED_FOR_HOURS -> {
        run.scheduler.sleep(run.suspension(kind.get()));
        yield engine.get();
      }
      case FAILS_ONCE,
          FAILS,
          THROTTLED_ONCE,
          THROTTLED,
          REPLY_LOST_ONCE,
          REPLY_LOST,
          DELAYED_ONCE,
          DELAYED,
          TRUNCATED ->
          throw new IllegalStateException(kind.get() + " does not apply to the engine");
    };
  }
}
