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

/// One invocation of a function: every call it makes passes here, and some go wrong. Once it is
/// dead, it makes no call any more, so that not even a `finally` block leaves a trace.
final class Invocation implements Wire {
  /// After so long the platform kills a function.
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final Run run;
  private final String name;
  private final Runnable dies;
  private boolean dead;
  private String call = "";
  private Optional<Kind> fault = Optional.empty();
  private int tries;

  Invocation(Run run, String name) {
    this(run, name, () -> {});
  }

  /// @param dies is told at once, before any `finally` runs
  Invocation(Run run, String name, Runnable dies) {
    this.run = run;
    this.name = name;
    this.dies = dies;
  }

  /// Runs `body` as this invocation.
  <T> T run(Supplier<T> body) {
    return ScopedValue.where(Wire.CURRENT, this).where(InParallel.ONE_BY_ONE, true).call(body::get);
  }

  @Override
  public Response send(Request sent) throws IOException {
    run.turns.pass();
    if (dead) {
      throw new FunctionKilled(name);
    }
    Request request = run.bug.request(sent);
    if (!request.invocation().equals(call)) {
      call = request.invocation();
      tries = 0;
      fault = run.calls.next(name, request.operation());
    }
    tries++;
    return fault.isEmpty() ? answer(request, false) : broken(fault.get(), request);
  }

  /// An answer that the function hears.
  private Response answer(Request request, boolean grudging) {
    Response response = run.answer(request, grudging);
    run.answered(request, response);
    return run.bug.response(request, response);
  }

  private Response broken(Kind kind, Request request) throws IOException {
    boolean first = tries == 1;
    return switch (kind) {
      case DIES_BEFORE -> throw die();
      case DIES_AFTER -> {
        Response _ = run.answer(request, false);
        throw die();
      }
      case FAILS_ONCE -> first ? failing(request, 500) : answer(request, false);
      case FAILS -> failing(request, 500);
      case THROTTLED_ONCE -> first ? failing(request, 503) : answer(request, false);
      case THROTTLED -> failing(request, 503);
      case LOSES_REPLY_ONCE -> {
        if (first) {
          Response _ = run.answer(request, false);
          throw new IOException("the connection broke");
        }
        yield answer(request, false);
      }
      case LOSES_REPLY -> {
        Response _ = run.answer(request, false);
        throw new IOException("the connection broke");
      }
      case LANDS_LATE_ONCE, LANDS_LATE -> {
        if (first) {
          run.later(request);
        }
        if (first || kind == Kind.LANDS_LATE) {
          throw new IOException("timed out");
        }
        yield answer(request, false);
      }
      case PARTIAL -> answer(request, first);
      case CUT_SHORT -> first ? run.answer(request, false).cutShort() : answer(request, false);
      case STALLS -> {
        run.turns.sleep(TIMEOUT);
        throw die();
      }
      case WAKES_LATE, OVERSLEEPS -> {
        if (first) {
          run.turns.sleep(run.nap(kind));
        }
        yield answer(request, false);
      }
    };
  }

  private static Response failing(Request request, int status) {
    return Response.failure(request, status);
  }

  private FunctionKilled die() {
    dead = true;
    dies.run();
    return new FunctionKilled(name);
  }

  /// Work that is no call to AWS, and of which a function can die as well.
  ///
  /// @param undoHalf leaves half of what the work has done
  <T> T work(Supplier<T> work, Consumer<T> undoHalf) {
    run.turns.pass();
    if (dead) {
      throw new FunctionKilled(name);
    }
    Optional<Kind> kind = run.calls.next(name, Fault.ENGINE);
    if (kind.isEmpty()) {
      return work.get();
    }
    return switch (kind.get()) {
      case DIES_AFTER -> {
        T _ = work.get();
        throw die();
      }
      case PARTIAL -> {
        undoHalf.accept(work.get());
        throw die();
      }
      case STALLS -> {
        run.turns.sleep(TIMEOUT);
        throw die();
      }
      case WAKES_LATE, OVERSLEEPS -> {
        run.turns.sleep(run.nap(kind.get()));
        yield work.get();
      }
      case DIES_BEFORE -> throw die();
      default -> throw new IllegalStateException("no work goes wrong by " + kind.get());
    };
  }
}
