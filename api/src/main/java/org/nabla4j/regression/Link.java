package org.nabla4j.regression;

import java.util.Locale;
import java.util.Map;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/** How the mean μ of a response hangs on the linear predictor η: η = g(μ). */
public enum Link {
  /** η = μ. */
  IDENTITY,
  /** η = log μ. */
  LOG,
  /** η = log(μ/(1 − μ)). */
  LOGIT,
  /** η = Φ⁻¹(μ), Φ the normal distribution. */
  PROBIT,
  /** η = log(−log(1 − μ)), the complementary log-log. */
  CLOGLOG,
  /** η = 1/μ, for η &gt; 0. */
  INVERSE,
  /** η = √μ, for η &gt; 0. */
  SQRT;

  private static final double ROOT_HALF = Math.sqrt(0.5);

  /** exp of anything further out overflows, or leaves nothing of 1. */
  private static final double FAR = 700;

  /** μ = g⁻¹(η). */
  Expression mean(Expression eta) {
    return switch (this) {
      case IDENTITY -> eta;
      case LOG -> eta.exp();
      case LOGIT -> Functions.logistic(eta);
      case PROBIT -> Functions.erfc(eta.times(-ROOT_HALF)).times(0.5);
      case CLOGLOG -> bounded(eta).exp().negate().expm1().negate();
      case INVERSE -> Expression.constant(1).dividedBy(eta);
      case SQRT -> eta.times(eta);
    };
  }

  /** η where exp(η) is neither 0 nor infinite. */
  static Expression bounded(Expression eta) {
    return eta.max(-FAR).min(FAR);
  }

  /** dμ/dη. */
  Expression slope(Expression eta) {
    return switch (this) {
      case IDENTITY -> Expression.constant(1);
      case LOG -> eta.exp();
      case LOGIT -> Functions.logistic(eta).times(Functions.logistic(eta.negate()));
      case PROBIT -> density(eta);
      case CLOGLOG -> bounded(eta).minus(bounded(eta).exp()).exp();
      case INVERSE -> Expression.constant(-1).dividedBy(eta.times(eta));
      case SQRT -> eta.times(2);
    };
  }

  /** φ(η) of the normal distribution. */
  static Expression density(Expression eta) {
    return eta.times(eta).times(-0.5).exp().times(1 / Math.sqrt(2 * Math.PI));
  }

  /**
   * η = g(μ), of means away from the ends of their range.
   *
   * @throws UnsupportedOperationException for {@link #PROBIT}, whose g is no expression
   */
  Expression predictor(Expression mu) {
    return switch (this) {
      case IDENTITY -> mu;
      case LOG -> mu.log();
      case LOGIT -> mu.dividedBy(Expression.constant(1).minus(mu)).log();
      case PROBIT -> throw new UnsupportedOperationException("probit of an expression");
      case CLOGLOG -> mu.negate().log1p().negate().log();
      case INVERSE -> Expression.constant(1).dividedBy(mu);
      case SQRT -> mu.sqrt();
    };
  }

  /** η = g(μ) of a number. */
  double predictor(double mu) {
    if (this == PROBIT) {
      return mu > 0 && mu < 1
          ? NormalDistribution.of(0, 1).inverseCumulativeProbability(mu)
          : mu == 0 ? Double.NEGATIVE_INFINITY : mu == 1 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    Expression m = Expression.symbol("mu");
    return predictor(m).evaluate(Map.of("mu", mu));
  }

  /** Whether only η &gt; 0 have a mean. */
  boolean isPositive() {
    return this == INVERSE || this == SQRT;
  }

  /** The name in lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
