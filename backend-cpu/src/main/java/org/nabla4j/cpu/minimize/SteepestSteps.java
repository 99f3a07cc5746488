package org.nabla4j.cpu.minimize;

/** Steepest descent with the strong Wolfe conditions. */
final class SteepestSteps extends LineSteps {

  SteepestSteps(double[] start, double[] lower, double[] upper) {
    super(start, lower, upper, 1e-4, 0.9);
  }

  @Override
  boolean direct() {
    return false;
  }

  @Override
  void remember() {}

  @Override
  void forget() {}

  /** The step that would change f, to first order, as much as the last one has. */
  @Override
  double firstStep(double slope) {
    return lastStep * Math.min(lastSlope / slope, 10);
  }

  @Override
  int patience() {
    return 100;
  }
}
