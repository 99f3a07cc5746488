package org.nabla4j.cpu.minimize;

import org.nabla4j.method.LimitedMemoryBfgs;

/** L-BFGS: time of a step and memory grow as m·p. */
final class LimitedMemoryBfgsSearch extends DescentSearch {

  LimitedMemoryBfgsSearch(
      LimitedMemoryBfgs method, double[] start, double[] lower, double[] upper) {
    super(method, start, lower, upper, new LimitedMemorySteps(method, start, lower, upper));
  }
}
