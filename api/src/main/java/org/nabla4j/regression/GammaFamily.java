package org.nabla4j.regression;

import org.apache.commons.numbers.gamma.LogGamma;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/** Positive amounts: ℓ = −w (y/μ + log μ). */
final class GammaFamily extends Family {

  GammaFamily(Link link) {
    super("Gamma", link, Link.INVERSE, Link.LOG, Link.IDENTITY);
  }

  /** y/μ. */
  private Expression ratio() {
    return link() == Link.INVERSE ? Y.times(ETA) : Y.dividedBy(mean());
  }

  @Override
  Expression score() {
    return switch (link()) {
      case INVERSE -> W.times(mean().minus(Y));
      case LOG -> W.times(Y.minus(mean()).dividedBy(mean()));
      default -> W.times(Y.minus(ETA).dividedBy(ETA).dividedBy(ETA));
    };
  }

  @Override
  Expression fisher() {
    return switch (link()) {
      case INVERSE -> W.times(mean().times(mean()));
      case LOG -> W;
      default -> W.dividedBy(ETA).dividedBy(ETA);
    };
  }

  @Override
  Expression observed() {
    return switch (link()) {
      case INVERSE -> fisher();
      case LOG -> W.times(ratio());
      default -> W.times(ratio().times(2).minus(1)).dividedBy(ETA).dividedBy(ETA);
    };
  }

  private Expression logMean() {
    return switch (link()) {
      case INVERSE -> ETA.log().negate();
      case LOG -> ETA;
      default -> ETA.log();
    };
  }

  @Override
  Expression objective() {
    return W.times(2).times(ratio().plus(logMean()));
  }

  @Override
  Expression saturation() {
    return W.times(-2).times(Y.log().plus(1));
  }

  @Override
  Expression deviance() {
    Expression excess =
        link() == Link.INVERSE ? Y.minus(mean()).times(ETA) : Y.minus(mean()).dividedBy(mean());
    // Far from y = μ log1p has no digit left, near it y/μ has none.
    Expression near = excess.max(-0.5).min(0.5);
    Expression part =
        Functions.where(
            excess.abs().lessThan(0.5),
            near.minus(near.log1p()),
            excess.minus(Y.log().minus(logMean())));
    return W.times(2).times(part);
  }

  @Override
  Expression start() {
    return link().predictor(Y);
  }

  @Override
  Expression isAllowed() {
    return Y.greaterThan(0).times(Y.lessThan(Double.POSITIVE_INFINITY));
  }

  @Override
  String allowed() {
    return "y > 0 and finite";
  }

  @Override
  Expression isValid() {
    return link() == Link.LOG ? null : ETA.greaterThan(0);
  }

  @Override
  boolean isDispersionKnown() {
    return false;
  }

  @Override
  Expression likelihood(boolean weighted) {
    return W.times(Y.log());
  }

  /** With the shape k = 1/φ, φ = deviance/Σw as R's glm has it. */
  @Override
  double logLikelihood(
      double total, double fitDeviance, double deviance, double rows, double weight) {
    double k = weight / deviance;
    return weight * scale(k) - weight / 2 - total;
  }

  /** k log k − log Γ(k) − k, of large k by Stirling's series: the terms themselves cancel. */
  private static double scale(double k) {
    if (!(k >= 100)) {
      return k * Math.log(k) - LogGamma.value(k) - k;
    }
    double r = 1 / k;
    double q = r * r;
    return 0.5 * Math.log(k / (2 * Math.PI)) - r * (1.0 / 12 - q * (1.0 / 360 - q / 1260));
  }
}
