package org.nabla4j.cpu.codegen;

import static org.nabla4j.cpu.codegen.FloatingFormat.pick;
import static org.nabla4j.cpu.codegen.FloatingFormat.polynomial;

import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/**
 * The logarithm of the gamma function and its first two derivatives as lane arithmetic.
 *
 * <p>Large arguments: Stirling's series (Abramowitz and Stegun 6.1.40, 6.3.18, 6.4.12) with a
 * minimax polynomial in 1/x² in place of its divergent sum. Small ones: the recurrence (6.1.15,
 * 6.3.5, 6.4.6) leads to an interval with a polynomial. Negative arguments go out of line. All
 * polynomials are of own computation (Remez).
 */
final class GammaFunctions {

  /** log Γ(2 + w) / (w·(1 + w)) − ½, −¾ ≤ w ≤ ½; error 2^-56.5. */
  private static final double[] LOG_GAMMA = {
    -0.07721566490153287,
    -0.10031730167435396,
    0.032965000621157745,
    -0.012384192193363942,
    0.004998641164514686,
    -0.0021081308344402788,
    0.0009153769288947306,
    -0.0004057073819312158,
    0.0001825525195214178,
    -8.309540717518563E-5,
    3.817006775045744E-5,
    -1.7658666471463805E-5,
    8.215766133136466E-6,
    -3.866799044745478E-6,
    1.825103675732072E-6,
    -7.786806578528985E-7,
    3.986839298184242E-7,
    -3.4417975118025115E-7,
    1.7985113175632545E-8,
    8.264943699096517E-8,
    1.3756111414353046E-7
  };

  /** The same for float; 2^-27.5. */
  private static final double[] LOG_GAMMA_FLOAT = {
    -0.077215664,
    -0.10031732,
    0.032965127,
    -0.012383189,
    0.004996245,
    -0.002120853,
    0.0009279715,
    -0.00034223683,
    0.00017275917,
    -0.0001973824
  };

  /** x·(log Γ(x) − (x − ½)·log x + x − ½ log 2π) in 1/x², x ≥ 3.5; error 2^-55.6. */
  private static final double[] STIRLING = {
    0.08333333333333211,
    -0.0027777777768379364,
    0.0007936505802054669,
    -0.0005952158571913238,
    0.00084047466417767,
    -0.0018731939883161316,
    0.0054250530888452,
    -0.014920644934758408,
    0.024007877248689184
  };

  /** The same for float; 2^-29.7. */
  private static final double[] STIRLING_FLOAT = {0.083333306, -0.0027749024, 0.0007194543};

  /** ψ(x₀ + w) / w − 1 for 1 ≤ x₀ + w ≤ 2, x₀ the zero; error 2^-56.0. */
  private static final double[] DIGAMMA = {
    -0.03232775455237883,
    -0.4427631689835915,
    0.25849976095565075,
    -0.16394270544260248,
    0.10782405069138852,
    -0.07219956123780864,
    0.04880428814872071,
    -0.03316112728709849,
    0.022597649044294277,
    -0.015424746523426118,
    0.010538768957738356,
    -0.0072048104352176665,
    0.004927151644847827,
    -0.0033673715625263914,
    0.0023014154866082305,
    -0.001590057628272444,
    0.001101808455628453,
    -0.0006975403620264763,
    0.00042011328903855785,
    -0.0004009565699879469,
    0.00040211229695607907,
    -0.00017656412233492007
  };

  /** The same for float; 2^-30.5. */
  private static final double[] DIGAMMA_FLOAT = {
    -0.032327756,
    -0.44276318,
    0.2584999,
    -0.16394176,
    0.10781754,
    -0.07222252,
    0.048925463,
    -0.03295263,
    0.02157421,
    -0.016070826,
    0.014448841,
    -0.0076263063
  };

  /** x²·(log x − 1/(2x) − ψ(x)) in 1/x², x ≥ 2; error 2^-54.1. */
  private static final double[] DIGAMMA_LARGE = {
    0.08333333333316831,
    -0.008333333277695998,
    0.003968247059798023,
    -0.004166215538105542,
    0.007557579473511234,
    -0.02059547802772834,
    0.07342892689370202,
    -0.29032313435805124,
    1.088028464882228,
    -3.4298313425549787,
    8.305652873195072,
    -14.138342448802693,
    14.881819575159899,
    -7.239657486770058
  };

  /** The same for float; 2^-31.3. */
  private static final double[] DIGAMMA_LARGE_FLOAT = {
    0.08333321, -0.00832682, 0.0038484551, -0.0030836232, 0.0019286276
  };

  /** ψ′(1.5 + w), |w| ≤ ½; error 2^-56.4. */
  private static final double[] TRIGAMMA = {
    0.9348022005446793,
    -0.8287966442343201,
    0.7045455170012297,
    -0.5790416377778624,
    0.46306452509936097,
    -0.36214936502540973,
    0.27808081348890434,
    -0.21030987305255916,
    0.15705319572896118,
    -0.11604072427952082,
    0.08496893169203971,
    -0.06174042015650386,
    0.04456458474411219,
    -0.03198535478438157,
    0.02286151454820267,
    -0.016252318917723035,
    0.011389682278037216,
    -0.008052506246459142,
    0.00617581423146279,
    -0.004297086496848543,
    0.0016549506924200862,
    -0.0012147834413983297,
    0.0029108633099780164,
    -0.0019838447536693095
  };

  /** The same for float; 2^-29.3. */
  private static final double[] TRIGAMMA_FLOAT = {
    0.9348022,
    -0.8287966,
    0.70454556,
    -0.5790458,
    0.46306568,
    -0.3620169,
    0.27801728,
    -0.21209796,
    0.15808755,
    -0.10452695,
    0.077621534,
    -0.09579071,
    0.06768916
  };

  /** x³·(ψ′(x) − 1/x − 1/(2x²)) in 1/x², x ≥ 2; error 2^-53.6. */
  private static final double[] TRIGAMMA_LARGE = {
    0.166666666666544,
    -0.03333333326897607,
    0.02380951191102519,
    -0.03333220518906136,
    0.07569259659774377,
    -0.25059956499177327,
    1.0965367249134226,
    -5.59536647541679,
    29.014135298231636,
    -136.35780343292836,
    535.5094070726371,
    -1654.8468510361859,
    3805.2184287525374,
    -6067.315680721821,
    5955.1520209541395,
    -2701.524764042553
  };

  /** The same for float; 2^-28.2. */
  private static final double[] TRIGAMMA_LARGE_FLOAT = {
    0.16666599, -0.033288926, 0.022846974, -0.023395909, 0.017004913
  };

  /** ½ log 2π − ½. */
  private static final double HALF_LOG_2_PI_LESS_HALF = 0x1.acfe390c97d69p-2;

  private GammaFunctions() {}

  /**
   * log |Γ(x)|. Error for x > 0, zeros included: 1.7 ulp (1.9 in float); below 0 that of {@link
   * SlowPaths}.
   */
  static Real lgamma(LaneCode c, Real x) {
    Real zero = c.constant(0);
    Real one = c.constant(1);
    Real half = c.constant(0.5);
    Mask toZero = c.lt(x, c.constant(0.25));
    Mask toOne = c.lt(x, c.constant(1.25));
    Mask toTwo = c.lt(x, c.constant(2.5));
    Mask small = c.lt(x, c.constant(3.5));
    // Γ(x) = Γ(2 + w) / (x·(x + 1)), / x, · 1, · (x − 1)
    Real nearest =
        c.select(toOne, c.select(toZero, zero, one), c.select(toTwo, c.constant(2), c.constant(3)));
    Real w = c.sub(x, nearest);
    Real factor =
        c.select(
            toOne,
            c.select(toZero, c.fma(x, x, x), x),
            c.select(toTwo, one, c.select(small, c.sub(x, one), x)));
    Real positive = c.select(c.gt(factor, zero), factor, one);
    Logarithms.Extended log = Logarithms.extended(c, positive);
    // log Γ(2 + w) = w·(1 + w)·(½ + slope); below 1.25 the term w/2 meets the logarithm first
    Real root = c.mul(w, c.add(w, one));
    Real slope = polynomial(c, w, pick(c, LOG_GAMMA, LOG_GAMMA_FLOAT));
    Real halfW = c.mul(w, half);
    Real first = c.select(toOne, halfW, zero);
    Real second = c.select(toOne, c.mul(w, halfW), c.mul(root, half));
    Real sign = c.select(toOne, c.constant(-1), one);
    Real near =
        c.add(c.fma(sign, log.high(), first), c.fma(sign, log.low(), c.fma(root, slope, second)));
    Real inverse = c.div(one, x);
    Real series =
        c.mul(inverse, polynomial(c, c.mul(inverse, inverse), pick(c, STIRLING, STIRLING_FLOAT)));
    Real u = c.sub(x, half);
    Real rest = c.fma(u, log.low(), c.add(c.constant(HALF_LOG_2_PI_LESS_HALF), series));
    Real far = c.fma(u, c.sub(log.high(), one), rest);
    Real infinity = c.constant(Double.POSITIVE_INFINITY);
    Real y = c.select(small, near, far);
    y = c.select(c.lt(x, infinity), y, x);
    y = c.select(c.eq(x, zero), infinity, y);
    return c.slowPath(c.lt(x, zero), "lgamma", x, y);
  }

  /**
   * ψ(x), the derivative of log Γ. Error for x > 0, the zero included: 1.9 ulp (1.8 in float);
   * below 0 that of {@link SlowPaths}. −∞ at +0, ∞ at −0.
   */
  static Real digamma(LaneCode c, Real x) {
    Real zero = c.constant(0);
    Real one = c.constant(1);
    Mask small = c.lt(x, c.constant(2));
    Mask first = c.lt(x, one);
    Real inverse = c.div(one, x);
    // the zero x₀, or x₀ − 1
    Real x0 = pick(c, 0x1.762d86356be3fp0, 0x1.762d86p0);
    Real x0Low = pick(c, 0x1.b86a722197829p-54, 0x1.ab5f1fp-27);
    Real w = c.sub(x, c.select(first, c.sub(x0, one), x0));
    Real slope = polynomial(c, w, pick(c, DIGAMMA, DIGAMMA_FLOAT));
    Real shift = c.neg(x0Low);
    Real center = c.add(w, c.fma(w, slope, c.fma(shift, slope, shift)));
    Real near = c.sub(center, c.select(first, inverse, zero));
    Logarithms.Extended log = Logarithms.extended(c, c.select(small, one, x));
    Real z = c.mul(inverse, inverse);
    Real series = c.mul(z, polynomial(c, z, pick(c, DIGAMMA_LARGE, DIGAMMA_LARGE_FLOAT)));
    Real rest = c.sub(c.fma(inverse, c.constant(-0.5), log.low()), series);
    Real y = c.select(small, near, c.add(log.high(), rest));
    y = c.select(c.lt(x, c.constant(Double.POSITIVE_INFINITY)), y, x);
    return c.slowPath(c.lt(x, zero), "digamma", x, y);
  }

  /**
   * ψ′(x), the second derivative of log Γ. Error for x > 0: 1.9 ulp (1.9 in float); below 0 that of
   * {@link SlowPaths}.
   */
  static Real trigamma(LaneCode c, Real x) {
    Real zero = c.constant(0);
    Real one = c.constant(1);
    Mask first = c.lt(x, one);
    Real inverse = c.div(one, x);
    Real w = c.sub(x, c.select(first, c.constant(0.5), c.constant(1.5)));
    Real center = polynomial(c, w, pick(c, TRIGAMMA, TRIGAMMA_FLOAT));
    // 1/x², with one rounding less than the square of the inverse
    Real square = c.div(inverse, x);
    Real near = c.add(center, c.select(first, square, zero));
    Real z = c.mul(inverse, inverse);
    Real series = polynomial(c, z, pick(c, TRIGAMMA_LARGE, TRIGAMMA_LARGE_FLOAT));
    Real rest = c.fma(c.mul(z, inverse), series, c.mul(z, c.constant(0.5)));
    Real y = c.select(c.lt(x, c.constant(2)), near, c.add(inverse, rest));
    return c.slowPath(c.lt(x, zero), "trigamma", x, y);
  }
}
