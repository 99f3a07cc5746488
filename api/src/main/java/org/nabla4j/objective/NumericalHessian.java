package org.nabla4j.objective;

import java.util.List;
import org.nabla4j.objective.NumericalDerivatives.Scheme;

/** An objective whose Hessian is made of differences of its gradient. */
final class NumericalHessian implements TwiceDifferentiableObjective {

  private final DifferentiableObjective objective;
  private final Scheme scheme;
  private final double noise;

  NumericalHessian(DifferentiableObjective objective, Scheme scheme) {
    this.objective = objective;
    this.scheme = scheme;
    this.noise = objective.gradientError();
  }

  @Override
  public double gradientError() {
    return noise;
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
    objective.gradients(points, values, gradients);
  }

  @Override
  public void hessians(Points points, double[] values, double[] gradients, double[] hessians) {
    int p = points.parameters();
    objective.gradients(points, values, gradients);
    int most = ShiftedPoints.most(points.count(), p, scheme, p + 1);
    double[] ignored = new double[most];
    double[] moved = new double[Math.multiplyExact(most, p)];
    double[] some = new double[scheme.evaluations()];
    ShiftedPoints.each(
        points,
        scheme,
        noise,
        p + 1,
        shifted -> objective.gradients(shifted, ignored, moved),
        (row, j, first, h) -> {
          for (int i = 0; i < p; i++) {
            double derivative = component(gradients[row * p + i], moved, first, i, p, some, h);
            hessians[(row * p + i) * p + j] = derivative;
          }
        });
    for (int row = 0; row < points.count(); row++) {
      symmetrize(hessians, row * p * p, p);
    }
  }

  private double component(
      double at, double[] moved, int first, int i, int p, double[] some, double h) {
    for (int k = 0; k < some.length; k++) {
      some[k] = moved[(first + k) * p + i];
    }
    return scheme.derivative(at, some, h);
  }

  private static void symmetrize(double[] matrix, int first, int p) {
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < i; j++) {
        double mean = (matrix[first + i * p + j] + matrix[first + j * p + i]) / 2;
        matrix[first + i * p + j] = mean;
        matrix[first + j * p + i] = mean;
      }
    }
  }

  /** The derivative of the gradient along v; the step moves no parameter by more than h. */
  @Override
  public void hessianProducts(Points points, double[] directions, double[] products) {
    int p = points.parameters();
    int count = points.count();
    int offsets = scheme.evaluations();
    double[] gradients = new double[Math.multiplyExact(count, p)];
    objective.gradients(points, new double[count], gradients);
    double[] theta = new double[Math.multiplyExact(offsets, p)];
    long[] problems = new long[offsets];
    double[] moved = new double[theta.length];
    double[] some = new double[offsets];
    for (int row = 0; row < count; row++) {
      double h = step(points.theta(), directions, row * p, p);
      for (int k = 0; k < offsets; k++) {
        problems[k] = points.problem(row);
        for (int j = 0; j < p; j++) {
          double shift = h == 0 ? 0 : scheme.offset(k) * h * directions[row * p + j];
          theta[k * p + j] = points.theta()[row * p + j] + shift;
        }
      }
      if (h > 0) {
        objective.gradients(new Points(theta, problems, offsets, p), new double[offsets], moved);
      }
      for (int i = 0; i < p; i++) {
        products[row * p + i] =
            h > 0 ? component(gradients[row * p + i], moved, 0, i, p, some, h) : 0;
      }
    }
  }

  /** The largest step whose part along each axis is within that axis' own; 0 where v is 0. */
  private double step(double[] theta, double[] v, int first, int p) {
    double h = Double.POSITIVE_INFINITY;
    for (int j = 0; j < p; j++) {
      if (v[first + j] != 0) {
        h = Math.min(h, scheme.step(theta[first + j], noise) / Math.abs(v[first + j]));
      }
    }
    return h == Double.POSITIVE_INFINITY ? 0 : h;
  }

  @Override
  public String toString() {
    return objective.toString();
  }
}
