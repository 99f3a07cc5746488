package org.nabla4j.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The number in front of a term: a fraction of decimal numbers as they are written, not 0. Whole
 * numbers are in lowest terms.
 *
 * @param numerator above, with the sign
 * @param denominator below, positive
 */
record Coefficient(BigDecimal numerator, BigDecimal denominator) {

  static final Coefficient ONE = new Coefficient(BigDecimal.ONE, BigDecimal.ONE);

  private static final BigDecimal THREE = BigDecimal.valueOf(3);

  /** Enough for products of two numbers of double precision. */
  private static final MathContext DIGITS = MathContext.DECIMAL128;

  /** Digits of a quotient that is still written as one number. */
  private static final int SHORT = 15;

  /** A number of so few digits, but for a few roundings, has those digits alone: 0.1·3 is 0.3. */
  private static final int FEW = 10;

  private static final int NOISE = 4;

  /** Beyond these powers of ten products are not computed. */
  private static final int LARGEST_POWER = 250;

  /** Highest power of a number that is computed. */
  private static final int HIGHEST = 64;

  /** A finite number other than 0. */
  static Coefficient of(double value) {
    if (Math.abs(value) == 1.0 / 3) {
      return new Coefficient(BigDecimal.valueOf(Math.signum(value)), THREE).reduced();
    }
    BigDecimal written = new BigDecimal(Double.toString(value));
    BigDecimal few = written.round(new MathContext(SHORT)).stripTrailingZeros();
    double off = Math.abs(few.doubleValue() - value);
    boolean noise = few.precision() <= FEW && off <= NOISE * Math.ulp(value);
    return new Coefficient(noise ? few : written, BigDecimal.ONE).reduced();
  }

  boolean isNegative() {
    return numerator.signum() < 0;
  }

  /** Whether it is 1 or −1. */
  boolean isUnit() {
    return numerator.abs().compareTo(BigDecimal.ONE) == 0
        && denominator.compareTo(BigDecimal.ONE) == 0;
  }

  Coefficient negated() {
    return new Coefficient(numerator.negate(), denominator);
  }

  Coefficient inverse() {
    return isNegative()
        ? new Coefficient(denominator.negate(), numerator.negate())
        : new Coefficient(denominator, numerator);
  }

  /** The product, null if it leaves the range in which a double is sure to hold it. */
  Coefficient times(Coefficient other) {
    return new Coefficient(
            numerator.multiply(other.numerator, DIGITS),
            denominator.multiply(other.denominator, DIGITS))
        .reduced()
        .inRange();
  }

  /** The power, null if it leaves the range. */
  Coefficient power(int n) {
    if (isUnit()) {
      return n % 2 == 0 ? ONE : this;
    }
    if (n > HIGHEST) {
      return null;
    }
    return new Coefficient(numerator.pow(n, DIGITS), denominator.pow(n, DIGITS))
        .reduced()
        .inRange();
  }

  /** The sum, null if it is 0. */
  Coefficient plus(Coefficient other) {
    BigDecimal sum =
        numerator
            .multiply(other.denominator, DIGITS)
            .add(other.numerator.multiply(denominator, DIGITS), DIGITS);
    return sum.signum() == 0
        ? null
        : new Coefficient(sum, denominator.multiply(other.denominator, DIGITS)).reduced();
  }

  /** In lowest terms where both are whole numbers; as one number where that is a short one. */
  private Coefficient reduced() {
    if (isWhole(numerator) && isWhole(denominator)) {
      BigInteger above = numerator.toBigIntegerExact();
      BigInteger below = denominator.toBigIntegerExact();
      BigInteger common = above.gcd(below);
      return new Coefficient(
          new BigDecimal(above.divide(common)), new BigDecimal(below.divide(common)));
    }
    BigDecimal quotient = numerator.divide(denominator, DIGITS).stripTrailingZeros();
    boolean single = quotient.precision() <= SHORT || denominator.compareTo(BigDecimal.ONE) == 0;
    return single ? new Coefficient(quotient, BigDecimal.ONE) : this;
  }

  private static boolean isWhole(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    return plain.scale() <= 0 && plain.precision() - plain.scale() <= SHORT;
  }

  private Coefficient inRange() {
    return inRange(numerator) && inRange(denominator) ? this : null;
  }

  private static boolean inRange(BigDecimal value) {
    BigDecimal rounded = value.abs().round(new MathContext(1, RoundingMode.DOWN));
    return Math.abs(rounded.precision() - rounded.scale()) <= LARGEST_POWER;
  }
}
