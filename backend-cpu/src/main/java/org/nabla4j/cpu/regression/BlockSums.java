package org.nabla4j.cpu.regression;

import java.util.Arrays;
import org.nabla4j.cpu.codegen.RowLoops;
import org.nabla4j.cpu.regression.Products.Columns;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowSums;

/** Adds blocks of rows to the sums of a run, on one thread. */
final class BlockSums {

  private final PassProgram program;
  private final RowPass pass;
  private final DesignProgram design;
  private final RowLoops loops;
  private final RowSums places;
  private final int stride;
  private final int width;
  private final RowSymbols symbols;
  private final Products products;
  private final double[] lanes;
  private final double[] totals;

  /**
   * Prepares.
   *
   * @param program what is summed up
   * @param products its sums of products
   * @param places tells where each sum stands
   */
  BlockSums(PassProgram program, Products products, RowSums places) {
    this.program = program;
    this.pass = program.pass();
    this.design = program.design();
    this.loops = design.loops();
    this.places = places;
    this.stride = design.stride();
    this.width = design.columns().size();
    this.symbols = new RowSymbols(program);
    this.products = products;
    lanes = products.allocate();
    totals = new double[program.totals().length * sumSize()];
  }

  /** The sums of products that a pass makes. */
  static Products products(PassProgram program, RowSums places) {
    RowPass pass = program.pass();
    DesignProgram design = program.design();
    int stride = design.stride();
    int p = design.columns().size();
    int q = pass.responses() ? design.responses().size() : 0;
    Products products = new Products(design.loops(), design.isExact(), stride);
    Columns x = new Columns(design.x(), design.xLow());
    Columns y = new Columns(design.x() + p * stride, design.xLow() + p * stride);
    Columns weighted = new Columns(program.weighted(), program.weightedLow());
    if (program.joint()) {
      products.addTriangle(
          x,
          weighted,
          p + q,
          (i, j) -> {
            if (i < p) {
              return places.gram(i, j);
            }
            return j < p ? places.product(i - p, j) : i == j ? places.square(i - p) : -1;
          });
    } else {
      if (pass.gram()) {
        products.addTriangle(x, weighted, p, places::gram);
      }
      products.addRectangle(y, q, weighted, p, places::product);
    }
    if (program.scores().length > 0) {
      int count = program.scores().length;
      int atOnce = design.isExact() ? 1 : count;
      // in double-double all scores have the same low parts, a column of zeros
      for (int k = 0; k < count; k += atOnce) {
        int first = k;
        Columns scores = new Columns(program.scores()[k], design.zeros());
        products.addRectangle(scores, atOnce, x, p, (i, j) -> places.score(first + i, j));
      }
    }
    return products.ready();
  }

  private int sumSize() {
    return design.isExact() ? 2 * loops.lanes() : loops.lanes();
  }

  /**
   * Adds.
   *
   * @param block the rows; what lies behind the design in its tile is modified
   * @param sums of the run; modified
   */
  void add(DesignBlock block, RunSums sums) {
    int rows = block.rows();
    sums.rows += rows;
    if (rows == 0) {
      return;
    }
    double[] tile = block.tile();
    int padded = block.padded();
    symbols.compute(block);
    weigh(tile, padded);
    products.add(tile, padded, lanes, sums);
    if (!program.joint() && pass.responses()) {
      squares(tile, padded, sums);
    }
    for (int k = 0; k < program.totals().length; k++) {
      int place = program.totals()[k];
      if (design.isExact()) {
        loops.exactTotal(tile, place, padded, totals, k * sumSize());
      } else {
        loops.total(tile, place, padded, totals, k * sumSize());
      }
    }
    if (sums.clusters != null) {
      byCluster(block, sums.clusters);
    }
  }

  /** Adds what is kept lane by lane, at the end of a run. */
  void finish(RunSums sums) {
    products.finish(lanes, sums);
    for (int k = 0; k < program.totals().length; k++) {
      sums.addLanes(places.total(k), totals, k * sumSize(), loops.lanes());
    }
    Arrays.fill(totals, 0);
  }

  /** a·X. */
  private void weigh(double[] tile, int padded) {
    if (program.isUnweighted()) {
      return;
    }
    int columns = width + (program.joint() ? design.responses().size() : 0);
    for (int j = 0; j < columns; j++) {
      int low = design.isExact() ? program.weightedLow() + j * stride : -1;
      multiply(tile, padded, j, program.weighted() + j * stride, low);
    }
  }

  /** a times a column of X or Y. */
  private void multiply(double[] tile, int padded, int column, int to, int low) {
    int x = design.x() + column * stride;
    if (design.isExact()) {
      int xLow = design.xLow() + column * stride;
      loops.exactMultiply(tile, program.curvature(), x, xLow, to, low, padded);
    } else {
      loops.multiply(tile, program.curvature(), x, to, padded);
    }
  }

  /** Σ a y², of many responses one by one. */
  private void squares(double[] tile, int padded, RunSums sums) {
    double[] sum = new double[sumSize()];
    for (int k = 0; k < design.responses().size(); k++) {
      int y = design.x() + (width + k) * stride;
      int yLow = design.xLow() + (width + k) * stride;
      int a = y;
      int aLow = yLow;
      if (!program.isUnweighted()) {
        a = program.scratch();
        aLow = a + stride;
        multiply(tile, padded, width + k, a, aLow);
      }
      int kind = RowLoops.rectangle(1, 1);
      Arrays.fill(sum, 0);
      if (design.isExact()) {
        loops.exactProducts(kind, tile, a, aLow, y, yLow, stride, padded, sum, 0);
      } else {
        loops.products(kind, tile, a, y, stride, padded, sum, 0);
      }
      sums.addLanes(places.square(k), sum, 0, loops.lanes());
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
          sums[slot++] += score * tile[design.x() + j * stride + i];
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
