package org.nabla4j.cpu.minimize;

import java.util.Arrays;

/** Heavy ball (Polyak 1964): v ← βv - rate·g, θ ← P(θ + v); plain gradient descent with β = 0. */
final class MomentumSteps extends RateSteps {

  private final double momentum;
  private final double[] velocity;

  MomentumSteps(
      double[] start, double[] lower, double[] upper, double rate, double momentum, int patience) {
    super(start, lower, upper, rate, patience);
    this.momentum = momentum;
    this.velocity = new double[start.length];
  }

  @Override
  void forget() {
    Arrays.fill(velocity, 0);
  }

  @Override
  void advance() {
    for (int j = 0; j < theta.length; j++) {
      double next = project(j, theta[j] + momentum * velocity[j] - rate * gradient[j]);
      velocity[j] = next - theta[j];
      theta[j] = next;
    }
  }
}
