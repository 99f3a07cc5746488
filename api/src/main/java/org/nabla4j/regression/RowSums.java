package org.nabla4j.regression;

import java.util.Objects;

/**
 * What a {@link RowPass} summed up, in double-double: each number is the unevaluated sum of a high
 * and a low part. Mutable, owned by whoever asked for the pass.
 *
 * <p>Sums of the same pass over other rows can be added and taken away: {@link #add}, {@link
 * #subtract}.
 */
public final class RowSums {

  private final int width;
  private final int responses;
  private final int scores;
  private final double[] high;
  private final double[] low;
  private double[][] clusterScores = {};
  private long rows;
  private long omitted;

  /**
   * Sums of no rows.
   *
   * @param width p, columns of X
   * @param responses q, responses
   * @param scores number of scores
   * @param totals number of totals
   * @throws ArithmeticException if there are more sums than one array can hold
   */
  public RowSums(int width, int responses, int scores, int totals) {
    this.width = width;
    this.responses = responses;
    this.scores = scores;
    int pairs = Math.multiplyExact(width, Math.addExact(width, 1));
    int products = Math.multiplyExact(responses, Math.addExact(width, 1));
    int rest = Math.addExact(Math.multiplyExact(scores, width), totals);
    int length = Math.addExact(Math.addExact(pairs / 2, products), rest);
    high = new double[length];
    low = new double[length];
  }

  /**
   * Where Σ a xᵢxⱼ stands.
   *
   * @param i a column of X
   * @param j a column of X, ≤ i
   * @return the index into {@link #high()} and {@link #low()}
   */
  public int gram(int i, int j) {
    return i * (i + 1) / 2 + j;
  }

  /**
   * Where Σ a xⱼyₖ stands.
   *
   * @param k a response
   * @param j a column of X
   * @return the index into {@link #high()} and {@link #low()}
   */
  public int product(int k, int j) {
    return width * (width + 1) / 2 + k * width + j;
  }

  /**
   * Where Σ a yₖ² stands.
   *
   * @param k a response
   * @return the index into {@link #high()} and {@link #low()}
   */
  public int square(int k) {
    return width * (width + 1) / 2 + responses * width + k;
  }

  /**
   * Where Σ sₖxⱼ stands.
   *
   * @param k a score
   * @param j a column of X
   * @return the index into {@link #high()} and {@link #low()}
   */
  public int score(int k, int j) {
    return width * (width + 1) / 2 + responses * (width + 1) + k * width + j;
  }

  /**
   * Where Σ tₖ stands.
   *
   * @param k a total
   * @return the index into {@link #high()} and {@link #low()}
   */
  public int total(int k) {
    return width * (width + 1) / 2 + responses * (width + 1) + scores * width + k;
  }

  /**
   * The high parts, each the sum rounded to double.
   *
   * @return the array itself
   */
  public double[] high() {
    return high;
  }

  /**
   * The low parts.
   *
   * @return the array itself
   */
  public double[] low() {
    return low;
  }

  /**
   * Σ sₖx of each cluster.
   *
   * @return for each level of the cluster category scores·p numbers; empty where it was not asked
   *     for
   */
  public double[][] clusterScores() {
    return clusterScores;
  }

  /**
   * Sets the sums of each cluster.
   *
   * @param values kept, not copied
   */
  public void clusterScores(double[][] values) {
    clusterScores = Objects.requireNonNull(values, "values");
  }

  /**
   * The rows that were summed up.
   *
   * @return their number
   */
  public long rows() {
    return rows;
  }

  /**
   * The rows that were left out because something was missing.
   *
   * @return their number
   */
  public long omitted() {
    return omitted;
  }

  /**
   * Counts rows.
   *
   * @param used further rows that were summed up
   * @param missing further rows that were left out
   */
  public void count(long used, long missing) {
    rows += used;
    omitted += missing;
  }

  /**
   * Adds a number to a sum: (high, low) += value.
   *
   * @param index of the sum
   * @param value what to add
   */
  public void add(int index, double value) {
    add(index, value, 0);
  }

  /**
   * Adds a double-double number to a sum.
   *
   * @param index of the sum
   * @param valueHigh high part of what to add
   * @param valueLow low part of what to add
   */
  public void add(int index, double valueHigh, double valueLow) {
    double a = high[index];
    double sum = a + valueHigh;
    double part = sum - a;
    double error = (a - (sum - part)) + (valueHigh - part);
    double rest = error + (low[index] + valueLow);
    double result = sum + rest;
    low[index] = Double.isFinite(result) ? rest - (result - sum) : 0;
    high[index] = result;
  }

  /**
   * Adds the sums of other rows.
   *
   * @param other sums of the same pass; not modified
   */
  public void add(RowSums other) {
    combine(other, 1);
  }

  /**
   * Takes the sums of rows away that are in these sums.
   *
   * @param other sums of the same pass; not modified
   */
  public void subtract(RowSums other) {
    combine(other, -1);
  }

  private void combine(RowSums other, int sign) {
    Objects.requireNonNull(other, "other");
    if (other.high.length != high.length || other.width != width) {
      throw new IllegalArgumentException(
          "other has " + other.high.length + " sums, expected " + high.length);
    }
    for (int i = 0; i < high.length; i++) {
      add(i, sign * other.high[i], sign * other.low[i]);
    }
    count(sign * other.rows, sign * other.omitted);
    if (clusterScores.length == 0 && other.clusterScores.length > 0) {
      clusterScores = new double[other.clusterScores.length][scores * width];
    }
    for (int c = 0; c < other.clusterScores.length; c++) {
      for (int i = 0; i < clusterScores[c].length; i++) {
        clusterScores[c][i] += sign * other.clusterScores[c][i];
      }
    }
  }
}
