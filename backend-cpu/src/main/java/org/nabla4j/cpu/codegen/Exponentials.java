package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * Exponential functions as lane arithmetic.
 *
 * <p>The argument is reduced to x = n·ln 2 + r, |r| ≤ ln 2 / 2, by adding a large constant whose
 * last bits then hold n, with ln 2 in two parts (Cody and Waite, Software Manual for the Elementary
 * Functions, 1980); e^r is a minimax polynomial of own computation (Remez), and 2^n is made of the
 * bits of n.
 */
final class Exponentials {

  static final double LOG2_E = 0x1.71547652b82fep0;

  /** ln 2 cut off so that its products with exponents are exact, and the rest. */
  static final double LN2_HIGH = 0x1.62e42fefa38p-1;

  static final double LN2_LOW = 0x1.ef35793c7673p-45;
  static final double LN2_HIGH_FLOAT = 0x1.62e4p-1;
  static final double LN2_LOW_FLOAT = 0x1.7f7d1cp-20;

  /** (e^r − 1 − r) / r²; error of e^r 2^-57.9. */
  private static final double[] Q = {
    0.5000000000000011,
    0.16666666666666408,
    0.04166666666652805,
    0.008333333333497043,
    0.0013888888944269553,
    0.0001984126950297112,
    2.4801492364115043E-5,
    2.7557587892103075E-6,
    2.763053253720717E-7,
    2.500010284869432E-8
  };

  /** The same for float; 2^-28.3. */
  private static final double[] Q_FLOAT = {
    0.49999994, 0.1666652, 0.0416684, 0.008368852, 0.0013814374
  };

  /** (2^r − 1) / r, |r| ≤ ½; error of 2^r 2^-55.7. */
  private static final double[] Q2 = {
    0.6931471805599457,
    0.24022650695910097,
    0.05550410866479039,
    0.009618129107607003,
    0.0013333558153439758,
    0.00015403530441572273,
    1.5252727385376279E-5,
    1.3215442675056686E-6,
    1.0180647590077406E-7,
    7.0725704815314966E-9,
    4.0780812441510657E-10
  };

  /** The same for float; 2^-28.6. */
  private static final double[] Q2_FLOAT = {
    0.6931472, 0.2402265, 0.05550327, 0.009618057, 0.0013400428, 0.00015461445
  };

  private Exponentials() {}

  /**
   * x = n·ln 2 + r.
   *
   * @param n the integer, as a real
   * @param shifted the bits of n plus the shifter
   * @param r rest
   * @param low what rounding took from r
   */
  record Reduced(Real n, Bits shifted, Real r, Real low) {}

  static Real ln2High(LaneCode c) {
    return pick(c, LN2_HIGH, LN2_HIGH_FLOAT);
  }

  /** Reduces an argument, with the last bits of {@code shifted} holding n + offset. */
  static Reduced reduce(LaneCode c, Real x, int offset) {
    Real shifter = c.constant(FloatingFormat.of(c).shifter(offset));
    Real t = c.fma(x, c.constant(LOG2_E), shifter);
    Real n = c.sub(t, shifter);
    Real high = c.fma(n, c.neg(ln2High(c)), x);
    Real minusLow = pick(c, -LN2_LOW, -LN2_LOW_FLOAT);
    Real r = c.fma(n, minusLow, high);
    return new Reduced(n, c.toBits(t), r, c.fma(n, minusLow, c.sub(high, r)));
  }

  /**
   * e^x. Error: 1.0 ulp (1.0 in float). Subnormal results are rounded once more, to within 2^-1074
   * (2^-149 in float); below that 0, above the largest number ∞.
   */
  static Real exp(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real shifter = c.constant(f.shifter(2 * f.bias));
    Bits shifted =
        c.min(
            c.toBits(c.fma(x, c.constant(LOG2_E), shifter)),
            c.bits(f.bitsOf(f.shifter(3 * f.bias + 2))));
    Real n = c.sub(c.fromBits(shifted), shifter);
    Real r = c.fma(n, c.neg(ln2High(c)), x);
    r = c.fma(n, pick(c, -LN2_LOW, -LN2_LOW_FLOAT), r);
    return scaled(c, expOfReduced(c, r), shifted, x, pick(c, -750, -105));
  }

  /** 2^x. Error: 1.3 ulp (1.3 in float). Special cases as {@link #exp}. */
  static Real exp2(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real shifter = c.constant(f.shifter(2 * f.bias));
    Bits shifted = c.min(c.toBits(c.add(x, shifter)), c.bits(f.bitsOf(f.shifter(3 * f.bias + 2))));
    Real r = c.sub(x, c.sub(c.fromBits(shifted), shifter));
    return scaled(c, exp2OfReduced(c, r), shifted, x, pick(c, -1080, -152));
  }

  /**
   * 2^(a·x) with the product not rounded (where there is fused multiply-add), the cheapest
   * exponential: for factors that carry log₂ e. Error: 1.3 ulp (1.3 in float) for results between
   * the smallest normal number and half the largest; smaller ones are 0; up to the largest number
   * there are 9 digits (5 in float), and beyond ∞.
   */
  static Real exp2Product(LaneCode c, Real a, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real shifter = c.constant(f.shifter(f.bias));
    Real t = c.fma(a, x, shifter);
    // past the largest exponent r grows instead of n, until the product is ∞
    Bits n = c.min(c.toBits(t), c.bits(f.bitsOf(f.shifter(2 * f.bias))));
    Real r =
        c.target().fma()
            ? c.fma(a, x, c.sub(shifter, c.fromBits(n)))
            : c.sub(c.mul(a, x), c.sub(c.fromBits(n), shifter));
    Real s = c.fromBits(c.shl(n, f.fractionBits));
    // s·(1 + r·q), in the order that waits least
    Real y = c.fma(polynomial(c, r, pick(c, Q2, Q2_FLOAT)), c.mul(s, r), s);
    return c.select(c.lt(t, c.constant(f.shifter(1))), c.constant(0), y);
  }

  /** e^r of a reduced argument. */
  private static Real expOfReduced(LaneCode c, Real r) {
    Real one = c.constant(1);
    Real q = expRest(c, r);
    return c.target().fma()
        ? c.fma(c.fma(q, r, one), r, one)
        : c.add(one, c.add(r, c.mul(c.mul(r, r), q)));
  }

  /** (e^r − 1 − r) / r² of a reduced argument. */
  static Real expRest(LaneCode c, Real r) {
    return polynomial(c, r, pick(c, Q, Q_FLOAT));
  }

  /** 2^r for |r| ≤ ½. */
  static Real exp2OfReduced(LaneCode c, Real r) {
    return c.fma(polynomial(c, r, pick(c, Q2, Q2_FLOAT)), r, c.constant(1));
  }

  /**
   * p·2^n, in two factors so that neither overflows nor is subnormal.
   *
   * @param shifted last bits are n + 2·bias
   * @param x argument of the function
   * @param zeroBelow arguments from which on the result is 0; ∞ must be among them
   */
  static Real scaled(LaneCode c, Real p, Bits shifted, Real x, Real zeroBelow) {
    FloatingFormat f = FloatingFormat.of(c);
    Bits half = c.lshr(shifted, 1);
    Real first = c.fromBits(c.shl(half, f.fractionBits));
    Real second = c.fromBits(c.shl(c.sub(shifted, half), f.fractionBits));
    Real y = c.mul(c.mul(p, first), second);
    return c.select(c.lt(x, zeroBelow), c.constant(0), y);
  }

  /** e^x for x ≤ 0. */
  static Real expOfNegative(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Reduced z = reduce(c, x, 2 * f.bias);
    return scaled(c, c.add(c.constant(1), expm1OfReduced(c, z)), z.shifted, x, pick(c, -750, -105));
  }

  /** e^x − 1 = 2^n·(e^r − 1) + (2^n − 1). Error: 1.5 ulp (1.6 in float). */
  static Real expm1(LaneCode c, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    // half of the result first: 2^n itself may overflow where the result does not
    Reduced z = reduce(c, x, f.bias - 1);
    Real p = expm1OfReduced(c, z);
    Real s = c.fromBits(c.shl(z.shifted, f.fractionBits));
    Real half = c.fma(s, p, c.sub(s, c.constant(0.5)));
    Real y = c.add(half, half);
    y = c.select(c.lt(x, c.constant(-40)), c.constant(-1), y);
    y = c.select(c.gt(x, pick(c, 710, 89)), c.constant(Double.POSITIVE_INFINITY), y);
    // keeps −0 and subnormal numbers
    Real tiny = c.constant(Math.scalb(1.0, -f.fractionBits - 2));
    return c.select(c.lt(c.abs(x), tiny), x, y);
  }

  /** e^r − 1 of a reduced argument. */
  static Real expm1OfReduced(LaneCode c, Reduced z) {
    return c.add(z.r, c.fma(c.mul(z.r, z.r), expRest(c, z.r), z.low));
  }

  /** 1 / (1 + e^−x). Error: 1.7 ulp (1.8 in float). */
  static Real logistic(LaneCode c, Real x) {
    Real e = expOfNegative(c, c.neg(c.abs(x)));
    Real one = c.constant(1);
    Real sum = c.add(one, e);
    Real y = c.div(c.select(c.lt(x, c.constant(0)), e, one), sum);
    // what rounding took from the sum, times some 1 / sum
    Real lost = c.sub(c.sub(sum, one), e);
    return c.fma(c.mul(y, lost), c.fma(sum, c.constant(-0.5), c.constant(1.457)), y);
  }
}
