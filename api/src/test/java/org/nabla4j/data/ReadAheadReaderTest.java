package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.DoubleAdder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The thread that reads ahead: its memory, its end, its failures. */
@Timeout(60)
class ReadAheadReaderTest {

  private static final int FULL = RowReader.blockRows(1);
  private static final List<Rows.Field> X = List.of(new Rows.Field("x", Rows.Kind.NUMBER));

  /** Gives full blocks in which row i of the table is i, and counts them. */
  private static class Counting implements Iterator<double[][]> {
    final AtomicInteger given = new AtomicInteger();
    final int blocks;

    Counting(int blocks) {
      this.blocks = blocks;
    }

    @Override
    public boolean hasNext() {
      return given.get() < blocks;
    }

    @Override
    public double[][] next() {
      double[] x = new double[FULL];
      long first = (long) FULL * given.getAndIncrement();
      for (int i = 0; i < FULL; i++) {
        x[i] = first + i;
      }
      return new double[][] {x};
    }
  }

  private static ReadAheadReader read(Iterator<double[][]> blocks) {
    return (ReadAheadReader) Tables.blocks(X, blocks).read(List.of("x"), List.of());
  }

  private static Set<Thread> readers() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> !thread.getName().equals("nabla4j-rows"));
    return threads;
  }

  @Test
  void releasedBlocksAreFilledAgain() {
    try (ReadAheadReader reader = read(new Counting(200))) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        assertEquals((double) block.firstRow(), block.arrayOrNull(0)[0]);
        block.release();
      }
      assertTrue(reader.made() <= ReadAheadReader.AHEAD + 2, () -> reader.made() + " blocks");
    }
  }

  @Test
  void readingStaysAFewBlocksAhead() throws InterruptedException {
    Counting source = new Counting(1000);
    try (ReadAheadReader reader = read(source)) {
      for (int returned = 1; returned <= 5; returned++) {
        reader.next().release();
        Thread.sleep(50);
        assertTrue(source.given.get() <= returned + ReadAheadReader.AHEAD + 1);
      }
    }
  }

  @Test
  void whoKeepsBlocksIsNotWaitedFor() {
    List<RowBlock> kept = new ArrayList<>();
    try (ReadAheadReader reader = read(new Counting(40))) {
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        kept.add(block);
      }
      assertEquals(40, kept.size());
      for (int k = 0; k < 40; k++) {
        double[] last = new double[1];
        kept.get(k).read(0, FULL - 1, 1, last, 0);
        assertEquals((k + 1.0) * FULL - 1, last[0]);
        assertEquals((long) k * FULL, kept.get(k).firstRow());
      }
      assertTrue(reader.made() <= 40 + ReadAheadReader.AHEAD + 1);
    }
  }

  @Test
  void releasingTwiceHasNoEffect() {
    try (ReadAheadReader reader = read(new Counting(50))) {
      RowBlock first = reader.next();
      first.release();
      first.release();
      Set<RowBlock> held = new HashSet<>();
      for (int k = 0; k < 10; k++) {
        assertTrue(held.add(reader.next()), "the same block twice");
      }
    }
  }

  @Test
  void blocksAreReadByManyThreads() throws Exception {
    int blocks = 300;
    DoubleAdder sum = new DoubleAdder();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try (ReadAheadReader reader = read(new Counting(blocks))) {
      List<Future<?>> work = new ArrayList<>();
      for (RowBlock block = reader.next(); block != null; block = reader.next()) {
        RowBlock taken = block;
        CountDownLatch halves = new CountDownLatch(2);
        for (int half = 0; half < 2; half++) {
          int from = half * (FULL / 2);
          work.add(
              pool.submit(
                  () -> {
                    double[] x = new double[FULL / 2];
                    taken.read(0, from, FULL / 2, x, 0);
                    double total = 0;
                    for (double value : x) {
                      total += value;
                    }
                    sum.add(total);
                    halves.countDown();
                    if (halves.getCount() == 0) {
                      taken.release();
                    }
                  }));
        }
      }
      for (Future<?> future : work) {
        future.get();
      }
    } finally {
      pool.shutdown();
      assertTrue(pool.awaitTermination(10, TimeUnit.SECONDS));
    }
    double rows = (double) blocks * FULL;
    assertEquals(rows * (rows - 1) / 2, sum.sum());
  }

  @Test
  void closingInTheMiddleEndsTheThread() {
    Set<Thread> before = readers();
    for (int taken = 0; taken < 5; taken++) {
      ReadAheadReader reader = read(new Counting(1000));
      for (int k = 0; k < taken; k++) {
        assertNotNull(reader.next());
      }
      Set<Thread> mine = readers();
      mine.removeAll(before);
      reader.close();
      for (Thread thread : mine) {
        assertTrue(thread.isDaemon());
        assertFalse(thread.isAlive());
      }
      assertThrows(IllegalStateException.class, reader::next);
    }
  }

  @Test
  void theThreadEndsWithTheRows() throws InterruptedException {
    Set<Thread> before = readers();
    try (ReadAheadReader reader = read(new Counting(1))) {
      Set<Thread> mine = readers();
      mine.removeAll(before);
      assertNotNull(reader.next());
      assertNull(reader.next());
      for (Thread thread : mine) {
        thread.join(10_000);
        assertFalse(thread.isAlive());
      }
    }
  }

  /** Waits for what never comes. */
  @Test
  void closingDoesNotWaitForASourceThatWaits() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Iterator<double[][]> waiting =
        new Counting(Integer.MAX_VALUE) {
          @Override
          public double[][] next() {
            entered.countDown();
            try {
              never.await();
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw new IllegalStateException(e);
            }
            return super.next();
          }
        };
    RowReader reader = read(waiting);
    entered.await();
    long begin = System.nanoTime();
    reader.close();
    assertEquals(0, interrupted.getCount());
    assertTrue(System.nanoTime() - begin < 10_000_000_000L);
  }

  /** A source that cannot be stopped is left to its thread, which closes it when it goes on. */
  @Test
  void closingReturnsWhereTheSourceDoesNot() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    class Deaf extends Counting implements AutoCloseable {
      Deaf() {
        super(10);
      }

      @Override
      public double[][] next() {
        entered.countDown();
        while (goOn.getCount() > 0) {
          try {
            goOn.await();
          } catch (InterruptedException e) {
            // Goes on waiting: this is the test.
            assertNotNull(e);
          }
        }
        return super.next();
      }

      @Override
      public void close() {
        closed.countDown();
      }
    }
    ReadAheadReader reader = read(new Deaf());
    entered.await();
    reader.close();
    assertEquals(1, closed.getCount());
    goOn.countDown();
    assertTrue(closed.await(10, TimeUnit.SECONDS));
  }

  @Test
  void anInterruptedCallerIsTold() {
    CountDownLatch never = new CountDownLatch(1);
    Iterator<double[][]> waiting =
        new Counting(10) {
          @Override
          public boolean hasNext() {
            try {
              never.await();
            } catch (InterruptedException e) {
              return false;
            }
            return true;
          }
        };
    try (ReadAheadReader reader = read(waiting)) {
      Thread.currentThread().interrupt();
      RowException told = assertThrows(RowException.class, reader::next);
      assertEquals("reading the blocks was interrupted", told.getMessage());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void errorsOfTheMachineComeOutAsTheyAre() {
    Error thrown = new StackOverflowError("deep");
    Iterator<double[][]> failing =
        new Counting(10) {
          @Override
          public double[][] next() {
            throw thrown;
          }
        };
    try (ReadAheadReader reader = read(failing)) {
      assertSame(thrown, assertThrows(StackOverflowError.class, reader::next));
    }
  }

  @Test
  void readersOfOneTableAreIndependent() {
    Rows rows = Tables.blocks(X, () -> new Counting(6));
    try (RowReader first = rows.read(List.of("x"), List.of());
        RowReader second = rows.read(List.of("x"), List.of())) {
      RowBlock a = first.next();
      RowBlock b = second.next();
      assertNotSame(a, b);
      assertEquals(0, b.firstRow());
      assertEquals(FULL, first.next().firstRow());
      assertEquals(FULL, second.next().firstRow());
    }
  }
}
