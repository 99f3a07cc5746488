package org.nabla4j.objective;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A function f(θ) to be minimised, evaluated at many points at a time.
 *
 * <p>A value that is not finite says that a point lies outside the domain: methods step back from
 * it. Objectives may be called by several threads at once.
 */
public interface Objective {

  /**
   * The names of the parameters θ, in order.
   *
   * @return p names, not modifiable
   */
  List<String> parameters();

  /**
   * Computes f.
   *
   * @param points where, not to be modified
   * @param values where f of each point goes, {@code [count]}; may be longer
   */
  void values(Points points, double[] values);

  /**
   * Computes f at one point of problem 0.
   *
   * @param theta p parameters, not modified
   * @return f
   * @throws IllegalArgumentException if there are not p of them
   */
  default double value(double... theta) {
    double[] value = new double[1];
    values(ArrayPoints.of(this, theta), value);
    return value[0];
  }

  /**
   * Computes f at the points of an ND4J array.
   *
   * @param theta {@code [b, p]} of any order and numeric type, row i for problem i; not modified
   * @return f of each row, a new array {@code [b]} of doubles
   * @throws IllegalArgumentException if the array is no matrix of p columns
   */
  default INDArray value(INDArray theta) {
    Points points = ArrayPoints.of(this, theta);
    double[] values = new double[points.count()];
    values(points, values);
    return ArrayPoints.array(values, points.count());
  }
}
