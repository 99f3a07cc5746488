package org.nabla4j.objective;

import java.util.List;
import org.nabla4j.objective.NumericalDerivatives.Scheme;

/** An objective whose gradient is made of differences of its values. */
final class NumericalGradient implements DifferentiableObjective {

  private final Objective objective;
  private final Scheme scheme;

  NumericalGradient(Objective objective, Scheme scheme) {
    this.objective = objective;
    this.scheme = scheme;
  }

  @Override
  public double gradientError() {
    return scheme.error(NumericalDerivatives.NOISE);
  }

  @Override
  public List<String> parameters() {
    return objective.parameters();
  }

  @Override
  public void values(Points points, double[] values) {
    objective.values(points, values);
  }

  @Override
  public void gradients(Points points, double[] values, double[] gradients) {
    int p = points.parameters();
    objective.values(points, values);
    double[] moved = new double[ShiftedPoints.most(points.count(), p, scheme, 1)];
    double[] some = new double[scheme.evaluations()];
    ShiftedPoints.each(
        points,
        scheme,
        NumericalDerivatives.NOISE,
        1,
        shifted -> objective.values(shifted, moved),
        (row, j, first, h) -> {
          System.arraycopy(moved, first, some, 0, some.length);
          gradients[row * p + j] = scheme.derivative(values[row], some, h);
        });
  }

  @Override
  public String toString() {
    return objective.toString();
  }
}
