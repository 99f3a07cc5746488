package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * Sine, cosine and tangent as lane arithmetic.
 *
 * <p>|x| = n·π/2 + r with π/2 in three to five parts (Cody and Waite, Software Manual for the
 * Elementary Functions, 1980), r in two numbers; minimax polynomials of own computation (Remez)
 * give sin r and cos r, and the two last bits of n say which of them, and its sign. Arguments
 * beyond {@link #limit} go out of line.
 */
final class Trigonometry {

  /** (sin r − r) / r³ in r², |r| ≤ π/4; error of sin r 2^-58.0. */
  private static final double[] SIN = {
    -0.16666666666666632,
    0.00833333333332245,
    -0.00019841269829816273,
    2.7557313689767645E-6,
    -2.5050757178345258E-8,
    1.589671402195008E-10
  };

  /** The same for float; 2^-28.0. */
  private static final double[] SIN_FLOAT = {-0.16666655, 0.008332179, -0.00019517171};

  /** (cos r − 1 + r²/2) / r⁴ in r², |r| ≤ π/4; error of cos r 2^-64.2. */
  private static final double[] COS = {
    0.0416666666666666,
    -0.0013888888888874084,
    2.480158728945505E-5,
    -2.7557314343980427E-7,
    2.087572207264171E-9,
    -1.1359582262403563E-11
  };

  /** The same for float; 2^-33.3. */
  private static final double[] COS_FLOAT = {0.041666646, -0.0013887364, 2.4438115E-5};

  /** π/2; with fused multiply-add each part has all bits of a number. */
  private static final double[] FUSED = {
    0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110
  };

  private static final double[] FUSED_FLOAT = {0x1.921fb6p0, -0x1.777a5cp-25, -0x1.ee59dap-50};

  /** π/2 in parts whose products with n are exact, but for the last. */
  private static final double[] CUT = {
    0x1.921fb544p0, 0x1.0b4611a6p-34, 0x1.3198a2ep-69, 0x1.b839a252049c1p-104
  };

  private static final double[] CUT_FLOAT = {
    0x1.92p0, 0x1.fb4p-12, 0x1.444p-24, 0x1.68cp-39, 0x1.1a6264p-54
  };

  private Trigonometry() {}

  /** Larger arguments leave the lanes: 2^30, in float 2^17; without fma 2^20, in float 2^12. */
  private static double limit(LaneCode c) {
    if (c.target().fma()) {
      return c.target().isDouble() ? 0x1p30 : 0x1p17;
    }
    return c.target().isDouble() ? 0x1p20 : 0x1p12;
  }

  /** sin x. Error: 0.8 ulp (0.8 in float). NaN for ±∞. */
  static Real sin(LaneCode c, Real x) {
    Reduced z = reduce(c, x);
    Real y = c.select(z.odd, z.cos, z.sin);
    // quadrants 2 and 3 are negative
    Bits sign = c.xor(quadrantSign(c, z.shifted), FloatingFormat.sign(c, x));
    return outOfLine(c, z.magnitude, "sin", x, FloatingFormat.flip(c, y, sign));
  }

  /** cos x. Error: 0.8 ulp (0.8 in float). NaN for ±∞. */
  static Real cos(LaneCode c, Real x) {
    Reduced z = reduce(c, x);
    Real y = c.select(z.odd, z.sin, z.cos);
    // quadrants 1 and 2 are negative
    Bits sign = quadrantSign(c, c.add(z.shifted, c.bits(1)));
    return outOfLine(c, z.magnitude, "cos", x, FloatingFormat.flip(c, y, sign));
  }

  /** tan x. Error: 0.9 ulp (1.0 in float). NaN for ±∞. */
  static Real tan(LaneCode c, Real x) {
    Reduced z = reduce(c, x);
    Real numerator = c.select(z.odd, z.cos, z.sin);
    Real denominator = c.select(z.odd, z.sin, z.cos);
    // three roundings would be more than the bound: what sine, cosine and quotient lost
    Real lost = c.select(z.odd, z.cosLow, z.sinLow);
    Real denominatorLost = c.select(z.odd, z.sinLow, z.cosLow);
    Real inverse = c.div(c.constant(1), denominator);
    Real q = c.mul(numerator, inverse);
    Real back = c.mul(q, denominator);
    Real backLost = FloatingFormat.productError(c, q, denominator, back);
    Real residual =
        c.add(c.sub(c.sub(numerator, back), backLost), c.sub(lost, c.mul(q, denominatorLost)));
    Real y = c.fma(residual, inverse, q);
    FloatingFormat f = FloatingFormat.of(c);
    int top = f.fractionBits == 52 ? 63 : 31;
    Bits sign = c.xor(c.shl(z.shifted, top), FloatingFormat.sign(c, x));
    return outOfLine(c, z.magnitude, "tan", x, FloatingFormat.flip(c, y, sign));
  }

  private static Real outOfLine(LaneCode c, Real magnitude, String name, Real x, Real fast) {
    return c.slowPath(c.gt(magnitude, c.constant(limit(c))), name, x, fast);
  }

  /** Bit 1 as the sign. */
  private static Bits quadrantSign(LaneCode c, Bits n) {
    FloatingFormat f = FloatingFormat.of(c);
    int top = f.fractionBits == 52 ? 62 : 30;
    return c.and(c.shl(n, top), c.bits(f.signBit));
  }

  /**
   * |x| = n·π/2 + r.
   *
   * @param magnitude |x|
   * @param shifted last bits are those of n
   * @param odd whether n is odd
   * @param sin sin r
   * @param cos cos r
   * @param sinLow what rounding took from the sine
   * @param cosLow what rounding took from the cosine
   */
  private record Reduced(
      Real magnitude, Bits shifted, Mask odd, Real sin, Real cos, Real sinLow, Real cosLow) {}

  private static Reduced reduce(LaneCode c, Real x) {
    Real magnitude = c.abs(x);
    Real shifter = c.constant(FloatingFormat.of(c).shifter(0));
    Real t = c.fma(magnitude, c.constant(2 / Math.PI), shifter);
    Bits shifted = c.toBits(t);
    Mask odd = c.eq(c.and(shifted, c.bits(1)), c.bits(1));
    Real n = c.sub(t, shifter);
    return c.target().fma()
        ? fused(c, magnitude, n, shifted, odd)
        : cut(c, magnitude, n, shifted, odd);
  }

  private static Reduced fused(LaneCode c, Real magnitude, Real n, Bits shifted, Mask odd) {
    double[] p = pick(c, FUSED, FUSED_FLOAT);
    // exact: both x and n times the first part are multiples of the last place of the latter
    Real first = c.fma(n, c.constant(-p[0]), magnitude);
    Real second = c.mul(n, c.constant(p[1]));
    Real r = c.sub(first, second);
    Real low = c.add(c.sub(c.sub(first, r), second), c.fma(n, c.constant(-p[1]), second));
    return kernels(c, magnitude, shifted, odd, r, c.fma(n, c.constant(-p[2]), low));
  }

  private static Reduced cut(LaneCode c, Real magnitude, Real n, Bits shifted, Mask odd) {
    double[] p = pick(c, CUT, CUT_FLOAT);
    Real r = c.sub(magnitude, c.mul(n, c.constant(p[0])));
    Real low = c.constant(0);
    for (int i = 1; i < p.length - 1; i++) {
      Real part = c.mul(n, c.constant(p[i]));
      Real next = c.sub(r, part);
      Real lost = c.sub(c.sub(r, next), part);
      low = i == 1 ? lost : c.add(low, lost);
      r = next;
    }
    low = c.sub(low, c.mul(n, c.constant(p[p.length - 1])));
    return kernels(c, magnitude, shifted, odd, r, low);
  }

  /** sin (r + low) and cos (r + low). */
  private static Reduced kernels(
      LaneCode c, Real magnitude, Bits shifted, Mask odd, Real r, Real low) {
    Real one = c.constant(1);
    Real z = c.mul(r, r);
    Real half = c.mul(z, c.constant(0.5));
    Real w = c.sub(one, half);
    Real s = polynomial(c, z, pick(c, SIN, SIN_FLOAT));
    Real sinRest = c.fma(c.mul(z, r), s, c.mul(low, w));
    Real sin = c.add(r, sinRest);
    Real q = c.mul(z, polynomial(c, z, pick(c, COS, COS_FLOAT)));
    Real rest = c.sub(c.mul(z, q), c.mul(r, low));
    Real cosRest = c.add(c.sub(c.sub(one, w), half), rest);
    Real cos = c.add(w, cosRest);
    return new Reduced(
        magnitude,
        shifted,
        odd,
        sin,
        cos,
        FloatingFormat.sumError(c, r, sinRest, sin),
        FloatingFormat.sumError(c, w, cosRest, cos));
  }
}
