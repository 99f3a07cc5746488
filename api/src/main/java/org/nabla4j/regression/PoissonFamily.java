package org.nabla4j.regression;

import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/** Counts: ℓ = w (y log μ − μ). */
final class PoissonFamily extends Family {

  PoissonFamily(Link link) {
    super("Poisson", link, Link.LOG, Link.SQRT, Link.IDENTITY);
  }

  @Override
  Expression score() {
    return switch (link()) {
      case LOG -> W.times(Y.minus(mean()));
      case SQRT -> W.times(2).times(Y.dividedBy(ETA).minus(ETA));
      default -> W.times(Y.minus(ETA).dividedBy(ETA));
    };
  }

  @Override
  Expression fisher() {
    return switch (link()) {
      case LOG -> W.times(mean());
      case SQRT -> W.times(4);
      default -> W.dividedBy(ETA);
    };
  }

  @Override
  Expression observed() {
    return switch (link()) {
      case LOG -> fisher();
      case SQRT -> W.times(2).times(Y.dividedBy(ETA.times(ETA)).plus(1));
      default -> W.times(Y).dividedBy(ETA.times(ETA));
    };
  }

  private Expression logMean() {
    return switch (link()) {
      case LOG -> ETA;
      case SQRT -> ETA.log().times(2);
      default -> ETA.log();
    };
  }

  @Override
  Expression objective() {
    return W.times(2).times(mean().minus(Y.times(logMean())));
  }

  @Override
  Expression saturation() {
    return W.times(2).times(ifPositive(Y, Y.times(Y.log())).minus(Y));
  }

  @Override
  Expression deviance() {
    Expression excess = Y.minus(mean());
    Expression log = ifPositive(Y, Y.times(excess.dividedBy(mean()).log1p()));
    return W.times(2).times(log.minus(excess));
  }

  @Override
  Expression variance() {
    return mean();
  }

  @Override
  Expression start() {
    return link().predictor(Y.plus(0.1));
  }

  @Override
  Expression isAllowed() {
    return Y.greaterOrEqual(0).times(Y.lessThan(Double.POSITIVE_INFINITY));
  }

  @Override
  String allowed() {
    return "y >= 0 and finite";
  }

  @Override
  Expression isValid() {
    return link() == Link.LOG ? null : ETA.greaterThan(0);
  }

  @Override
  boolean isDispersionKnown() {
    return true;
  }

  @Override
  Expression likelihood(boolean weighted) {
    return W.times(
        ifPositive(Y, Y.times(logMean())).minus(mean()).minus(Functions.lgamma(Y.plus(1))));
  }

  @Override
  double logLikelihood(
      double total, double fitDeviance, double deviance, double rows, double weight) {
    return total + (fitDeviance - deviance) / 2;
  }
}
