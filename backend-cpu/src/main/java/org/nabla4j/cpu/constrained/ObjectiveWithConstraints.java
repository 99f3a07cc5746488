package org.nabla4j.cpu.constrained;

import java.util.Objects;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.TwiceDifferentiableObjective;

/**
 * A {@link ConstrainedFunction} whose f is any objective that knows its Hessian, such as a sum over
 * data or Java code, and whose constraints come from another function, the f of which is ignored.
 */
public final class ObjectiveWithConstraints implements ConstrainedFunction {

  private final TwiceDifferentiableObjective objective;
  private final ConstrainedFunction constraints;
  private final int p;
  private final long[] problem;
  private final double[] value = new double[1];
  private final double[] unused;
  private final double[] curvature;

  /**
   * Joins the two.
   *
   * @param objective f
   * @param problem which problem of the objective's batch
   * @param constraints g; the same parameters in the same order
   * @throws IllegalArgumentException if they have different numbers of parameters
   */
  public ObjectiveWithConstraints(
      TwiceDifferentiableObjective objective, long problem, ConstrainedFunction constraints) {
    this.objective = Objects.requireNonNull(objective, "objective");
    this.constraints = Objects.requireNonNull(constraints, "constraints");
    this.p = objective.parameters().size();
    if (constraints.parameters() != p) {
      throw new IllegalArgumentException(
          "constraints have " + constraints.parameters() + " parameters, expected " + p);
    }
    this.problem = new long[] {problem};
    this.unused = new double[p];
    this.curvature = new double[p * p];
  }

  private Points point(double[] theta) {
    return new Points(theta, problem, 1, p);
  }

  @Override
  public int parameters() {
    return p;
  }

  @Override
  public int equalities() {
    return constraints.equalities();
  }

  @Override
  public int inequalities() {
    return constraints.inequalities();
  }

  @Override
  public double values(double[] theta, double[] g) {
    constraints.values(theta, g);
    objective.values(point(theta), value);
    return value[0];
  }

  @Override
  public void gradients(double[] theta, double[] gradient, double[] jacobian) {
    constraints.gradients(theta, unused, jacobian);
    objective.gradients(point(theta), value, gradient);
  }

  @Override
  public void hessian(double[] theta, double weight, double[] multipliers, double[] hessian) {
    constraints.hessian(theta, 0, multipliers, hessian);
    if (weight == 0) {
      return;
    }
    objective.hessians(point(theta), value, unused, curvature);
    for (int i = 0; i < curvature.length; i++) {
      hessian[i] += weight * curvature[i];
    }
  }
}
