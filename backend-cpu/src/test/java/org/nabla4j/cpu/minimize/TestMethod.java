package org.nabla4j.cpu.minimize;

import org.nabla4j.method.Bfgs;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;

/** The methods that know curvature, for tests that hold for all of them. */
enum TestMethod {
  NEWTON {
    @Override
    Search search(int most, double[] start, double[] lower, double[] upper) {
      return new NewtonSearch(
          NewtonRaphson.defaults().withMaxIterations(most), start, lower, upper);
    }
  },
  NEWTON_CG {
    @Override
    Search search(int most, double[] start, double[] lower, double[] upper) {
      return new NewtonConjugateGradientSearch(
          NewtonConjugateGradient.defaults().withMaxIterations(most), start, lower, upper);
    }
  },
  BFGS {
    @Override
    Search search(int most, double[] start, double[] lower, double[] upper) {
      return new BfgsSearch(Bfgs.defaults().withMaxIterations(most), start, lower, upper);
    }
  };

  /** A search with a limit of iterations, 0 for the default. */
  abstract Search search(int most, double[] start, double[] lower, double[] upper);

  /** A search with defaults. */
  Search search(double[] start, double[] lower, double[] upper) {
    return search(0, start, lower, upper);
  }
}
