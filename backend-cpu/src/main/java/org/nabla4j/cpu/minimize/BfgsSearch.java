package org.nabla4j.cpu.minimize;

import org.nabla4j.method.Bfgs;

/** BFGS: time of a step and memory grow as p². */
final class BfgsSearch extends DescentSearch {

  BfgsSearch(Bfgs method, double[] start, double[] lower, double[] upper) {
    super(method, start, lower, upper, new BfgsSteps(method, start, lower, upper));
  }
}
