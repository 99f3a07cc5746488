package org.nabla4j.bench;

/** Exponential decay, f = a·exp(−b·x) + c, with θ = (a, b, c). */
final class Decay implements Model {

  @Override
  public int parameters() {
    return 3;
  }

  @Override
  public void evaluate(double[] theta, double[][] x, double[] values, double[][] jacobian) {
    double a = theta[0];
    double b = theta[1];
    double c = theta[2];
    double[] x0 = x[0];
    for (int k = 0; k < values.length; k++) {
      double e = Math.exp(-b * x0[k]);
      values[k] = a * e + c;
      if (jacobian != null) {
        double[] row = jacobian[k];
        row[0] = e;
        row[1] = -a * x0[k] * e;
        row[2] = 1;
      }
    }
  }
}
