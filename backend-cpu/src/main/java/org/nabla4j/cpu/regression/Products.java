package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nabla4j.cpu.codegen.RowLoops;

/**
 * Which sums of products of columns a pass makes: rectangles and triangles of a few columns by a
 * few, whose sums stay in registers while a kernel runs over the rows of a block.
 *
 * <p>Between the blocks of a run the sums wait in memory lane by lane where they fit into the
 * cache. Where they do not, the lanes are added up after each block.
 */
final class Products {

  /** Columns on the right that stay in the first-level cache while those on the left go by. */
  private static final int PANEL = 16;

  /** Bytes of sums that wait lane by lane: a good part of the second-level cache. */
  private static final int LANES_BYTES = 640 * 1024;

  /** Rows at a time, of which a few columns lie in the first-level cache; measured. */
  private static final int SHORT = 256;

  /** Rows at a time where lanes are added up after each. */
  private static final int LONG = 512;

  /** Gives the place of the sum of a column on the left and one on the right. */
  interface Target {
    int of(int left, int right);
  }

  /** A column's address, and that of its low parts. */
  record Columns(int high, int low) {}

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Tile(int kind, int a, int aLow, int b, int bLow, int[] targets) {}

  private final RowLoops loops;
  private final boolean exact;
  private final int stride;
  private final int side;
  private final int rowsAtOnce;
  private final List<Tile> list = new ArrayList<>();
  private Tile[] tiles = {};
  private int slot;
  private boolean waiting;

  /**
   * No sums.
   *
   * @param loops kernels
   * @param exact whether in double-double
   * @param stride from one column to the next
   */
  Products(RowLoops loops, boolean exact, int stride) {
    this.loops = loops;
    this.exact = exact;
    this.stride = stride;
    side = exact ? RowLoops.EXACT_SIDE : RowLoops.SIDE;
    rowsAtOnce = exact || loops.isWide() ? side : side / 2;
  }

  /**
   * Also sums the products of all columns with those up to the same place.
   *
   * @param left the first column on the left
   * @param right the first column on the right
   * @param count columns on both sides
   * @param target where sums go, −1 for those that nobody wants
   */
  void addTriangle(Columns left, Columns right, int count, Target target) {
    for (int panel = 0; panel < count; panel += PANEL) {
      for (int i = panel; i < count; i += rowsAtOnce) {
        int height = Math.min(rowsAtOnce, count - i);
        int end = Math.min(panel + PANEL, i);
        for (int j = panel; j < end; j += side) {
          add(left, i, height, right, j, Math.min(side, end - j), false, target);
        }
        if (i < panel + PANEL) {
          add(left, i, height, right, i, height, true, target);
        }
      }
    }
  }

  /**
   * Also sums the products of all columns on the left with all on the right.
   *
   * @param left the first column on the left
   * @param height columns on the left
   * @param right the first column on the right
   * @param width columns on the right
   * @param target where sums go
   */
  void addRectangle(Columns left, int height, Columns right, int width, Target target) {
    for (int panel = 0; panel < width; panel += PANEL) {
      int end = Math.min(panel + PANEL, width);
      for (int i = 0; i < height; i += rowsAtOnce) {
        for (int j = panel; j < end; j += side) {
          int h = Math.min(rowsAtOnce, height - i);
          add(left, i, h, right, j, Math.min(side, end - j), false, target);
        }
      }
    }
  }

  /** Also sums the product of one column with another. */
  void addPair(Columns left, Columns right, int target) {
    add(left, 0, 1, right, 0, 1, true, (i, j) -> target);
  }

  private void add(
      Columns left,
      int i,
      int height,
      Columns right,
      int j,
      int width,
      boolean triangle,
      Target target) {
    int[] targets = new int[height * width];
    for (int u = 0; u < height; u++) {
      for (int v = 0; v < width; v++) {
        targets[u * width + v] = triangle && v > u ? -1 : target.of(i + u, j + v);
      }
    }
    // a triangle of the kernels has the same columns on both sides
    boolean same = triangle && left.high() == right.high();
    int kind = same && height > 1 ? RowLoops.triangle(height) : RowLoops.rectangle(height, width);
    list.add(
        new Tile(
            kind,
            left.high() + i * stride,
            left.low() + i * stride,
            right.high() + j * stride,
            right.low() + j * stride,
            targets));
  }

  /** Says that nothing will be added any more. */
  Products ready() {
    tiles = list.toArray(new Tile[0]);
    slot = RowLoops.SIDE * RowLoops.SIDE * loops.lanes();
    waiting = (long) tiles.length * slot * Double.BYTES <= LANES_BYTES;
    return this;
  }

  /** Memory for the sums of one thread. */
  double[] allocate() {
    return new double[waiting ? tiles.length * slot : slot];
  }

  /**
   * Adds a block.
   *
   * @param tile holds the columns
   * @param padded rows, to a whole number of vectors
   * @param lanes sums of this thread; modified
   * @param sums of the run; modified
   */
  void add(double[] tile, int padded, double[] lanes, RunSums sums) {
    int rows = waiting ? SHORT : LONG;
    for (int from = 0; from < padded; from += rows) {
      add(tile, from, Math.min(rows, padded - from), lanes, sums);
    }
  }

  private void add(double[] tile, int from, int count, double[] lanes, RunSums sums) {
    int at = 0;
    for (Tile t : tiles) {
      int a = t.a + from;
      int b = t.b + from;
      if (exact) {
        int aLow = t.aLow + from;
        loops.exactProducts(t.kind, tile, a, aLow, b, t.bLow + from, stride, count, lanes, at);
      } else {
        loops.products(t.kind, tile, a, b, stride, count, lanes, at);
      }
      if (waiting) {
        at += slot;
      } else {
        gather(t.targets, lanes, 0, sums);
        Arrays.fill(lanes, 0);
      }
    }
  }

  /** Adds the sums of all blocks to those of the run, and begins anew. */
  void finish(double[] lanes, RunSums sums) {
    if (waiting) {
      for (int k = 0; k < tiles.length; k++) {
        gather(tiles[k].targets, lanes, k * slot, sums);
      }
      Arrays.fill(lanes, 0);
    }
  }

  private void gather(int[] targets, double[] lanes, int at, RunSums sums) {
    int size = exact ? 2 * loops.lanes() : loops.lanes();
    for (int k = 0; k < targets.length; k++) {
      if (targets[k] >= 0) {
        sums.addLanes(targets[k], lanes, at + k * size, loops.lanes());
      }
    }
  }
}
