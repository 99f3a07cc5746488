package org.nabla4j.regression;

import java.util.Arrays;
import java.util.Objects;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/**
 * How responses of a generalised linear model scatter about their mean μ = g⁻¹(η): variance φV(μ)/w
 * with dispersion φ and prior weight w, and a {@link Link} g. Immutable.
 *
 * <p>All that a fit needs of a row are expressions of the row's symbols, {@link RowPass#ETA},
 * {@link RowPass#RESPONSE} and {@link RowPass#WEIGHT}: with ℓ the log-likelihood in units of 1/φ,
 * the score dℓ/dη, its expected and its observed curvature −d²ℓ/dη², and the deviance 2(ℓ(y; y) −
 * ℓ(μ; y)) (Nelder and Wedderburn 1972; McCullagh and Nelder 1989, chapter 2). Forms are such that
 * nothing cancels where μ comes near the ends of its range.
 */
public abstract class Family {

  static final Expression ETA = RowPass.ETA;
  static final Expression Y = RowPass.RESPONSE;
  static final Expression W = RowPass.WEIGHT;
  static final Expression ZERO = Expression.constant(0);
  static final Expression ONE = Expression.constant(1);

  private final String name;
  private final Link link;

  Family(String name, Link link, Link... allowed) {
    this.name = name;
    this.link = Objects.requireNonNull(link, "link");
    for (Link one : allowed) {
      if (one == link) {
        return;
      }
    }
    throw new IllegalArgumentException(
        "link = " + link + ", expected one of " + Arrays.toString(allowed) + " for " + name);
  }

  /**
   * Outcomes 0 and 1, or shares of successes from 0 to 1 with the numbers of trials as weights; V =
   * μ(1 − μ), φ = 1, logit link.
   *
   * @return the family
   */
  public static Family binomial() {
    return binomial(Link.LOGIT);
  }

  /**
   * As {@link #binomial()} with another link.
   *
   * @param link {@link Link#LOGIT}, {@link Link#PROBIT} or {@link Link#CLOGLOG}
   * @return the family
   * @throws IllegalArgumentException if the link is none of these
   */
  public static Family binomial(Link link) {
    return new BinomialFamily(link);
  }

  /**
   * Counts, 0 or more; V = μ, φ = 1, log link.
   *
   * @return the family
   */
  public static Family poisson() {
    return poisson(Link.LOG);
  }

  /**
   * As {@link #poisson()} with another link.
   *
   * @param link {@link Link#LOG}, {@link Link#SQRT} or {@link Link#IDENTITY}
   * @return the family
   * @throws IllegalArgumentException if the link is none of these
   */
  public static Family poisson(Link link) {
    return new PoissonFamily(link);
  }

  /**
   * Positive amounts whose error grows with their size; V = μ², φ is estimated, inverse link.
   *
   * @return the family
   */
  public static Family gamma() {
    return gamma(Link.INVERSE);
  }

  /**
   * As {@link #gamma()} with another link.
   *
   * @param link {@link Link#INVERSE}, {@link Link#LOG} or {@link Link#IDENTITY}
   * @return the family
   * @throws IllegalArgumentException if the link is none of these
   */
  public static Family gamma(Link link) {
    return new GammaFamily(link);
  }

  /**
   * Any numbers with errors of the same size; V = 1, φ = σ² is estimated, identity link.
   *
   * @return the family
   */
  public static Family gaussian() {
    return gaussian(Link.IDENTITY);
  }

  /**
   * As {@link #gaussian()} with another link.
   *
   * @param link {@link Link#IDENTITY} or {@link Link#LOG}
   * @return the family
   * @throws IllegalArgumentException if the link is none of these
   */
  public static Family gaussian(Link link) {
    return new GaussianFamily(link);
  }

  /**
   * The family's name.
   *
   * @return Binomial, Poisson, Gamma or Gaussian
   */
  public String name() {
    return name;
  }

  /**
   * The link.
   *
   * @return g
   */
  public Link link() {
    return link;
  }

  /** μ. */
  final Expression mean() {
    return link.mean(ETA);
  }

  /** w dℓ/dη = w (y − μ) μ′/V. */
  abstract Expression score();

  /** The expected curvature, w μ′²/V. */
  abstract Expression fisher();

  /** The observed curvature, the same where the link is the family's canonical one. */
  abstract Expression observed();

  /** The deviance of a row but for a part that does not depend on η; cheap. */
  abstract Expression objective();

  /** What {@link #objective()} leaves out. */
  abstract Expression saturation();

  /** The deviance of a row, accurate where the mean is near the response. */
  abstract Expression deviance();

  /** Pearson's residual (y − μ)√(w/V), as score/√(expected curvature): y − μ may have no digit. */
  final Expression pearson() {
    Expression residual = score().dividedBy(fisher().max(Double.MIN_NORMAL).sqrt());
    return link == Link.INVERSE ? residual.negate() : residual;
  }

  /** η to begin with, of y and w: that of the response brought into the range of means. */
  abstract Expression start();

  /** Whether a response is one. */
  abstract Expression isAllowed();

  /** Which responses are. */
  abstract String allowed();

  /** Whether η has a mean, or null if it always has. */
  Expression isValid() {
    return link.isPositive() ? ETA.greaterThan(0) : null;
  }

  /**
   * Where the rest 1 − h of a leverage is one, and not what rounding left of 0.
   *
   * @param rest 1 − h
   * @param a where it is
   * @param otherwise where h is 1 but for rounding: no other row tells of such a row's coefficient
   */
  static Expression ifRest(Expression rest, Expression a, Expression otherwise) {
    return Functions.where(rest.greaterThan(1e-10), a, otherwise);
  }

  /** Whether φ = 1. */
  abstract boolean isDispersionKnown();

  /**
   * What is summed up for the log-likelihood.
   *
   * @param weighted whether there are prior weights
   */
  abstract Expression likelihood(boolean weighted);

  /**
   * The log-likelihood at a deviance, the dispersion that of the largest likelihood or R's estimate
   * of it.
   *
   * @param total Σ of {@link #likelihood} at the fit
   * @param fitDeviance at the fit
   * @param deviance at which
   * @param rows n
   * @param weight Σ w
   */
  abstract double logLikelihood(
      double total, double fitDeviance, double deviance, double rows, double weight);

  /** a where y &gt; 0, else 0: for y log y. */
  static Expression ifPositive(Expression y, Expression a) {
    return Functions.where(y.greaterThan(0), a, ZERO);
  }

  /**
   * Whether the other object is the same family with the same link.
   *
   * @param other any object
   * @return whether equal
   */
  @Override
  public boolean equals(Object other) {
    return other instanceof Family that && name.equals(that.name) && link == that.link;
  }

  /**
   * A hash of name and link.
   *
   * @return the hash
   */
  @Override
  public int hashCode() {
    return Objects.hash(name, link);
  }

  /** Name and link, such as {@code Binomial(logit)}. */
  @Override
  public String toString() {
    return name + "(" + link + ")";
  }
}
