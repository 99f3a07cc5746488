package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * x^y = 2^(y·log₂ x) as lane arithmetic, with log₂ x in two numbers, to some 64 bits (26 + 8 in
 * float): 2·artanh s by the first terms of its series in two numbers (Dekker 1971) and a minimax
 * polynomial of own computation (Remez) for the rest.
 */
final class Power {

  /** ((2·artanh s / s − 2) / s² − ⅔) / s² in s². */
  private static final double[] TAIL = {
    0.40000000000002267,
    0.2857142857009352,
    0.22222222521073406,
    0.18181784262656353,
    0.15386762292727488,
    0.1325669867562637,
    0.13197468946135427
  };

  /** The same for float. */
  private static final double[] TAIL_FLOAT = {0.40000153, 0.28547087, 0.23419741};

  /** (2^r − 1 − r·ln 2) / r², |r| ≤ ½; error of 2^r 2^-57.9. */
  private static final double[] EXP2 = {
    0.24022650695910122,
    0.055504108664820716,
    0.00961812910759648,
    0.0013333558146690382,
    0.00015403530454801768,
    1.525273354399683E-5,
    1.3215436202861517E-6,
    1.0178185239762901E-7,
    7.073654861028663E-9,
    4.4363098029370714E-10
  };

  /** The same for float; 2^-28.3. */
  private static final double[] EXP2_FLOAT = {
    0.24022648, 0.055503618, 0.009618529, 0.0013390387, 0.0001532089
  };

  private Power() {}

  /**
   * A number in two parts.
   *
   * @param high the number, rounded
   * @param low the rest
   */
  private record Two(Real high, Real low) {}

  /** x^y. Error: 1.2 ulp (1.1 in float). Special cases as {@link Math#pow}. */
  static Real pow(LaneCode c, Real x, Real y) {
    FloatingFormat f = FloatingFormat.of(c);
    Real zero = c.constant(0);
    Real one = c.constant(1);
    Real infinity = c.constant(Double.POSITIVE_INFINITY);
    Real magnitude = c.abs(x);
    Real exponent = c.abs(y);
    // beyond this even the x next to 1 give 0 or ∞
    Real most = c.constant(Math.scalb(1.0, f.bias == 1023 ? 64 : 32));
    Real bounded =
        FloatingFormat.flip(
            c, c.select(c.gt(exponent, most), most, exponent), FloatingFormat.sign(c, y));
    Two log = log2(c, magnitude);
    Real high = c.mul(bounded, log.high);
    Real low = c.fma(bounded, log.low, FloatingFormat.productError(c, bounded, log.high, high));
    Real top = pick(c, 1100, 160);
    Real bottom = pick(c, -1200, -180);
    low = c.select(c.lt(c.abs(high), top), low, zero);
    high = c.select(c.gt(high, top), top, high);
    high = c.select(c.lt(high, bottom), bottom, high);
    Real shifter = c.constant(f.shifter(2 * f.bias));
    Real t = c.add(high, shifter);
    Real r = c.sub(high, c.sub(t, shifter));
    Bits half = c.lshr(c.toBits(t), 1);
    Real first = c.fromBits(c.shl(half, f.fractionBits));
    Real second = c.fromBits(c.shl(c.sub(c.toBits(t), half), f.fractionBits));
    Real p = c.mul(c.mul(exp2(c, r, low), first), second);

    // 0 and ∞ to a power
    Mask yNegative = c.lt(y, zero);
    Mask isZero = c.eq(magnitude, zero);
    Mask isInfinite = c.eq(magnitude, infinity);
    Real inverse = c.select(isZero, infinity, zero);
    Real extreme = c.select(yNegative, inverse, magnitude);
    p = c.select(c.or(isZero, isInfinite), extreme, p);

    // negative x: only integer powers, and odd ones are negative
    Mask xNegative = c.lt(c.toBits(x), c.bits(0));
    Real integers = c.constant(Math.scalb(1.0, f.fractionBits));
    Real evens = c.constant(Math.scalb(1.0, f.fractionBits + 1));
    Mask isInteger =
        c.or(c.le(integers, exponent), c.eq(c.sub(c.add(exponent, integers), integers), exponent));
    Real halved = c.mul(exponent, c.constant(0.5));
    Mask isOdd =
        c.and(
            c.and(isInteger, c.lt(exponent, evens)),
            c.ne(c.sub(c.add(halved, integers), integers), halved));
    Real nan = c.constant(Double.NaN);
    Mask none = c.and(c.lt(x, zero), c.and(c.lt(magnitude, infinity), c.not(isInteger)));
    p = c.select(none, nan, p);
    p = c.select(c.and(xNegative, isOdd), c.neg(p), p);

    p = c.select(c.or(c.isNaN(x), c.isNaN(y)), nan, p);
    p = c.select(c.and(c.eq(magnitude, one), c.eq(exponent, infinity)), nan, p);
    p = c.select(c.eq(y, one), x, p);
    return c.select(c.eq(y, zero), one, p);
  }

  /** 2^(r + low) = 1 + e + low·ln 2·(1 + e) with 2^r = 1 + e, |r| ≤ ½. */
  private static Real exp2(LaneCode c, Real r, Real low) {
    Real ln2 = pick(c, 0x1.62e42fefa39efp-1, 0x1.62e43p-1);
    Real square = c.mul(c.mul(r, r), polynomial(c, r, pick(c, EXP2, EXP2_FLOAT)));
    Real small = c.mul(low, ln2);
    Real rest = c.add(square, c.fma(small, c.fma(r, ln2, square), small));
    return c.add(c.constant(1), c.fma(r, ln2, rest));
  }

  /** log₂ of a positive finite number; relative error 2^-64 (2^-33 in float). */
  private static Two log2(LaneCode c, Real x) {
    Logarithms.Split split = Logarithms.split(c, x);
    Real one = c.constant(1);
    Real m = split.m();
    Real numerator = c.sub(m, one);
    Real denominator = c.add(m, one);
    Real denominatorLow = c.sub(m, c.sub(denominator, one));
    Real inverse = c.div(one, denominator);
    Real s = c.mul(numerator, inverse);
    Real product = c.mul(s, denominator);
    Real productLow = FloatingFormat.productError(c, s, denominator, product);
    Real residual = c.sub(c.sub(c.sub(numerator, product), productLow), c.mul(s, denominatorLow));
    Real sLow = c.mul(residual, inverse);
    // z = s²
    Real z = c.mul(s, s);
    Real zLow = c.fma(c.add(s, s), sLow, FloatingFormat.productError(c, s, s, z));
    // a = ⅔ + z·tail, the coefficient of s³
    Real twoThirds = pick(c, 0x1.5555555555555p-1, 0x1.555556p-1);
    Real twoThirdsLow = pick(c, 0x1.5555555555555p-55, -0x1.555556p-26);
    Real tail = c.mul(z, polynomial(c, z, pick(c, TAIL, TAIL_FLOAT)));
    Real a = c.add(twoThirds, tail);
    Real aLow = c.add(FloatingFormat.sumError(c, twoThirds, tail, a), twoThirdsLow);
    // z·a, then s·z·a
    Two za = product(c, z, zLow, a, aLow);
    Two cubic = product(c, s, sLow, za.high, za.low);
    Real twice = c.add(s, s);
    Real log = c.add(twice, cubic.high);
    Real logLow =
        c.add(
            FloatingFormat.sumError(c, twice, cubic.high, log),
            c.add(cubic.low, c.add(sLow, sLow)));
    Two base2 =
        product(
            c,
            log,
            logLow,
            pick(c, 0x1.71547652b82fep0, 0x1.715476p0),
            pick(c, 0x1.777d0ffda0d24p-56, 0x1.4ae0cp-26));
    Real high = c.add(split.k(), base2.high);
    Real low = c.add(FloatingFormat.sumError(c, split.k(), base2.high, high), base2.low);
    // so that low is at most half a last place of high, and the split of the product exact
    Real sum = c.add(high, low);
    return new Two(sum, FloatingFormat.sumError(c, high, low, sum));
  }

  private static Two product(LaneCode c, Real a, Real aLow, Real b, Real bLow) {
    Real p = c.mul(a, b);
    Real e = FloatingFormat.productError(c, a, b, p);
    return new Two(p, c.fma(a, bLow, c.fma(aLow, b, e)));
  }
}
