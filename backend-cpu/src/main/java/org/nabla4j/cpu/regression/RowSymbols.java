package org.nabla4j.cpu.regression;

import java.util.Arrays;
import org.nabla4j.cpu.codegen.RowLoops;
import org.nabla4j.cpu.regression.DesignProgram.BlockColumn;
import org.nabla4j.cpu.regression.DesignProgram.Kind;

/**
 * The values of a pass's expressions for the rows of a block: linear predictor, leverage, and what
 * is computed of them.
 */
final class RowSymbols {

  private final PassProgram program;
  private final DesignProgram design;
  private final double[] coefficients;
  private final RowLoops loops;
  private final double[] factors;
  private final double constant;
  private final double constantLow;

  RowSymbols(PassProgram program) {
    this.program = program;
    this.design = program.design();
    coefficients = program.pass().coefficients();
    loops = design.loops();
    factors = factors(program.pass().leverageFactor(), design.columns().size());
    double[] shift = program.pass().shift();
    double high = 0;
    double low = 0;
    if (coefficients != null && shift != null) {
      // X has lost its shifts: η is β·(x + shift)
      for (int j = 0; j < coefficients.length; j++) {
        if (design.columns().get(j).kind() != Kind.ONES) {
          double product = coefficients[j] * shift[j];
          double sum = high + product;
          double part = sum - high;
          low += Math.fma(coefficients[j], shift[j], -product);
          low += (high - (sum - part)) + (product - part);
          high = sum;
        }
      }
    }
    constant = high + low;
    constantLow = Double.isFinite(constant) ? low - (constant - high) : 0;
  }

  /** Computes everything, and 0 behind the last row. */
  void compute(DesignBlock block) {
    if (program.map() == null) {
      return;
    }
    double[] tile = block.tile();
    int padded = block.padded();
    if (program.eta() >= 0) {
      predict(tile, padded);
    }
    if (program.leverage() >= 0) {
      leverage(tile, padded);
    }
    design.map(program.map(), tile, padded);
    if (padded > block.rows()) {
      clear(tile, program.curvature(), block.rows(), padded);
      for (int s : program.scores()) {
        clear(tile, s, block.rows(), padded);
      }
      for (int t : program.totals()) {
        clear(tile, t, block.rows(), padded);
      }
    }
  }

  private static void clear(double[] tile, int place, int from, int to) {
    if (place >= 0) {
      Arrays.fill(tile, place + from, place + to, 0);
    }
  }

  private void predict(double[] tile, int padded) {
    int eta = program.eta();
    Arrays.fill(tile, eta, eta + padded, constant);
    if (design.isExact()) {
      predictExactly(tile, padded);
      return;
    }
    if (design.offset() >= 0) {
      loops.addMultiple(tile, 1, design.offset(), eta, padded);
    }
    int j = 0;
    int stride = design.stride();
    for (; j + RowLoops.SIDE <= coefficients.length; j += RowLoops.SIDE) {
      int x = design.x() + j * stride;
      loops.addMultiples(tile, coefficients, j, x, stride, eta, padded);
    }
    for (; j < coefficients.length; j++) {
      loops.addMultiple(tile, coefficients[j], design.x() + j * stride, eta, padded);
    }
  }

  /** Rounded once, at the end. */
  private void predictExactly(double[] tile, int padded) {
    int eta = program.eta();
    int rest = program.scratch();
    Arrays.fill(tile, rest, rest + padded, constantLow);
    if (design.offset() >= 0) {
      loops.addExactMultiple(tile, 1, design.offset(), design.zeros(), eta, rest, padded);
    }
    for (int j = 0; j < coefficients.length; j++) {
      BlockColumn c = design.columns().get(j);
      loops.addExactMultiple(tile, coefficients[j], c.place(), c.low(), eta, rest, padded);
    }
    for (int i = 0; i < padded; i++) {
      double sum = tile[eta + i] + tile[rest + i];
      tile[eta + i] = Double.isFinite(tile[rest + i]) ? sum : tile[eta + i];
    }
  }

  /** h = ‖L⁻¹x‖², some rows of L⁻¹ at a time. */
  private void leverage(double[] tile, int padded) {
    int h = program.leverage();
    int width = design.columns().size();
    Arrays.fill(tile, h, h + padded, 0);
    for (int r = 0, at = 0; r < width; r += RowLoops.FACTOR_ROWS) {
      int columns = Math.min(r + RowLoops.FACTOR_ROWS, width);
      loops.addSquares(tile, factors, at, columns, design.x(), design.stride(), h, padded);
      at += columns * RowLoops.FACTOR_ROWS;
    }
  }

  /** The factors of a column for some rows of L⁻¹ side by side, 0 above the diagonal. */
  private static double[] factors(double[] packed, int width) {
    if (packed == null) {
      return null;
    }
    int blocks = (width + RowLoops.FACTOR_ROWS - 1) / RowLoops.FACTOR_ROWS;
    double[] result = new double[blocks * RowLoops.FACTOR_ROWS * width];
    int at = 0;
    for (int r = 0; r < width; r += RowLoops.FACTOR_ROWS) {
      int columns = Math.min(r + RowLoops.FACTOR_ROWS, width);
      for (int j = 0; j < columns; j++) {
        for (int u = Math.max(0, j - r); u < RowLoops.FACTOR_ROWS && r + u < width; u++) {
          int row = r + u;
          result[at + j * RowLoops.FACTOR_ROWS + u] = packed[row * (row + 1) / 2 + j];
        }
      }
      at += columns * RowLoops.FACTOR_ROWS;
    }
    return result;
  }
}
