package org.nabla4j.bench;

/**
 * A model with its Jacobian, written by hand: what a user of a library without automatic
 * derivatives has to write, and what answers are checked with, independent of the code that is
 * measured.
 */
interface Model {

  /**
   * The number of parameters p.
   *
   * @return p
   */
  int parameters();

  /**
   * Evaluates all points.
   *
   * @param theta p parameters; not modified
   * @param x regressors, {@code x[column][point]}; not modified
   * @param values receives n values
   * @param jacobian receives n rows of p derivatives; null for values alone
   */
  void evaluate(double[] theta, double[][] x, double[] values, double[][] jacobian);
}
