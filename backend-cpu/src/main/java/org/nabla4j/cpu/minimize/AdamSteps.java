package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.StepRule;

/** Adam (Kingma and Ba 2015); bounds by projection. */
final class AdamSteps extends RateSteps {

  private final StepRule.Adam rule;
  private final double[] mean;

  /** √v: the running root mean square, which does not overflow. */
  private final double[] size;

  /** β₁ᵗ and β₂ᵗ after t steps. */
  private double power1 = 1;

  private double power2 = 1;

  AdamSteps(StepRule.Adam rule, double[] start, double[] lower, double[] upper, int patience) {
    super(start, lower, upper, rule.rate(), patience);
    this.rule = rule;
    this.mean = new double[start.length];
    this.size = new double[start.length];
  }

  @Override
  void forget() {
    Arrays.fill(mean, 0);
    Arrays.fill(size, 0);
    power1 = 1;
    power2 = 1;
  }

  @Override
  void advance() {
    double beta1 = rule.beta1();
    double beta2 = rule.beta2();
    power1 *= beta1;
    power2 *= beta2;
    double scale = rate / (1 - power1);
    double correction = 1 / Math.sqrt(1 - power2);
    double keep = Math.sqrt(beta2);
    double add = Math.sqrt(1 - beta2);
    for (int j = 0; j < theta.length; j++) {
      double g = gradient[j];
      mean[j] = beta1 * mean[j] + (1 - beta1) * g;
      size[j] = root(keep * size[j], add * Math.abs(g));
      double step = scale * mean[j] / (correction * size[j] + rule.epsilon());
      theta[j] = project(j, theta[j] - step);
    }
  }

  /** √(a² + b²). */
  private static double root(double a, double b) {
    double larger = Math.max(a, b);
    return larger > 1e-150 && larger < 1e150 ? Math.sqrt(a * a + b * b) : Math.hypot(a, b);
  }

  /** No parameter moves much farther than the rate. */
  @Override
  double predicted(double[] at, double[] g) {
    double sum = 0;
    for (int j = 0; j < g.length; j++) {
      sum += Math.abs(projected(j, at, g));
    }
    return rate * sum;
  }
}
