package org.nabla4j.regression;

import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/**
 * Shares of successes y in w trials.
 *
 * <pre>
 *   ℓ = w (y log μ + (1 − y) log(1 − μ))
 *   score = w (y λ₁ − (1 − y) λ₀)    λ₁ = μ′/μ    λ₀ = μ′/(1 − μ)    expected curvature = w λ₁λ₀
 * </pre>
 */
final class BinomialFamily extends Family {

  private static final double ROOT_HALF = Math.sqrt(0.5);

  /** η below which the asymptotic series of Φ has all digits: its last term is 10395/η¹². */
  private static final double TAIL = -35;

  private static final Expression FAILURES = ONE.minus(Y);

  BinomialFamily(Link link) {
    super("Binomial", link, Link.LOGIT, Link.PROBIT, Link.CLOGLOG);
  }

  /** exp(−|η|), of which everything about the logit link is made without cancellation. */
  private static Expression small() {
    return ETA.abs().negate().exp();
  }

  /** 1/(1 + exp(−|η|)), the larger of μ and 1 − μ. */
  private static Expression larger() {
    return ONE.dividedBy(small().plus(1));
  }

  /** m = exp(η) = −log(1 − μ) of the complementary log-log link. */
  private static Expression hazard() {
    return Link.bounded(ETA).exp();
  }

  @Override
  Expression score() {
    return switch (link()) {
      case LOGIT -> {
        // y − μ as (y − 1) + (1 − μ) where μ is the larger part.
        Expression smaller = small().times(larger());
        Expression positive = ETA.greaterOrEqual(0);
        yield W.times(Functions.where(positive, Y.minus(1).plus(smaller), Y.minus(smaller)));
      }
      case PROBIT -> W.times(Y.times(ratio(ETA)).minus(FAILURES.times(ratio(ETA.negate()))));
      default -> W.times(Y.times(successes()).minus(FAILURES.times(hazard())));
    };
  }

  /** λ₁ = m/(exp(m) − 1) of the complementary log-log link. */
  private static Expression successes() {
    return hazard().dividedBy(hazard().expm1());
  }

  /** φ(x)/Φ(x). */
  private static Expression ratio(Expression x) {
    return Functions.where(
        x.lessThan(TAIL),
        x.min(TAIL).negate().dividedBy(series(x.min(TAIL))),
        Link.density(x).dividedBy(cumulative(x)));
  }

  /** Φ(x). */
  private static Expression cumulative(Expression x) {
    return Functions.erfc(x.times(-ROOT_HALF)).times(0.5);
  }

  /** 1 − 1/x² + 3/x⁴ − … with Φ(x) = φ(x)/(−x) of it for x → −∞ (Abramowitz, Stegun, 26.2.12). */
  private static Expression series(Expression x) {
    Expression u = ONE.dividedBy(x.times(x));
    Expression sum = ONE;
    for (int odd = 9; odd >= 1; odd -= 2) {
      sum = ONE.minus(u.times(odd).times(sum));
    }
    return sum;
  }

  /** log Φ(x). */
  private static Expression logCumulative(Expression x) {
    Expression far = x.min(TAIL);
    Expression tail =
        far.times(far)
            .times(-0.5)
            .minus(far.negate().times(Math.sqrt(2 * Math.PI)).log())
            .plus(series(far).log());
    return Functions.where(x.lessThan(TAIL), tail, cumulative(x).log());
  }

  @Override
  Expression fisher() {
    return switch (link()) {
      case LOGIT -> W.times(small().times(larger()).times(larger()));
      case PROBIT -> W.times(ratio(ETA).times(ratio(ETA.negate())));
      default -> W.times(hazard().times(successes()));
    };
  }

  @Override
  Expression observed() {
    return switch (link()) {
      case LOGIT -> fisher();
      case PROBIT -> {
        Expression one = ratio(ETA);
        Expression zero = ratio(ETA.negate());
        yield W.times(
            Y.times(one.times(one.plus(ETA))).plus(FAILURES.times(zero.times(zero.minus(ETA)))));
      }
      default ->
          W.times(
              Y.times(successes().times(hazard().dividedBy(mean()).minus(1)))
                  .plus(FAILURES.times(hazard())));
    };
  }

  /** log μ. */
  private Expression logMean() {
    return switch (link()) {
      case LOGIT -> ETA.min(0).minus(small().log1p());
      case PROBIT -> logCumulative(ETA);
      default -> mean().log();
    };
  }

  /** log(1 − μ). */
  private Expression logRest() {
    return switch (link()) {
      case LOGIT -> ETA.max(0).plus(small().log1p()).negate();
      case PROBIT -> logCumulative(ETA.negate());
      default -> hazard().negate();
    };
  }

  @Override
  Expression objective() {
    if (link() == Link.LOGIT) {
      return W.times(2).times(ETA.max(0).minus(Y.times(ETA)).plus(small().log1p()));
    }
    return W.times(-2).times(Y.times(logMean()).plus(FAILURES.times(logRest())));
  }

  @Override
  Expression saturation() {
    return W.times(2)
        .times(
            ifPositive(Y, Y.times(Y.log()))
                .plus(ifPositive(FAILURES, FAILURES.times(FAILURES.log()))));
  }

  @Override
  Expression deviance() {
    return W.times(2)
        .times(
            ifPositive(Y, Y.times(Y.log().minus(logMean())))
                .plus(ifPositive(FAILURES, FAILURES.times(FAILURES.log().minus(logRest())))));
  }

  @Override
  Expression variance() {
    return switch (link()) {
      case LOGIT -> small().times(larger()).times(larger());
      case PROBIT -> cumulative(ETA).times(cumulative(ETA.negate()));
      default -> mean().times(hazard().negate().exp());
    };
  }

  @Override
  Expression start() {
    Expression mu = W.times(Y).plus(0.5).dividedBy(W.plus(1));
    if (link() == Link.PROBIT) {
      // Φ⁻¹ is near enough to 0.6 times the logit.
      return Link.LOGIT.predictor(mu).times(0.6);
    }
    return link().predictor(mu);
  }

  @Override
  Expression isAllowed() {
    return Y.greaterOrEqual(0).times(Y.lessOrEqual(1));
  }

  @Override
  String allowed() {
    return "0 <= y <= 1";
  }

  @Override
  boolean isDispersionKnown() {
    return true;
  }

  @Override
  Expression likelihood(boolean weighted) {
    Expression kernel =
        W.times(
            ifPositive(Y, Y.times(logMean()))
                .plus(ifPositive(FAILURES, FAILURES.times(logRest()))));
    if (!weighted) {
      return kernel;
    }
    Expression ways =
        Functions.lgamma(W.plus(1))
            .minus(Functions.lgamma(W.times(Y).plus(1)))
            .minus(Functions.lgamma(W.times(FAILURES).plus(1)));
    return kernel.plus(ways);
  }

  @Override
  double logLikelihood(
      double total, double fitDeviance, double deviance, double rows, double weight) {
    return total + (fitDeviance - deviance) / 2;
  }
}
