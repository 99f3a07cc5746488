package org.nabla4j.objective;

/**
 * Shapes whose start values can be estimated from the data, see {@link StartValues}. The parameters
 * are listed in the order of the estimates.
 */
public enum StartGuess {
  /** a·exp(-b·x) + c: a, b, c. */
  EXPONENTIAL(3) {
    @Override
    public double[] estimate(double[] x, double[] y) {
      return StartValues.exponentialDecay(x, y);
    }
  },
  /** a·exp(-(x - b)²/(2c²)) + d: a, b, c, d. */
  GAUSSIAN_PEAK(4) {
    @Override
    public double[] estimate(double[] x, double[] y) {
      return StartValues.gaussianPeak(x, y);
    }
  },
  /** a/(1 + exp(-b·(x - c))): a, b, c. */
  LOGISTIC(3) {
    @Override
    public double[] estimate(double[] x, double[] y) {
      return StartValues.logistic(x, y);
    }
  },
  /** a·x^b: a, b. */
  POWER_LAW(2) {
    @Override
    public double[] estimate(double[] x, double[] y) {
      return StartValues.powerLaw(x, y);
    }
  },
  /** a·sin(b·x + c) + d: a, b, c, d. */
  SINUSOID(4) {
    @Override
    public double[] estimate(double[] x, double[] y) {
      return StartValues.sinusoid(x, y);
    }
  };

  private final int parameters;

  StartGuess(int parameters) {
    this.parameters = parameters;
  }

  /**
   * The number of parameters of the shape.
   *
   * @return their number
   */
  public int parameters() {
    return parameters;
  }

  /**
   * Estimates the parameters from data.
   *
   * @param x where the values were taken, in any order; NaN marks a missing point; not modified
   * @param y the values; NaN marks a missing point; not modified
   * @return a new array of estimates; NaN where too few points are left
   * @throws IllegalArgumentException if the lengths differ
   */
  public abstract double[] estimate(double[] x, double[] y);
}
