package org.nabla4j.regression;

import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/** Any numbers: ℓ = −½w (y − μ)². */
final class GaussianFamily extends Family {

  /** A mean to begin with where the response has no logarithm; its square is a number yet. */
  private static final double TINY = 1e-150;

  GaussianFamily(Link link) {
    super("Gaussian", link, Link.IDENTITY, Link.LOG);
  }

  private Expression residual() {
    return Y.minus(mean());
  }

  @Override
  Expression score() {
    return link() == Link.LOG ? W.times(residual().times(mean())) : W.times(residual());
  }

  @Override
  Expression fisher() {
    return link() == Link.LOG ? W.times(mean().times(mean())) : W;
  }

  @Override
  Expression observed() {
    return link() == Link.LOG ? W.times(mean().times(mean().minus(residual()))) : fisher();
  }

  @Override
  Expression objective() {
    return deviance();
  }

  @Override
  Expression saturation() {
    return ZERO;
  }

  @Override
  Expression deviance() {
    return W.times(residual().times(residual()));
  }

  @Override
  Expression variance() {
    return ONE;
  }

  @Override
  Expression start() {
    return link() == Link.LOG ? Y.max(TINY).log() : Y;
  }

  @Override
  Expression isAllowed() {
    return Y.abs().lessThan(Double.POSITIVE_INFINITY);
  }

  @Override
  String allowed() {
    return "a finite y";
  }

  @Override
  boolean isDispersionKnown() {
    return false;
  }

  @Override
  Expression likelihood(boolean weighted) {
    return weighted ? Functions.where(W.greaterThan(0), W.log(), ZERO) : ZERO;
  }

  @Override
  double logLikelihood(
      double total, double fitDeviance, double deviance, double rows, double weight) {
    return -rows / 2 * (Math.log(2 * Math.PI * deviance / rows) + 1) + total / 2;
  }
}
