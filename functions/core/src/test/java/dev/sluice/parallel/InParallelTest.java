package dev.sluice.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
final class InParallelTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 8, 9, 100})
  void mapsEachItemAndKeepsTheOrder(int count) throws Exception {
    List<Integer> items = IntStream.range(0, count).boxed().toList();
    List<String> expected = items.stream().map(String::valueOf).toList();

    assertThat(InParallel.map(items, String::valueOf)).isEqualTo(expected);
    assertThat(oneByOne(items)).isEqualTo(expected);
  }

  @Test
  void runsEightCallsAtTheSameTime() {
    CyclicBarrier eight = new CyclicBarrier(8);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    InParallel.map(
        IntStream.range(0, 64).boxed().toList(),
        _ -> {
          most.accumulateAndGet(running.incrementAndGet(), Math::max);
          int place = await(eight);
          running.decrementAndGet();
          return place;
        });

    assertThat(most).hasValue(8);
  }

  @Test
  void oneItemRunsInTheCallersThread() {
    assertThat(InParallel.map(List.of(1), _ -> Thread.currentThread()))
        .containsExactly(Thread.currentThread());
  }

  @Test
  void oneByOneRunsInTheCallersThread() throws Exception {
    List<Thread> threads =
        ScopedValue.where(InParallel.ONE_BY_ONE, true)
            .call(() -> InParallel.map(List.of(1, 2), _ -> Thread.currentThread()));

    assertThat(threads).containsOnly(Thread.currentThread());
  }

  @Test
  void throwsTheFirstFailureAfterAllCalls() {
    List<Integer> called = new ArrayList<>();
    IllegalArgumentException first = new IllegalArgumentException("2");

    assertThatThrownBy(() ->
            InParallel.map(
                List.of(1, 2, 3, 4),
                item -> {
                  synchronized (called) {
                    called.add(item);
                  }
                  if (item == 2) {
                    throw first;
                  }
                  if (item == 3) {
                    throw new IllegalStateException("3");
                  }
                  return item;
                }))
        .isSameAs(first);
    assertThat(called).containsExactlyInAnyOrder(1, 2, 3, 4);
  }

  @Test
  void throwsAnErrorAsItIs() {
    AssertionError error = new AssertionError("broken");

    assertThatThrownBy(() ->
            InParallel.map(
                List.of(1, 2),
                _ -> {
                  throw error;
                }))
        .isSameAs(error);
  }

  @Test
  void anInterruptedCallerStopsAndStaysInterrupted() {
    CountDownLatch never = new CountDownLatch(1);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() ->
            InParallel.map(
                IntStream.range(0, 100).boxed().toList(),
                item -> {
                  try {
                    never.await();
                  } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                  }
                  return item;
                }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  private static List<String> oneByOne(List<Integer> items) throws Exception {
    return ScopedValue.where(InParallel.ONE_BY_ONE, true)
        .call(() -> InParallel.map(items, String::valueOf));
  }

  private static int await(CyclicBarrier barrier) {
    try {
      return barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception alone) {
      throw new IllegalStateException(alone);
    }
  }
}
