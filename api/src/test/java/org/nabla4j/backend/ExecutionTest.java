package org.nabla4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Workers run once each, whatever the pool does. */
@Timeout(60)
class ExecutionTest {

  private static void assertRunsAll(Execution execution, int workers) {
    AtomicIntegerArray runs = new AtomicIntegerArray(workers);
    execution.run(workers, runs::incrementAndGet);
    for (int i = 0; i < workers; i++) {
      assertEquals(1, runs.get(i), "worker " + i);
    }
  }

  @Test
  void everyWorkerRunsOnce() {
    for (int workers : new int[] {1, 2, 3, 8}) {
      assertRunsAll(Execution.defaults().withParallelism(8), workers);
    }
  }

  @Test
  void aNumberOfProcessorsThatHasFallenIsNoFault() {
    assertRunsAll(Execution.defaults(), Runtime.getRuntime().availableProcessors() + 2);
  }

  @Test
  void refusingPoolsLeaveTheWorkToTheCaller() {
    Execution refused =
        Execution.defaults()
            .withExecutor(
                task -> {
                  throw new RejectedExecutionException("full");
                },
                4);
    assertRunsAll(refused, 4);
  }

  @Test
  void idlePoolsLeaveTheWorkToTheCaller() {
    assertRunsAll(Execution.defaults().withExecutor(task -> {}, 4), 4);
  }

  @Test
  void ownPoolsAreUsed() {
    AtomicInteger submitted = new AtomicInteger();
    assertRunsAll(
        Execution.defaults()
            .withExecutor(
                task -> {
                  submitted.incrementAndGet();
                  task.run();
                },
                3),
        3);
    assertEquals(2, submitted.get());
  }

  @Test
  void nestedUseOfThePoolEnds() {
    Execution execution = Execution.defaults().withParallelism(4);
    AtomicInteger inner = new AtomicInteger();
    execution.run(4, i -> execution.run(4, j -> inner.incrementAndGet()));
    assertEquals(16, inner.get());
  }

  @Test
  void failuresReachTheCallerAfterAllHaveEnded() {
    Execution execution = Execution.defaults().withParallelism(4);
    AtomicInteger ended = new AtomicInteger();
    for (int failing = 0; failing < 4; failing++) {
      int index = failing;
      ended.set(0);
      IllegalStateException e =
          assertThrows(
              IllegalStateException.class,
              () ->
                  execution.run(
                      4,
                      i -> {
                        ended.incrementAndGet();
                        if (i == index) {
                          throw new IllegalStateException("worker " + i);
                        }
                      }));
      assertEquals("worker " + index, e.getMessage());
      assertEquals(4, ended.get());
    }
  }

  @Test
  void interruptionIsKept() {
    Thread.currentThread().interrupt();
    assertRunsAll(Execution.defaults().withParallelism(3), 3);
    assertTrue(Thread.interrupted());
  }

  @Test
  void settingsAreCopied() {
    Execution defaults = Execution.defaults();
    Cancellation token = new Cancellation();
    Execution changed =
        defaults
            .withParallelism(3)
            .withCancellation(token)
            .withKernel(KernelPreference.SCALAR)
            .withListener((done, total) -> {});
    assertEquals(3, changed.parallelism());
    assertSame(token, changed.cancellation());
    assertEquals(KernelPreference.SCALAR, changed.kernel());
    assertEquals(KernelPreference.AUTO, defaults.kernel());
    assertEquals(Runtime.getRuntime().availableProcessors(), defaults.parallelism());
    assertFalse(token.isCancelled());
    token.cancel();
    assertTrue(changed.cancellation().isCancelled());
    assertFalse(defaults.cancellation().isCancelled());
  }

  @Test
  void numbersOfThreadsAreChecked() {
    assertEquals(
        "threads = 0, expected > 0",
        assertThrows(IllegalArgumentException.class, () -> Execution.defaults().withParallelism(0))
            .getMessage());
    assertEquals(
        "workers = 3, expected 1 to parallelism = 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> Execution.defaults().withParallelism(2).run(3, i -> {}))
            .getMessage());
  }
}
