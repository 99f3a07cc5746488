package org.nabla4j.objective;

import java.util.List;

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
}
