package org.nabla4j.objective;

import java.util.Locale;
import java.util.Objects;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;
import org.nabla4j.program.LossFunction;

/**
 * How a squared residual s = r² counts: the cost of a fit is ½Σρ(s).
 *
 * <p>Every loss has ρ(0) = 0 and ρ'(0) = 1, so that small residuals count as in ordinary least
 * squares; from about |r| = δ on they count less. Residuals are weighted ones: with σ given, δ is
 * in units of σ.
 *
 * <p>References: P. J. Huber (1964), Annals of Mathematical Statistics 35; A. E. Beaton, J. W.
 * Tukey (1974), Technometrics 16; B. Triggs et al. (2000), Bundle Adjustment, section 4.
 */
public final class Loss implements LossFunction {

  /** The shapes of loss. */
  public enum Kind {
    /** ρ(s) = s. */
    LINEAR,
    /** ρ(s) = s for s ≤ δ², else 2δ√s - δ². */
    HUBER,
    /** ρ(s) = 2δ²(√(1 + s/δ²) - 1). */
    SOFT_L1,
    /** ρ(s) = δ² log(1 + s/δ²). */
    CAUCHY,
    /** ρ(s) = δ²/3·(1 - (1 - s/δ²)³) for s ≤ δ², else δ²/3. */
    TUKEY
  }

  private static final Expression ONE = Expression.constant(1);

  private static final Loss LINEAR = new Loss(Kind.LINEAR, 1);

  private final Kind kind;
  private final double delta;

  private Loss(Kind kind, double delta) {
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("delta = " + delta + ", expected a finite value > 0");
    }
    this.kind = kind;
    this.delta = delta;
  }

  /**
   * Ordinary least squares, ρ(s) = s.
   *
   * @return the loss
   */
  public static Loss linear() {
    return LINEAR;
  }

  /**
   * Huber's loss: quadratic up to δ, linear beyond. δ = 1.345 σ has 95 % efficiency on normal data.
   *
   * @param delta δ, finite and &gt; 0
   * @return the loss
   * @throws IllegalArgumentException if δ is out of range
   */
  public static Loss huber(double delta) {
    return new Loss(Kind.HUBER, delta);
  }

  /**
   * Soft L1, the smooth relative of Huber's loss: ρ(s) = 2δ²(√(1 + s/δ²) - 1).
   *
   * @param delta δ, finite and &gt; 0
   * @return the loss
   * @throws IllegalArgumentException if δ is out of range
   */
  public static Loss softL1(double delta) {
    return new Loss(Kind.SOFT_L1, delta);
  }

  /**
   * Cauchy's (Lorentzian) loss: ρ(s) = δ² log(1 + s/δ²). δ = 2.385 σ has 95 % efficiency on normal
   * data.
   *
   * @param delta δ, finite and &gt; 0
   * @return the loss
   * @throws IllegalArgumentException if δ is out of range
   */
  public static Loss cauchy(double delta) {
    return new Loss(Kind.CAUCHY, delta);
  }

  /**
   * Tukey's biweight, which ignores residuals beyond δ altogether. δ = 4.685 σ has 95 % efficiency
   * on normal data. It is not convex: start near the solution.
   *
   * @param delta δ, finite and &gt; 0
   * @return the loss
   * @throws IllegalArgumentException if δ is out of range
   */
  public static Loss tukey(double delta) {
    return new Loss(Kind.TUKEY, delta);
  }

  /**
   * The shape.
   *
   * @return the kind of loss
   */
  public Kind kind() {
    return kind;
  }

  /**
   * The residual at which the loss departs from the square.
   *
   * @return δ; 1 and without meaning for the linear loss
   */
  public double delta() {
    return delta;
  }

  /**
   * Whether this is ordinary least squares.
   *
   * @return true for ρ(s) = s
   */
  public boolean isLinear() {
    return kind == Kind.LINEAR;
  }

  /**
   * ρ(s).
   *
   * @param s the squared residual, ≥ 0
   * @return its loss
   */
  public double rho(double s) {
    double square = delta * delta;
    double z = s / square;
    return switch (kind) {
      case LINEAR -> s;
      case HUBER -> s <= square ? s : 2 * delta * Math.sqrt(s) - square;
      // 2δ²(√(1+z) - 1) = 2s/(√(1+z) + 1) does not cancel for small z.
      case SOFT_L1 -> 2 * s / (Math.sqrt(1 + z) + 1);
      case CAUCHY -> square * Math.log1p(z);
      // (1 - (1-z)³)/3 = z(1 - z + z²/3)
      case TUKEY -> s <= square ? s * (1 - z * (1 - z / 3)) : nanOr(s, square / 3);
    };
  }

  /**
   * ρ'(s), the factor by which a residual's square is weighted in iteratively reweighted least
   * squares.
   *
   * @param s the squared residual, ≥ 0
   * @return the weight, 1 at s = 0
   */
  public double weight(double s) {
    double square = delta * delta;
    double z = s / square;
    return switch (kind) {
      case LINEAR -> 1;
      case HUBER -> s <= square ? 1 : delta / Math.sqrt(s);
      case SOFT_L1 -> 1 / Math.sqrt(1 + z);
      case CAUCHY -> 1 / (1 + z);
      case TUKEY -> s <= square ? (1 - z) * (1 - z) : nanOr(s, 0);
    };
  }

  private static double nanOr(double s, double value) {
    return Double.isNaN(s) ? s : value;
  }

  /**
   * ρ(s) as an expression, the same formula as {@link #rho(double)}.
   *
   * @param s the squared residual
   * @return its loss
   */
  @Override
  public Expression rho(Expression s) {
    Objects.requireNonNull(s, "s");
    double square = delta * delta;
    return switch (kind) {
      case LINEAR -> s;
      case HUBER ->
          Functions.where(s.lessOrEqual(square), s, s.sqrt().times(2 * delta).minus(square));
      case SOFT_L1 -> s.times(2).dividedBy(s.dividedBy(square).plus(1).sqrt().plus(1));
      case CAUCHY -> s.dividedBy(square).log1p().times(square);
      case TUKEY -> {
        Expression z = s.dividedBy(square);
        Expression inner = ONE.minus(z.times(ONE.minus(z.dividedBy(3))));
        // asked so that NaN gives NaN
        yield Functions.where(
            s.greaterThan(square), Expression.constant(square / 3), s.times(inner));
      }
    };
  }

  /**
   * ρ'(s) as an expression, the same formula as {@link #weight(double)}.
   *
   * @param s the squared residual
   * @return the weight
   */
  @Override
  public Expression weight(Expression s) {
    Objects.requireNonNull(s, "s");
    double square = delta * delta;
    return switch (kind) {
      case LINEAR -> ONE;
      case HUBER ->
          Functions.where(
              s.lessOrEqual(square), ONE, Expression.constant(delta).dividedBy(s.sqrt()));
      case SOFT_L1 -> ONE.dividedBy(s.dividedBy(square).plus(1).sqrt());
      case CAUCHY -> ONE.dividedBy(s.dividedBy(square).plus(1));
      case TUKEY -> {
        Expression rest = ONE.minus(s.dividedBy(square));
        yield Functions.where(s.greaterThan(square), Expression.constant(0), rest.times(rest));
      }
    };
  }

  /**
   * ψ'(r) = ρ'(s) + 2sρ''(s), the slope of the influence ψ(r) = r·ρ'(r²) that a residual has. It
   * falls where a residual counts less, and may be negative.
   *
   * @param s the squared residual, ≥ 0
   * @return the slope, 1 at s = 0
   */
  public double influenceSlope(double s) {
    double square = delta * delta;
    double z = s / square;
    return switch (kind) {
      case LINEAR -> 1;
      case HUBER -> s <= square ? 1 : nanOr(s, 0);
      case SOFT_L1 -> 1 / ((1 + z) * Math.sqrt(1 + z));
      case CAUCHY -> (1 - z) / (1 + z) / (1 + z);
      case TUKEY -> s <= square ? (1 - z) * (1 - 5 * z) : nanOr(s, 0);
    };
  }

  /**
   * ψ'(r) as an expression, the same formula as {@link #influenceSlope(double)}.
   *
   * @param s the squared residual
   * @return the slope
   */
  public Expression influenceSlope(Expression s) {
    Objects.requireNonNull(s, "s");
    double square = delta * delta;
    Expression z = s.dividedBy(square);
    return switch (kind) {
      case LINEAR -> ONE;
      case HUBER -> Functions.where(s.greaterThan(square), Expression.constant(0), ONE);
      case SOFT_L1 -> ONE.dividedBy(z.plus(1).times(z.plus(1).sqrt()));
      case CAUCHY -> ONE.minus(z).dividedBy(z.plus(1)).dividedBy(z.plus(1));
      case TUKEY ->
          Functions.where(
              s.greaterThan(square),
              Expression.constant(0),
              ONE.minus(z).times(ONE.minus(z.times(5))));
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Loss that && kind == that.kind && delta == that.delta;
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Double.hashCode(delta);
  }

  @Override
  public String toString() {
    return kind == Kind.LINEAR
        ? "linear"
        : kind.name().toLowerCase(Locale.ROOT) + "(" + delta + ")";
  }
}
