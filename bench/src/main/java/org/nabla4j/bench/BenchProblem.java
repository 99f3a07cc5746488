package org.nabla4j.bench;

import java.util.Arrays;
import java.util.List;
import org.nabla4j.CurveFit;
import org.nabla4j.data.Column;
import org.nabla4j.objective.Precision;

/**
 * A batch of B fits of one formula: n points shared by all of them, B rows of responses, and B rows
 * of start values. Arrays are handed out as they are and must not be changed.
 */
final class BenchProblem {

  private final String name;
  private final String formula;
  private final List<String> columns;
  private final String response;
  private final Model model;
  private final double[][] x;
  private final double[] y;
  private final double[] truths;
  private final double[] starts;

  /**
   * Holds a batch.
   *
   * @param name what tables call it
   * @param formula with the response left of the equals sign
   * @param columns the names of the regressors
   * @param response the name of the response
   * @param model the same formula by hand, parameters in order of first appearance
   * @param x regressors, {@code [columns][n]}
   * @param y responses, {@code [B·n]}
   * @param truths what the responses were made from, {@code [B·p]}
   * @param starts start values, {@code [B·p]}
   */
  BenchProblem(
      String name,
      String formula,
      List<String> columns,
      String response,
      Model model,
      double[][] x,
      double[] y,
      double[] truths,
      double[] starts) {
    this.name = name;
    this.formula = formula;
    this.columns = columns;
    this.response = response;
    this.model = model;
    this.x = x;
    this.y = y;
    this.truths = truths;
    this.starts = starts;
  }

  String name() {
    return name;
  }

  String formula() {
    return formula;
  }

  List<String> columns() {
    return columns;
  }

  Model model() {
    return model;
  }

  int parameters() {
    return model.parameters();
  }

  int points() {
    return x[0].length;
  }

  int fits() {
    return y.length / points();
  }

  double[][] x() {
    return x;
  }

  double[] y() {
    return y;
  }

  /** A copy of the responses of one fit. */
  double[] response(int fit) {
    return Arrays.copyOfRange(y, fit * points(), (fit + 1) * points());
  }

  /** A copy of the parameters that one fit's responses were made from. */
  double[] truth(int fit) {
    return Arrays.copyOfRange(truths, fit * parameters(), (fit + 1) * parameters());
  }

  /** A copy of the start values of one fit. */
  double[] start(int fit) {
    return Arrays.copyOfRange(starts, fit * parameters(), (fit + 1) * parameters());
  }

  /**
   * The library's fit of this batch: call {@code fitBatch()} on it.
   *
   * @param precision of data and kernel
   * @return the fit with data and starts
   * @throws IllegalStateException if formula and model disagree about the number of parameters
   */
  CurveFit curveFit(Precision precision) {
    CurveFit fit = CurveFit.of(formula);
    for (int c = 0; c < x.length; c++) {
      fit = fit.data(columns.get(c), column(x[c], precision));
    }
    Column responses =
        precision == Precision.SINGLE
            ? Column.perProblem(toFloat(y), points())
            : Column.perProblem(y, points());
    fit = fit.data(response, responses).starts(Column.perProblem(starts, parameters()));
    if (fit.parameters().size() != parameters()) {
      throw new IllegalStateException(
          "parameters of " + formula + " = " + fit.parameters() + ", expected " + parameters());
    }
    return fit;
  }

  private static Column column(double[] values, Precision precision) {
    return precision == Precision.SINGLE ? Column.shared(toFloat(values)) : Column.shared(values);
  }

  private static float[] toFloat(double[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) values[i];
    }
    return result;
  }
}
