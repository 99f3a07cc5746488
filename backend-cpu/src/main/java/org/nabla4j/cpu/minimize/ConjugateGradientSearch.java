package org.nabla4j.cpu.minimize;

import org.nabla4j.method.ConjugateGradient;

/** Nonlinear conjugate gradients. */
final class ConjugateGradientSearch extends DescentSearch {

  ConjugateGradientSearch(
      ConjugateGradient method, double[] start, double[] lower, double[] upper) {
    super(method, start, lower, upper, new ConjugateSteps(start, lower, upper));
  }
}
