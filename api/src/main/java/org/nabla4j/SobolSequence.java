package org.nabla4j;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Points that fill the unit cube evenly (Sobol 1967), with the direction numbers of Joe and Kuo
 * (2008), in the order of Gray codes (Antonov and Saleev 1979).
 *
 * <p>Every coordinate is moved by a digital shift of its own, the same each time: the points fill
 * the cube as evenly as before, but none lies in the middle, on an axis of symmetry or on the
 * border, where a gradient may vanish for no other reason.
 */
final class SobolSequence {

  /** Most coordinates. */
  static final int MAX_DIMENSION = 200;

  private static final int BITS = 32;

  /** Direction numbers by coordinate, the first bit of each the highest. */
  private final int[][] directions;

  private final int[] state;
  private final int[] shift;
  private int index;

  /**
   * A sequence from its first point on.
   *
   * @param dimension coordinates, 1 to {@link #MAX_DIMENSION}
   */
  SobolSequence(int dimension) {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new IllegalArgumentException(
          "dimension = " + dimension + ", expected 1 to " + MAX_DIMENSION);
    }
    directions = new int[dimension][BITS];
    state = new int[dimension];
    shift = new int[dimension];
    for (int bit = 0; bit < BITS; bit++) {
      directions[0][bit] = 1 << (BITS - 1 - bit);
    }
    read(dimension);
    for (int d = 0; d < dimension; d++) {
      shift[d] = (int) (mix((d + 1) * 0x9E3779B97F4A7C15L) >>> 32);
    }
  }

  private void read(int dimension) {
    InputStream stream = SobolSequence.class.getResourceAsStream("sobol.txt");
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      int d = 1;
      while (d < dimension) {
        String line = lines.readLine();
        if (!line.startsWith("#")) {
          fill(directions[d++], line.split(" "));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("sobol.txt of this library cannot be read", e);
    }
  }

  /** v_i = m_i/2^i, and beyond the degree s by the recurrence of the polynomial. */
  private static void fill(int[] v, String[] numbers) {
    int s = Integer.parseInt(numbers[0]);
    int a = Integer.parseInt(numbers[1]);
    for (int i = 0; i < s; i++) {
      v[i] = Integer.parseInt(numbers[2 + i]) << (BITS - 1 - i);
    }
    for (int i = s; i < BITS; i++) {
      v[i] = v[i - s] ^ (v[i - s] >>> s);
      for (int k = 1; k < s; k++) {
        v[i] ^= ((a >>> (s - 1 - k)) & 1) * v[i - k];
      }
    }
  }

  /** Spreads the bits of a number (Steele, Lea and Flood 2014). */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The next point, each coordinate above 0 and below 1. */
  double[] next() {
    double[] point = new double[state.length];
    for (int d = 0; d < point.length; d++) {
      long bits = (state[d] ^ shift[d]) & 0xFFFFFFFFL;
      point[d] = (bits + 0.5) * 0x1p-32;
    }
    int bit = Integer.numberOfTrailingZeros(~index);
    index++;
    for (int d = 0; bit < BITS && d < state.length; d++) {
      state[d] ^= directions[d][bit];
    }
    return point;
  }
}
