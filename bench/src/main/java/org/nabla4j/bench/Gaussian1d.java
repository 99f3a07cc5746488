package org.nabla4j.bench;

/** Gaussian peak, f = a·exp(−½((x − m)/s)²) + c, with θ = (a, m, s, c). */
final class Gaussian1d implements Model {

  @Override
  public int parameters() {
    return 4;
  }

  @Override
  public void evaluate(double[] theta, double[][] x, double[] values, double[][] jacobian) {
    double a = theta[0];
    double m = theta[1];
    double c = theta[3];
    double inverse = 1 / theta[2];
    double[] x0 = x[0];
    for (int k = 0; k < values.length; k++) {
      double u = (x0[k] - m) * inverse;
      double e = Math.exp(-0.5 * u * u);
      values[k] = a * e + c;
      if (jacobian != null) {
        double[] row = jacobian[k];
        double slope = a * e * u * inverse;
        row[0] = e;
        row[1] = slope;
        row[2] = slope * u;
        row[3] = 1;
      }
    }
  }
}
