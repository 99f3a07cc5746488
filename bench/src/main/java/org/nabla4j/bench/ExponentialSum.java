package org.nabla4j.bench;

/** Sum of decays, f = Σ a_i·exp(−b_i·x), with θ = (a_1, b_1, a_2, b_2, …). */
final class ExponentialSum implements Model {

  private final int terms;

  ExponentialSum(int terms) {
    this.terms = terms;
  }

  @Override
  public int parameters() {
    return 2 * terms;
  }

  @Override
  public void evaluate(double[] theta, double[][] x, double[] values, double[][] jacobian) {
    double[] x0 = x[0];
    for (int k = 0; k < values.length; k++) {
      double sum = 0;
      for (int i = 0; i < terms; i++) {
        double e = Math.exp(-theta[2 * i + 1] * x0[k]);
        sum += theta[2 * i] * e;
        if (jacobian != null) {
          jacobian[k][2 * i] = e;
          jacobian[k][2 * i + 1] = -theta[2 * i] * x0[k] * e;
        }
      }
      values[k] = sum;
    }
  }
}
