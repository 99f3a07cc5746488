package org.nabla4j.cpu.minimize;

import java.util.Arrays;
import org.nabla4j.method.StepRule;

/** Adam (Kingma and Ba 2015); bounds by projection. */
final class AdamSteps extends RateSteps {

  private final StepRule.Adam rule;
  private final double[] mean;
  private final double[] square;

  /** β₁ᵗ and β₂ᵗ after t steps. */
  private double power1 = 1;

  private double power2 = 1;

  AdamSteps(StepRule.Adam rule, double[] start, double[] lower, double[] upper, int patience) {
    super(start, lower, upper, rule.rate(), patience);
    this.rule = rule;
    this.mean = new double[start.length];
    this.square = new double[start.length];
  }

  @Override
  void forget() {
    Arrays.fill(mean, 0);
    Arrays.fill(square, 0);
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
    double root = 1 / Math.sqrt(1 - power2);
    for (int j = 0; j < theta.length; j++) {
      double g = gradient[j];
      mean[j] = beta1 * mean[j] + (1 - beta1) * g;
      square[j] = beta2 * square[j] + (1 - beta2) * g * g;
      double size = root * Math.sqrt(square[j]) + rule.epsilon();
      theta[j] = project(j, theta[j] - scale * mean[j] / size);
    }
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
