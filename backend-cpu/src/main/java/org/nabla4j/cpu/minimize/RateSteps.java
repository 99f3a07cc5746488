package org.nabla4j.cpu.minimize;

/** Steps of a given rate, taken without a look at f: every point is an iterate. */
abstract class RateSteps extends Steps {

  private final int patience;
  double rate;

  /**
   * Prepares the steps.
   *
   * @param start θ within the bounds; copied
   * @param lower lower bounds, or null
   * @param upper upper bounds, or null
   * @param rate the rate to begin with
   * @param patience steps without a new lowest value before the rate is halved
   */
  RateSteps(double[] start, double[] lower, double[] upper, double rate, int patience) {
    super(start, lower, upper);
    this.rate = rate;
    this.patience = patience;
  }

  /** Forgets the momentum. */
  abstract void forget();

  @Override
  double[] point() {
    return theta;
  }

  @Override
  Outcome tell(double f, double[] g) {
    if (!(Math.abs(f) <= Double.MAX_VALUE) || !isFinite(g)) {
      return Outcome.OUTSIDE;
    }
    value = f;
    System.arraycopy(g, 0, gradient, 0, g.length);
    return Outcome.STEP;
  }

  static boolean isFinite(double[] g) {
    for (double component : g) {
      if (!(Math.abs(component) <= Double.MAX_VALUE)) {
        return false;
      }
    }
    return true;
  }

  @Override
  final int patience() {
    return patience;
  }

  @Override
  final boolean retreat(double[] to, double f, double[] g) {
    rate /= 2;
    System.arraycopy(to, 0, theta, 0, to.length);
    System.arraycopy(g, 0, gradient, 0, g.length);
    value = f;
    forget();
    return true;
  }

  @Override
  double predicted(double[] at, double[] g) {
    double sum = 0;
    for (int j = 0; j < g.length; j++) {
      double component = projected(j, at, g);
      sum += component * component;
    }
    return rate * sum;
  }
}
