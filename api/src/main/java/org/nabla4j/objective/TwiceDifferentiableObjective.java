package org.nabla4j.objective;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A {@link DifferentiableObjective} that knows its Hessian. */
public interface TwiceDifferentiableObjective extends DifferentiableObjective {

  /**
   * Computes f, ∇f and the Hessian H = ∂²f/∂θ∂θᵀ.
   *
   * @param points where, not to be modified
   * @param values where f of each point goes, {@code [count]}; may be longer
   * @param gradients where ∂f/∂θ of each point goes, {@code [count, p]} row-major; may be longer
   * @param hessians where H of each point goes, {@code [count, p, p]}, both triangles; may be
   *     longer
   */
  void hessians(Points points, double[] values, double[] gradients, double[] hessians);

  /**
   * Computes H·v without forming H where that is possible.
   *
   * @param points where, not to be modified
   * @param directions v of each point, {@code [count, p]} row-major, not to be modified
   * @param products where H·v of each point goes, {@code [count, p]} row-major; may be longer
   */
  void hessianProducts(Points points, double[] directions, double[] products);

  /**
   * Computes the Hessian at one point of problem 0.
   *
   * @param theta p parameters, not modified
   * @return ∂²f/∂θ∂θᵀ, a new symmetric matrix, p × p
   * @throws IllegalArgumentException if there are not p of them
   */
  default double[][] hessian(double... theta) {
    int p = parameters().size();
    double[] hessian = new double[Math.multiplyExact(p, p)];
    hessians(ArrayPoints.of(this, theta), new double[1], new double[p], hessian);
    double[][] rows = new double[p][];
    for (int i = 0; i < p; i++) {
      rows[i] = Arrays.copyOfRange(hessian, i * p, (i + 1) * p);
    }
    return rows;
  }

  /**
   * Computes the Hessian at the points of an ND4J array.
   *
   * @param theta {@code [b, p]} of any order and numeric type, row i for problem i; not modified
   * @return ∂²f/∂θ∂θᵀ of each row, a new array {@code [b, p, p]} of doubles
   * @throws IllegalArgumentException if the array is no matrix of p columns
   */
  default INDArray hessian(INDArray theta) {
    Points points = ArrayPoints.of(this, theta);
    int b = points.count();
    int p = points.parameters();
    double[] hessians = new double[Math.multiplyExact(Math.multiplyExact(b, p), p)];
    hessians(points, new double[b], new double[b * p], hessians);
    return ArrayPoints.array(hessians, b, p, p);
  }
}
