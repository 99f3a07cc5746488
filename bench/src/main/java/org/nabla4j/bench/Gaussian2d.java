package org.nabla4j.bench;

/**
 * Round Gaussian peak over a plane, f = a·exp(−½(((x − mx)/s)² + ((y − my)/s)²)) + c, with θ = (a,
 * mx, s, my, c).
 */
final class Gaussian2d implements Model {

  @Override
  public int parameters() {
    return 5;
  }

  @Override
  public void evaluate(double[] theta, double[][] x, double[] values, double[][] jacobian) {
    double a = theta[0];
    double mx = theta[1];
    double my = theta[3];
    double c = theta[4];
    double inverse = 1 / theta[2];
    double[] x0 = x[0];
    double[] x1 = x[1];
    for (int k = 0; k < values.length; k++) {
      double u = (x0[k] - mx) * inverse;
      double v = (x1[k] - my) * inverse;
      double q = u * u + v * v;
      double e = Math.exp(-0.5 * q);
      values[k] = a * e + c;
      if (jacobian != null) {
        double[] row = jacobian[k];
        double slope = a * e * inverse;
        row[0] = e;
        row[1] = slope * u;
        row[2] = slope * q;
        row[3] = slope * v;
        row[4] = 1;
      }
    }
  }
}
