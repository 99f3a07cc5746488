package org.nabla4j.cpu.minimize;

/**
 * Accelerated gradients (Nesterov 1983), with y the iterate and x a step of plain descent from it:
 *
 * <pre>
 *   x₊ ← P(y - rate·∇f(y))
 *   t₊ ← (1 + √(1 + 4·t²·rate₋/rate)) / 2
 *   y₊ ← P(x₊ + (t - 1)/t₊·(x₊ - x)),  or x₊ and t₊ = 1 if ∇f(y)ᵀ(x₊ - x) > 0
 * </pre>
 *
 * <p>The restart is that of O'Donoghue and Candès (2015, section 3.2). Where no rate is given it is
 * halved until f(x₊) lies below the parabola of curvature 1/rate through y (Beck and Teboulle
 * 2009), and grows by a tenth after a step that needed no halving (Scheinberg, Goldfarb and Bai
 * 2014).
 */
final class NesterovSteps extends RateSteps {

  private static final double GROWTH = 1.1;

  private final boolean searches;
  private double[] x;
  private double[] next;
  private double t = 1;
  private double rateBefore;
  private boolean valueNeeded;
  private boolean halved;

  NesterovSteps(double[] start, double[] lower, double[] upper, double rate, int patience) {
    super(start, lower, upper, rate, patience);
    this.searches = rate == 0;
    this.x = start.clone();
    this.next = start.clone();
  }

  @Override
  void forget() {
    t = 1;
    System.arraycopy(theta, 0, x, 0, x.length);
  }

  @Override
  Search.Need need() {
    return valueNeeded ? Search.Need.VALUE : Search.Need.GRADIENT;
  }

  @Override
  double[] point() {
    return valueNeeded ? next : theta;
  }

  @Override
  void advance() {
    if (searches) {
      if (rate == 0) {
        rate = firstLength();
      } else if (!halved) {
        rate *= GROWTH;
      }
      halved = false;
    }
    descend();
    valueNeeded = searches;
    if (!searches) {
      accelerate();
    }
  }

  /** x₊. */
  private void descend() {
    for (int j = 0; j < next.length; j++) {
      next[j] = project(j, theta[j] - rate * gradient[j]);
    }
  }

  @Override
  Outcome tell(double f, double[] g) {
    if (!valueNeeded) {
      return super.tell(f, g);
    }
    double slope = 0;
    double square = 0;
    for (int j = 0; j < next.length; j++) {
      double d = next[j] - theta[j];
      slope += gradient[j] * d;
      square += d * d;
    }
    double noise = WolfeLineSearch.ROUNDING * Math.abs(value);
    if (f <= value + slope + square / (2 * rate) + noise) {
      valueNeeded = false;
      accelerate();
      return Outcome.TRIAL;
    }
    if (isSame(theta, next)) {
      valueNeeded = false;
      return Outcome.STUCK;
    }
    rate /= 2;
    halved = true;
    descend();
    return Outcome.TRIAL;
  }

  /** y₊ and t₊ from x₊. */
  private void accelerate() {
    double uphill = 0;
    for (int j = 0; j < next.length; j++) {
      uphill += gradient[j] * (next[j] - x[j]);
    }
    double grown = 1;
    double share = 0;
    if (uphill <= 0) {
      double ratio = rateBefore > 0 ? rateBefore / rate : 1;
      grown = 0.5 * (1 + Math.sqrt(1 + 4 * t * t * ratio));
      share = (t - 1) / grown;
    }
    for (int j = 0; j < next.length; j++) {
      theta[j] = project(j, next[j] + share * (next[j] - x[j]));
    }
    double[] spare = x;
    x = next;
    next = spare;
    t = grown;
    rateBefore = rate;
  }
}
