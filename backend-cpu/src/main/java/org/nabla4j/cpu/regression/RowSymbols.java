package org.nabla4j.cpu.regression;

import java.util.Arrays;
import org.nabla4j.cpu.regression.DesignProgram.BlockColumn;
import org.nabla4j.cpu.regression.DesignProgram.Kind;

/**
 * The values of a pass's expressions for the rows of a block: linear predictor, leverage, and what
 * is computed of them.
 */
final class RowSymbols {

  private static final double[] NONE = {};

  private final PassProgram program;
  private final DesignProgram design;
  private final double[] coefficients;
  private final double[] factor;
  private final double constant;
  private final double constantLow;

  RowSymbols(PassProgram program) {
    this.program = program;
    this.design = program.design();
    coefficients = program.pass().coefficients();
    factor = program.pass().leverageFactor();
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
    program.map().run(tile, NONE, NONE, 0, padded);
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
      for (int i = 0; i < padded; i++) {
        tile[eta + i] += tile[design.offset() + i];
      }
    }
    for (int j = 0; j < coefficients.length; j++) {
      addMultiple(tile, padded, coefficients[j], design.columns().get(j).place(), eta);
    }
  }

  private static void addMultiple(double[] tile, int count, double factor, int from, int to) {
    for (int i = 0; i < count; i++) {
      tile[to + i] += factor * tile[from + i];
    }
  }

  /** Rounded once, at the end. */
  private void predictExactly(double[] tile, int padded) {
    int eta = program.eta();
    int rest = program.scratch();
    Arrays.fill(tile, rest, rest + padded, constantLow);
    if (design.offset() >= 0) {
      addExactly(tile, padded, 1, design.offset(), -1, eta, rest);
    }
    for (int j = 0; j < coefficients.length; j++) {
      BlockColumn c = design.columns().get(j);
      addExactly(tile, padded, coefficients[j], c.place(), c.low(), eta, rest);
    }
    for (int i = 0; i < padded; i++) {
      double sum = tile[eta + i] + tile[rest + i];
      tile[eta + i] = Double.isFinite(tile[rest + i]) ? sum : tile[eta + i];
    }
  }

  private static void addExactly(
      double[] tile, int count, double factor, int from, int fromLow, int to, int rest) {
    for (int i = 0; i < count; i++) {
      double product = factor * tile[from + i];
      double error = Math.fma(factor, tile[from + i], -product);
      if (fromLow >= 0) {
        error = Math.fma(factor, tile[fromLow + i], error);
      }
      double a = tile[to + i];
      double sum = a + product;
      double part = sum - a;
      tile[to + i] = sum;
      tile[rest + i] += ((a - (sum - part)) + (product - part)) + error;
    }
  }

  private void leverage(double[] tile, int padded) {
    int h = program.leverage();
    int part = program.scratch();
    Arrays.fill(tile, h, h + padded, 0);
    int at = 0;
    for (int r = 0; r < design.columns().size(); r++) {
      Arrays.fill(tile, part, part + padded, 0);
      for (int j = 0; j <= r; j++) {
        addMultiple(tile, padded, factor[at++], design.columns().get(j).place(), part);
      }
      for (int i = 0; i < padded; i++) {
        tile[h + i] += tile[part + i] * tile[part + i];
      }
    }
  }
}
