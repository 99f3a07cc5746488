package org.nabla4j.bench;

import org.nabla4j.method.Covariance;
import org.nabla4j.method.LevenbergMarquardt;

/** How much a fit is asked to do. */
public enum Options {
  /** What the peers do: parameters alone, no polish, no covariance. */
  BARE {
    @Override
    LevenbergMarquardt method(double tolerance) {
      return LevenbergMarquardt.defaults()
          .withTolerance(tolerance)
          .withPolish(false)
          .withCovariance(Covariance.NONE);
    }
  },
  /** What users get who ask for nothing: polish and covariance; the tolerance has no effect. */
  DEFAULTS {
    @Override
    LevenbergMarquardt method(double tolerance) {
      return LevenbergMarquardt.defaults();
    }
  },
  /** Gpufit's own comparison: at most 10 iterations after the first evaluation. */
  GPUFIT {
    @Override
    LevenbergMarquardt method(double tolerance) {
      return BARE.method(tolerance).withMaxEvaluations(11);
    }
  };

  abstract LevenbergMarquardt method(double tolerance);
}
