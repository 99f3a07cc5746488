package org.nabla4j.cpu.regression;

import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowSums;

/** Adds a block of rows to the sums of a run. */
final class BlockSums {

  private final PassProgram program;
  private final RowPass pass;
  private final DesignProgram design;
  private final RowSums places;
  private final int stride;
  private final int width;
  private final int responses;
  private final RowSymbols symbols;

  /**
   * Prepares.
   *
   * @param program what is summed up
   * @param places tells where each sum stands
   */
  BlockSums(PassProgram program, RowSums places) {
    this.program = program;
    this.pass = program.pass();
    this.design = program.design();
    this.places = places;
    this.stride = design.stride();
    this.width = design.columns().size();
    this.responses = pass.responses() ? design.responses().size() : 0;
    this.symbols = new RowSymbols(program);
  }

  /**
   * Adds.
   *
   * @param block the rows; what lies behind the design in its tile is modified
   * @param sums of the run; modified
   */
  void add(DesignBlock block, RunSums sums) {
    double[] tile = block.tile();
    int rows = block.rows();
    sums.rows += rows;
    if (rows == 0) {
      return;
    }
    symbols.compute(block);
    weigh(tile, block.padded());
    products(tile, rows, sums);
    for (int k = 0; k < program.scores().length; k++) {
      for (int j = 0; j < width; j++) {
        sum(tile, rows, program.scores()[k], -1, x(j), xLow(j), sums, places.score(k, j));
      }
    }
    for (int k = 0; k < program.totals().length; k++) {
      total(tile, rows, program.totals()[k], sums, places.total(k));
    }
    if (sums.clusters != null) {
      byCluster(block, sums.clusters);
    }
  }

  /** a·X. */
  private void weigh(double[] tile, int padded) {
    if (program.isUnweighted()) {
      return;
    }
    int a = program.curvature();
    for (int j = 0; j < width; j++) {
      int to = program.weighted() + j * stride;
      int low = design.isExact() ? program.weightedLow() + j * stride : -1;
      multiply(tile, padded, a, x(j), xLow(j), to, low);
    }
  }

  private static void multiply(double[] tile, int count, int a, int x, int xLow, int to, int low) {
    for (int i = 0; i < count; i++) {
      double product = tile[a + i] * tile[x + i];
      if (low >= 0) {
        double rest = Math.fma(tile[a + i], tile[x + i], -product) + tile[a + i] * tile[xLow + i];
        double sum = product + rest;
        tile[low + i] = Double.isFinite(sum) ? rest - (sum - product) : 0;
        product = Double.isFinite(sum) ? sum : product;
      }
      tile[to + i] = product;
    }
  }

  private void products(double[] tile, int rows, RunSums sums) {
    for (int i = 0; i < width; i++) {
      int a = program.weighted() + i * stride;
      int aLow = design.isExact() ? program.weightedLow() + i * stride : -1;
      if (pass.gram()) {
        for (int j = 0; j <= i; j++) {
          sum(tile, rows, a, aLow, x(j), xLow(j), sums, places.gram(i, j));
        }
      }
      for (int k = 0; k < responses; k++) {
        sum(tile, rows, a, aLow, y(k), yLow(k), sums, places.product(k, i));
      }
    }
    for (int k = 0; k < responses; k++) {
      int y = y(k);
      int low = yLow(k);
      if (!program.isUnweighted()) {
        int to = program.scratch();
        int toLow = design.isExact() ? to + stride : -1;
        multiply(tile, rows, program.curvature(), y, low, to, toLow);
        y = to;
        low = toLow;
      }
      sum(tile, rows, y, low, y(k), yLow(k), sums, places.square(k));
    }
  }

  private int x(int j) {
    return design.x() + j * stride;
  }

  private int xLow(int j) {
    return design.isExact() ? design.xLow() + j * stride : -1;
  }

  private int y(int k) {
    return design.y() + k * stride;
  }

  private int yLow(int k) {
    return design.isExact() ? design.yLow() + k * stride : -1;
  }

  /** sums[index] += Σ a·b. */
  private static void sum(
      double[] tile, int rows, int a, int aLow, int b, int bLow, RunSums sums, int index) {
    if (sums.low == null) {
      double total = 0;
      for (int i = 0; i < rows; i++) {
        total += tile[a + i] * tile[b + i];
      }
      sums.high[index] += total;
      return;
    }
    double high = 0;
    double low = 0;
    for (int i = 0; i < rows; i++) {
      double product = tile[a + i] * tile[b + i];
      double rest = Math.fma(tile[a + i], tile[b + i], -product);
      if (aLow >= 0) {
        rest = Math.fma(tile[aLow + i], tile[b + i], rest);
      }
      if (bLow >= 0) {
        rest = Math.fma(tile[a + i], tile[bLow + i], rest);
      }
      double sum = high + product;
      double part = sum - high;
      low += ((high - (sum - part)) + (product - part)) + rest;
      high = sum;
    }
    sums.add(index, high, low);
  }

  private static void total(double[] tile, int rows, int t, RunSums sums, int index) {
    for (int i = 0; i < rows; i++) {
      sums.add(index, tile[t + i]);
    }
  }

  private void byCluster(DesignBlock block, ClusterSums clusters) {
    double[] tile = block.tile();
    int[] cluster = block.clusters();
    for (int i = 0; i < block.rows(); i++) {
      int slot = clusters.slot(cluster[i]);
      double[] sums = clusters.sums();
      for (int s : program.scores()) {
        double score = tile[s + i];
        for (int j = 0; j < width; j++) {
          sums[slot++] += score * tile[x(j) + i];
        }
      }
    }
  }

  /** The sums that no block has been added to. */
  RunSums empty() {
    RunSums sums = new RunSums(places.high().length, design.isExact());
    if (pass.byCluster()) {
      sums.clusters = new ClusterSums(program.scores().length * width);
    }
    return sums;
  }
}
