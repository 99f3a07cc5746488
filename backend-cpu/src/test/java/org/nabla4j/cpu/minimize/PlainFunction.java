package org.nabla4j.cpu.minimize;

/** A function with its gradient, written in plain Java. */
@FunctionalInterface
interface PlainFunction {

  /** f(x); writes ∇f. */
  double at(double[] x, double[] gradient);

  /** Answers what a search needs, once. */
  default void answer(Search search) {
    double[] gradient = new double[search.point().length];
    double value = at(search.point(), gradient);
    search.tell(value, search.need() == Search.Need.VALUE ? null : gradient, null);
  }

  /** Runs a search to its end; the number of evaluations. */
  default int run(Search search) {
    int evaluations = 0;
    while (search.need() != Search.Need.NOTHING) {
      answer(search);
      evaluations++;
    }
    return evaluations;
  }

  /** ½ Σ λ_j·(x_j - centre_j)². */
  static PlainFunction quadratic(double[] curvatures, double[] centre) {
    return (x, g) -> {
      double sum = 0;
      for (int j = 0; j < x.length; j++) {
        double d = x[j] - centre[j];
        g[j] = curvatures[j] * d;
        sum += 0.5 * curvatures[j] * d * d;
      }
      return sum;
    };
  }

  /**
   * Rosenbrock's function of each pair of parameters, summed (Moré, Garbow, Hillstrom 1981, 21).
   */
  static double rosenbrock(double[] x, double[] g) {
    double sum = 0;
    for (int j = 0; j < x.length; j += 2) {
      double t = x[j + 1] - x[j] * x[j];
      double u = 1 - x[j];
      sum += 100 * t * t + u * u;
      g[j] = -400 * t * x[j] - 2 * u;
      g[j + 1] = 200 * t;
    }
    return sum;
  }

  /** Its standard start, p parameters. */
  static double[] rosenbrockStart(int p) {
    double[] start = new double[p];
    for (int j = 0; j < p; j++) {
      start[j] = j % 2 == 0 ? -1.2 : 1;
    }
    return start;
  }
}
