package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * Inverse trigonometric functions as lane arithmetic: reduced by
 *
 * <pre>
 *   atan t = π/2 − atan(1/t)   for t > 1
 *   asin x = π/2 − 2·asin √((1 − x)/2)   for x > ½
 * </pre>
 *
 * <p>to minimax polynomials of own computation (Remez), with π in two parts.
 */
final class InverseTrigonometry {

  /** (atan t / t − 1) / t² in t², |t| ≤ 1; error 2^-57.7. */
  private static final double[] ATAN = {
    -0.33333333333333093,
    0.19999999999955578,
    -0.14285714282808618,
    0.1111111101382235,
    -0.09090907122260225,
    0.07692281222876167,
    -0.06666415306689812,
    0.05880594495550792,
    -0.05253814686304512,
    0.047233260901778595,
    -0.0422180811039852,
    0.03669545627498228,
    -0.029988766835322006,
    0.02208924417197443,
    -0.01399899732870326,
    0.007266305693588185,
    -0.0029209142958158208,
    0.0008440587828373522,
    -0.00015492538712687516,
    1.350251515435798E-5
  };

  /** The same for float; 2^-28.7. */
  private static final double[] ATAN_FLOAT = {
    -0.33333302,
    0.19998646,
    -0.14265323,
    0.10957987,
    -0.08420676,
    0.058255672,
    -0.031477,
    0.0110759875,
    -0.0018298132
  };

  /** (asin s / s − 1) / s² in s², |s| ≤ ½; error 2^-55.9. */
  private static final double[] ASIN = {
    0.16666666666665383,
    0.07500000000343092,
    0.04464285682343728,
    0.03038195933306776,
    0.022371753482873385,
    0.01735977166622222,
    0.013884593395901486,
    0.01217331012039637,
    0.006510729366444473,
    0.019574223147017157,
    -0.016294539687086225,
    0.03195926560189613
  };

  /** The same for float; 2^-27.6. */
  private static final double[] ASIN_FLOAT = {
    0.16666754, 0.074952416, 0.04547714, 0.024147423, 0.042218838
  };

  private InverseTrigonometry() {}

  /** atan x. Error: 1.6 ulp (1.6 in float). */
  static Real atan(LaneCode c, Real x) {
    Real one = c.constant(1);
    Real magnitude = c.abs(x);
    Mask steep = c.gt(magnitude, one);
    Real t = c.div(c.select(steep, one, magnitude), c.select(steep, magnitude, one));
    Real p = arc(c, t);
    Real y = c.select(steep, c.add(halfPi(c), c.sub(halfPiLow(c), p)), p);
    return FloatingFormat.withSign(c, y, FloatingFormat.sign(c, x));
  }

  /**
   * Angle of the point (x, y). Error: 1.6 ulp (1.5 in float). Special cases as {@link Math#atan2}.
   */
  static Real atan2(LaneCode c, Real y, Real x) {
    FloatingFormat f = FloatingFormat.of(c);
    Real zero = c.constant(0);
    Real one = c.constant(1);
    Real infinity = c.constant(Double.POSITIVE_INFINITY);
    Real ax = c.abs(x);
    Real ay = c.abs(y);
    Mask steep = c.gt(ay, ax);
    Real larger = c.select(steep, ay, ax);
    Real smaller = c.select(steep, ax, ay);
    // 0/0 is angle 0 from the axis, ∞/∞ the diagonal
    Mask diagonal = c.and(c.eq(ax, infinity), c.eq(ay, infinity));
    Real denominator = c.select(c.or(diagonal, c.eq(larger, zero)), one, larger);
    Real p = arc(c, c.div(c.select(diagonal, one, smaller), denominator));
    Bits left = FloatingFormat.sign(c, x);
    Mask isLeft = c.lt(c.toBits(x), c.bits(0));
    Bits turned = c.select(steep, c.xor(left, c.bits(f.signBit)), left);
    Real half = c.select(steep, halfPi(c), zero);
    Real halfLow = c.select(steep, halfPiLow(c), zero);
    Real base = c.select(c.and(isLeft, c.not(steep)), pi(c), half);
    Real baseLow = c.select(c.and(isLeft, c.not(steep)), piLow(c), halfLow);
    Real angle = c.add(base, c.add(baseLow, FloatingFormat.flip(c, p, turned)));
    return FloatingFormat.withSign(c, angle, FloatingFormat.sign(c, y));
  }

  /** asin x. Error: 1.2 ulp (1.2 in float). NaN where |x| > 1. */
  static Real asin(LaneCode c, Real x) {
    Halved h = halve(c, c.abs(x));
    Real minusTwice = c.mul(h.s, c.constant(-2));
    Real difference = c.add(halfPi(c), minusTwice);
    Real lost = c.add(FloatingFormat.sumError(c, halfPi(c), minusTwice, difference), halfPiLow(c));
    Real large = c.add(difference, c.fma(minusTwice, h.rest, lost));
    Real y = c.select(h.large, large, c.fma(h.s, h.rest, h.s));
    return FloatingFormat.withSign(c, y, FloatingFormat.sign(c, x));
  }

  /** acos x. Error: 1.2 ulp (1.2 in float). NaN where |x| > 1. */
  static Real acos(LaneCode c, Real x) {
    Halved h = halve(c, c.abs(x));
    Mask negative = c.lt(x, c.constant(0));
    Real s = FloatingFormat.flip(c, h.s, FloatingFormat.sign(c, x));
    // |x| ≤ ½: π/2 − asin x
    Real middle = c.sub(halfPi(c), c.sub(s, c.fma(c.neg(s), h.rest, halfPiLow(c))));
    // 2·asin s, or π less that
    Real twice = c.add(s, s);
    Real zero = c.constant(0);
    Real end =
        c.add(
            c.add(c.select(negative, pi(c), zero), twice),
            c.fma(twice, h.rest, c.select(negative, piLow(c), zero)));
    return c.select(h.large, end, middle);
  }

  /**
   * What asin and acos have in common.
   *
   * @param large whether |x| > ½
   * @param s |x|, or √((1 − |x|)/2) for large ones
   * @param rest asin s / s − 1
   */
  private record Halved(Mask large, Real s, Real rest) {}

  private static Halved halve(LaneCode c, Real magnitude) {
    Real half = c.constant(0.5);
    Mask large = c.gt(magnitude, half);
    Real z = c.select(large, c.fma(magnitude, c.neg(half), half), c.mul(magnitude, magnitude));
    Real s = c.select(large, c.sqrt(z), magnitude);
    return new Halved(large, s, c.mul(z, polynomial(c, z, pick(c, ASIN, ASIN_FLOAT))));
  }

  /** atan t for 0 ≤ t ≤ 1. */
  private static Real arc(LaneCode c, Real t) {
    Real z = c.mul(t, t);
    return c.fma(c.mul(t, z), polynomial(c, z, pick(c, ATAN, ATAN_FLOAT)), t);
  }

  private static Real pi(LaneCode c) {
    return pick(c, 0x1.921fb54442d18p1, 0x1.921fb6p1);
  }

  private static Real piLow(LaneCode c) {
    return pick(c, 0x1.1a62633145c07p-53, -0x1.777a5cp-24);
  }

  private static Real halfPi(LaneCode c) {
    return pick(c, 0x1.921fb54442d18p0, 0x1.921fb6p0);
  }

  private static Real halfPiLow(LaneCode c) {
    return pick(c, 0x1.1a62633145c07p-54, -0x1.777a5cp-25);
  }
}
