package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tables that an iterator gives block by block. */
class BlockRowsTest {

  private static final List<Rows.Field> FIELDS =
      List.of(
          new Rows.Field("a", Rows.Kind.NUMBER),
          new Rows.Field("b", Rows.Kind.NUMBER),
          new Rows.Field("group", Rows.Kind.NUMBER),
          new Rows.Field("kind", Rows.Kind.TEXT));

  private static final List<Rows.Field> X = List.of(new Rows.Field("x", Rows.Kind.NUMBER));

  /** The common table in blocks of several sizes, some of them empty. */
  private static List<Object[]> commonBlocks(int rows, int... sizes) {
    List<Object[]> blocks = new ArrayList<>();
    int from = 0;
    for (int k = 0; from < rows; k++) {
      int to = Math.min(rows, from + sizes[k % sizes.length]);
      blocks.add(
          new Object[] {
            Arrays.copyOfRange(RowsContract.numbers(0, rows), from, to),
            Arrays.copyOfRange(RowsContract.numbers(1, rows), from, to),
            Arrays.copyOfRange(RowsContract.groups(rows), from, to),
            Arrays.copyOfRange(RowsContract.texts(rows), from, to)
          });
      from = to;
    }
    return blocks;
  }

  @Test
  void theCommonTableInBlocksOfEverySize() {
    for (int rows : new int[] {0, 1, 16_384, 33_545}) {
      for (int[] sizes : new int[][] {{100_000}, {16_384}, {0, 1, 7000, 20_000, 3}, {999}}) {
        List<Object[]> blocks = commonBlocks(rows, sizes);
        RowsContract.assertCommonTable(rows, Tables.blocks(FIELDS, blocks::iterator));
        RowsContract.assertCommonTable(rows, Tables.blocks(FIELDS, blocks.iterator()));
      }
    }
  }

  @Test
  void matricesAndArraysOfEveryType() {
    List<Rows.Field> two =
        List.of(new Rows.Field("x", Rows.Kind.NUMBER), new Rows.Field("y", Rows.Kind.NUMBER));
    List<double[][]> doubles = List.of(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5}, {6}});
    Rows rows = Tables.blocks(two, doubles::iterator);
    assertArrayEquals(new double[] {1, 2, 5}, RowsContract.numbers(rows, "x"));
    assertArrayEquals(new double[] {3, 4, 6}, RowsContract.numbers(rows, "y"));
    List<Object[]> mixed =
        List.of(
            new Object[] {new float[] {1, 2}, new int[] {3, 4}},
            new Object[] {new int[] {5}, new long[] {1L << 53 | 1}});
    rows = Tables.blocks(two, mixed::iterator);
    assertArrayEquals(new double[] {1, 2, 5}, RowsContract.numbers(rows, "x"));
    assertArrayEquals(new double[] {3, 4, 0x1p53}, RowsContract.numbers(rows, "y"));
    assertEquals(
        List.of("3", "4", "9007199254740993"),
        RowsContract.contents(rows, List.of(), List.of("y")).levels().get(1));
  }

  /** An iterator may fill the same arrays again. */
  @Test
  void arraysAreCopied() {
    double[][] same = {new double[1000]};
    Iterator<double[][]> counting =
        new Iterator<>() {
          private int block;

          @Override
          public boolean hasNext() {
            return block < 50;
          }

          @Override
          public double[][] next() {
            Arrays.setAll(same[0], i -> block * 1000 + i);
            block++;
            return same;
          }
        };
    double[] x = RowsContract.numbers(Tables.blocks(X, counting), "x");
    assertEquals(50_000, x.length);
    for (int i = 0; i < x.length; i++) {
      assertEquals(i, x[i]);
    }
  }

  private static void assertRefused(List<? extends Object[]> blocks, String expected) {
    List<Rows.Field> fields = List.of(FIELDS.get(0), FIELDS.get(3));
    RowException wrong =
        assertThrows(
            RowException.class,
            () -> RowsContract.numbers(Tables.blocks(fields, blocks::iterator), "a"));
    assertEquals(expected, wrong.getMessage());
  }

  @Test
  void wrongBlocks() {
    Object[] good = {new double[2], new String[2]};
    assertRefused(
        List.of(good, new Object[] {new double[2]}),
        "the blocks, block 2: 1 columns, expected 2 arrays");
    assertRefused(
        List.of(good, new Object[] {new double[2], new String[1]}),
        "the blocks, block 2: column 'kind' has 1 rows, expected 2 as in 'a'");
    assertRefused(
        List.of(good, new double[2][2]),
        "the blocks, block 2: column 'kind' is double[], expected String[]");
    assertRefused(
        List.<Object[]>of(new Object[] {"a", new String[1]}),
        "the blocks, block 1: column 'a' is String, expected double[], float[], int[] or long[]");
    assertRefused(
        List.<Object[]>of(new Object[] {null, new String[1]}),
        "the blocks, block 1: column 'a' is null, expected double[], float[], int[] or long[]");
    assertRefused(Arrays.asList(good, null), "the blocks, block 2: null, expected 2 arrays");
  }

  @Test
  void iteratorsThatFail() {
    Iterator<double[][]> failing =
        new Iterator<>() {
          private int left = 2;

          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public double[][] next() {
            if (left-- == 0) {
              throw new NoSuchElementException("the tape is torn");
            }
            return new double[1][RowReader.blockRows(1)];
          }
        };
    try (RowReader reader = Tables.blocks(X, failing).read(List.of("x"), List.of())) {
      reader.next().release();
      reader.next().release();
      RowException wrong = assertThrows(RowException.class, reader::next);
      assertEquals("the blocks: no more blocks after 2: the tape is torn", wrong.getMessage());
      assertTrue(wrong.getCause() instanceof NoSuchElementException);
    }
  }

  /** Gives blocks until it is closed. */
  private static final class Closing implements Iterator<double[][]>, AutoCloseable {
    private final AtomicInteger closed = new AtomicInteger();

    @Override
    public boolean hasNext() {
      return true;
    }

    @Override
    public double[][] next() {
      return new double[1][1000];
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @Test
  void iteratorsAreClosed() {
    Closing blocks = new Closing();
    RowReader reader = Tables.blocks(X, blocks).read(List.of("x"), List.of());
    reader.next();
    reader.close();
    reader.close();
    assertEquals(1, blocks.closed.get());
  }

  @Test
  void wrongTables() {
    List<double[][]> none = List.of();
    IllegalArgumentException empty =
        assertThrows(
            IllegalArgumentException.class, () -> Tables.blocks(List.of(), none::iterator));
    assertEquals("fields is empty, expected at least one", empty.getMessage());
    IllegalArgumentException twice =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tables.blocks(List.of(X.get(0), X.get(0)), none::iterator));
    assertEquals(
        "the blocks: the name 'x' stands over columns 1 and 2, expected it once",
        twice.getMessage());
    IllegalArgumentException text =
        assertThrows(
            IllegalArgumentException.class,
            () -> Tables.blocks(FIELDS, none::iterator).read(List.of("kind"), List.of()));
    assertEquals("column 'kind' of the blocks holds text, expected numbers", text.getMessage());
  }
}
