package org.nabla4j.data;

import java.math.BigInteger;

/**
 * Reads decimal numbers, always to the nearest double, ties to even.
 *
 * <p>A number is w·10^q with a whole w. Where w &lt; 2⁵³ and |q| ≤ 22 both w and 10^|q| are doubles
 * and one multiplication or division rounds once (Clinger 1990, How to read floating point numbers
 * accurately). Otherwise, for w &lt; 2⁶⁴ and |q| ≤ {@value #LARGEST_POWER}, w is multiplied by the
 * first 128 bits of 5^q (Lemire 2021, Number parsing at a gigabyte per second). What is left, which
 * has more digits, is extreme or too near to a tie, goes to {@link Double#parseDouble}.
 */
final class Decimals {

  private static final int LARGEST_POWER = 64;
  private static final int MAX_DIGITS = 19;
  private static final int MAX_EXPONENT = 100_000;

  /** 5^27 is the largest power of five below 2⁶⁴. */
  private static final int SMALLEST_TIE = -27;

  private static final double[] TENS = new double[23];

  /** High and low 64 bits of the first 128 of 5^q, q from -{@value #LARGEST_POWER}. */
  private static final long[] HIGH = new long[2 * LARGEST_POWER + 1];

  private static final long[] LOW = new long[HIGH.length];

  static {
    TENS[0] = 1;
    for (int q = 1; q < TENS.length; q++) {
      TENS[q] = 10 * TENS[q - 1];
    }
    for (int q = -LARGEST_POWER; q <= LARGEST_POWER; q++) {
      BigInteger power = BigInteger.valueOf(5).pow(Math.abs(q));
      BigInteger bits;
      if (q >= 0) {
        bits = power.shiftLeft(128).shiftRight(power.bitLength());
      } else {
        // The reciprocal: rounded up where x·5^q can be a tie, otherwise truncated.
        int ceilLog = power.subtract(BigInteger.ONE).bitLength();
        int scale = q >= SMALLEST_TIE ? ceilLog + 127 : 2 * ceilLog + 128;
        bits = BigInteger.ONE.shiftLeft(scale).divide(power).add(BigInteger.ONE);
        bits = bits.shiftRight(bits.bitLength() - 128);
      }
      HIGH[q + LARGEST_POWER] = bits.shiftRight(64).longValue();
      LOW[q + LARGEST_POWER] = bits.longValue();
    }
  }

  private Decimals() {}

  /**
   * Reads a number: digits with a point among, before or after them, perhaps a sign, perhaps an
   * exponent after e or E; nothing else.
   *
   * @param text holds the number
   * @param from its first character
   * @param to after its last character
   * @param point the decimal sign
   * @return the nearest double, ±∞ if it is too large; NaN if the text is no number
   */
  static double parse(char[] text, int from, int to, char point) {
    int i = from;
    boolean negative = false;
    if (i < to && (text[i] == '-' || text[i] == '+')) {
      negative = text[i] == '-';
      i++;
    }
    long w = 0;
    int start = i;
    int digit;
    while (i < to && (digit = text[i] - '0') >= 0 && digit <= 9) {
      w = 10 * w + digit;
      i++;
    }
    int digits = i - start;
    int q = 0;
    if (i < to && text[i] == point) {
      int fraction = ++i;
      // Four digits at once: the products do not wait for each other.
      while (to - i >= 4) {
        int a = text[i] - '0';
        int b = text[i + 1] - '0';
        int c = text[i + 2] - '0';
        int d = text[i + 3] - '0';
        if ((a | b | c | d | (9 - a) | (9 - b) | (9 - c) | (9 - d)) < 0) {
          break;
        }
        w = 10_000 * w + (1000 * a + 100 * b + 10 * c + d);
        i += 4;
      }
      while (i < to && (digit = text[i] - '0') >= 0 && digit <= 9) {
        w = 10 * w + digit;
        i++;
      }
      q = fraction - i;
      digits += i - fraction;
    }
    if (digits == 0) {
      return Double.NaN;
    }
    if (i < to) {
      if ((text[i] | 0x20) != 'e') {
        return Double.NaN;
      }
      i++;
      boolean negativeExponent = false;
      if (i < to && (text[i] == '-' || text[i] == '+')) {
        negativeExponent = text[i] == '-';
        i++;
      }
      if (i == to) {
        return Double.NaN;
      }
      int exponent = 0;
      while (i < to && (digit = text[i] - '0') >= 0 && digit <= 9) {
        exponent = exponent > MAX_EXPONENT ? exponent : 10 * exponent + digit;
        i++;
      }
      if (i < to) {
        return Double.NaN;
      }
      if (exponent > MAX_EXPONENT) {
        return slow(text, from, to, point);
      }
      q += negativeExponent ? -exponent : exponent;
    }
    if (digits > MAX_DIGITS && digits - leadingZeros(text, start, to, point) > MAX_DIGITS) {
      return slow(text, from, to, point);
    }
    double value = value(w, q);
    if (Double.isNaN(value)) {
      return slow(text, from, to, point);
    }
    return negative ? -value : value;
  }

  /** Zeros before the first other digit; they do not count. */
  private static int leadingZeros(char[] text, int start, int to, char point) {
    int zeros = 0;
    for (int i = start; i < to && (text[i] == '0' || text[i] == point); i++) {
      zeros += text[i] == '0' ? 1 : 0;
    }
    return zeros;
  }

  private static double slow(char[] text, int from, int to, char point) {
    return Double.parseDouble(new String(text, from, to - from).replace(point, '.'));
  }

  /** w·10^q to the nearest, or NaN where that is not known here; w has no sign. */
  private static double value(long w, int q) {
    if (w >>> 53 == 0 && q >= -22 && q <= 22) {
      return q < 0 ? w / TENS[-q] : w * TENS[q];
    }
    if (w == 0) {
      return 0;
    }
    if (q < -LARGEST_POWER || q > LARGEST_POWER) {
      return Double.NaN;
    }
    int shift = Long.numberOfLeadingZeros(w);
    long x = w << shift;
    // The first 128 bits of x·5^q, high:low, of which the last may be too small by one unit.
    long high = multiplyHigh(x, HIGH[q + LARGEST_POWER]);
    long low = x * HIGH[q + LARGEST_POWER];
    if ((high & 0x1ff) == 0x1ff) {
      long carry = multiplyHigh(x, LOW[q + LARGEST_POWER]);
      low += carry;
      if (Long.compareUnsigned(low, carry) < 0) {
        high++;
      }
    }
    if (low == -1 && (q < SMALLEST_TIE || q > 55)) {
      // Bits that are not there could carry.
      return Double.NaN;
    }
    int upper = (int) (high >>> 63);
    // 53 bits and one for rounding.
    long mantissa = high >>> (upper + 9);
    // 217706/2^16 is log2(10) near enough for floor(q·log2(10)).
    int exponent = ((217_706 * q) >> 16) + 63 + upper - shift + 1023;
    if (Long.compareUnsigned(low, 1) <= 0
        && q >= -4
        && q <= 23
        && (mantissa & 3) == 1
        && mantissa << (upper + 9) == high) {
      // A tie: down to the even neighbour.
      mantissa &= ~1L;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa == 1L << 53) {
      mantissa = 1L << 52;
      exponent++;
    }
    return Double.longBitsToDouble((mantissa & ((1L << 52) - 1)) | ((long) exponent << 52));
  }

  /** The high half of the product of numbers without sign. */
  private static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}
