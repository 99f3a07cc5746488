package org.nabla4j.objective;

import org.nd4j.linalg.api.ndarray.INDArray;

/** An {@link Objective} that knows its gradient. */
public interface DifferentiableObjective extends Objective {

  /**
   * Computes f and ∇f.
   *
   * @param points where, not to be modified
   * @param values where f of each point goes, {@code [count]}; may be longer
   * @param gradients where ∂f/∂θ of each point goes, {@code [count, p]} row-major; may be longer
   */
  void gradients(Points points, double[] values, double[] gradients);

  /**
   * What the gradient is off by, as a share of the function's own size: the step for differences of
   * the gradient is chosen for it. An objective that passes on the gradient of another passes on
   * its error too.
   *
   * @return the share, &gt; 0; the rounding error of a double unless an objective knows better
   */
  default double gradientError() {
    return Math.ulp(1.0);
  }

  /**
   * Computes ∇f at one point of problem 0.
   *
   * @param theta p parameters, not modified
   * @return ∂f/∂θ, a new array of p values
   * @throws IllegalArgumentException if there are not p of them
   */
  default double[] gradient(double... theta) {
    double[] gradient = new double[parameters().size()];
    gradients(ArrayPoints.of(this, theta), new double[1], gradient);
    return gradient;
  }

  /**
   * Computes ∇f at the points of an ND4J array.
   *
   * @param theta {@code [b, p]} of any order and numeric type, row i for problem i; not modified
   * @return ∂f/∂θ of each row, a new array {@code [b, p]} of doubles
   * @throws IllegalArgumentException if the array is no matrix of p columns
   */
  default INDArray gradient(INDArray theta) {
    Points points = ArrayPoints.of(this, theta);
    int p = points.parameters();
    double[] gradients = new double[Math.multiplyExact(points.count(), p)];
    gradients(points, new double[points.count()], gradients);
    return ArrayPoints.array(gradients, points.count(), p);
  }
}
