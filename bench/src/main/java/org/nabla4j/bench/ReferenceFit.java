package org.nabla4j.bench;

/**
 * The minimum nearest to the truth, by damped Gauss-Newton steps in plain Java until nothing is
 * gained any more. Slow and simple on purpose: it shares no code with what is measured.
 */
final class ReferenceFit {

  private static final int MOST_STEPS = 500;
  private static final double LEAST_DAMPING = 1e-14;
  private static final double MOST_DAMPING = 1e12;

  private final BenchProblem problem;
  private final int p;
  private final int n;
  private final double[] values;
  private final double[][] jacobian;

  ReferenceFit(BenchProblem problem) {
    this.problem = problem;
    p = problem.parameters();
    n = problem.points();
    values = new double[n];
    jacobian = new double[n][p];
  }

  /** χ² = Σ(y − f(θ))² of one fit. */
  double chiSquared(int fit, double[] theta) {
    problem.model().evaluate(theta, problem.x(), values, null);
    return sum(fit);
  }

  private double sum(int fit) {
    double[] y = problem.y();
    double sum = 0;
    for (int k = 0; k < n; k++) {
      double r = y[fit * n + k] - values[k];
      sum += r * r;
    }
    return sum;
  }

  /** The parameters at the minimum reached from the truth. */
  double[] solve(int fit) {
    double[] theta = problem.truth(fit);
    double chi = chiSquared(fit, theta);
    double damping = 1e-6;
    int useless = 0;
    for (int step = 0; step < MOST_STEPS && useless < 3 && damping < MOST_DAMPING; step++) {
      double[] trial = trial(fit, theta, damping);
      double trialChi = trial == null ? Double.NaN : chiSquared(fit, trial);
      if (trialChi <= chi) {
        useless = chi - trialChi <= 1e-15 * chi ? useless + 1 : 0;
        theta = trial;
        chi = trialChi;
        damping = Math.max(damping / 10, LEAST_DAMPING);
      } else {
        // at the minimum rounding alone decides, and a rejected step ends it as well
        useless = trialChi - chi <= 1e-12 * chi ? useless + 1 : useless;
        damping *= 10;
      }
    }
    return theta;
  }

  /** θ + δ with (JᵀJ + λ·diag(JᵀJ))·δ = Jᵀr, by Cholesky of the matrix scaled to unit diagonal. */
  private double[] trial(int fit, double[] theta, double damping) {
    problem.model().evaluate(theta, problem.x(), values, jacobian);
    double[] y = problem.y();
    double[] gradient = new double[p];
    double[][] normal = new double[p][p];
    for (int k = 0; k < n; k++) {
      double r = y[fit * n + k] - values[k];
      double[] row = jacobian[k];
      for (int i = 0; i < p; i++) {
        gradient[i] += row[i] * r;
        for (int j = 0; j <= i; j++) {
          normal[i][j] += row[i] * row[j];
        }
      }
    }
    double[] scale = new double[p];
    for (int i = 0; i < p; i++) {
      scale[i] = 1 / Math.sqrt(normal[i][i]);
      gradient[i] *= scale[i];
      for (int j = 0; j <= i; j++) {
        normal[i][j] *= scale[i] * scale[j];
      }
      normal[i][i] += damping;
    }
    if (!Linear.choleskySolve(normal, gradient)) {
      return null;
    }
    double[] result = theta.clone();
    for (int i = 0; i < p; i++) {
      result[i] += gradient[i] * scale[i];
    }
    return result;
  }

  /** Dense linear algebra for a handful of unknowns. */
  private static final class Linear {
    private Linear() {}

    /** Overwrites A's lower triangle with its factor and b with A⁻¹b; false if not definite. */
    static boolean choleskySolve(double[][] a, double[] b) {
      int size = b.length;
      for (int i = 0; i < size; i++) {
        for (int j = 0; j <= i; j++) {
          double s = a[i][j];
          for (int k = 0; k < j; k++) {
            s -= a[i][k] * a[j][k];
          }
          if (i > j) {
            a[i][j] = s / a[j][j];
          } else if (s > 0) {
            a[i][i] = Math.sqrt(s);
          } else {
            return false;
          }
        }
      }
      for (int i = 0; i < size; i++) {
        for (int k = 0; k < i; k++) {
          b[i] -= a[i][k] * b[k];
        }
        b[i] /= a[i][i];
      }
      for (int i = size - 1; i >= 0; i--) {
        for (int k = i + 1; k < size; k++) {
          b[i] -= a[k][i] * b[k];
        }
        b[i] /= a[i][i];
      }
      return true;
    }
  }
}
