package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Estimates on noisy data of known parameters, and on data that hold no answer. */
class StartValuesTest {

  private static double[] grid(int n, double from, double to) {
    double[] x = new double[n];
    for (int k = 0; k < n; k++) {
      x[k] = from + (to - from) * k / (n - 1);
    }
    return x;
  }

  private static double[] noisy(double[] x, DoubleUnaryOperator f, double noise, long seed) {
    Random random = new Random(seed);
    double[] y = new double[x.length];
    for (int k = 0; k < y.length; k++) {
      y[k] = f.applyAsDouble(x[k]) + noise * random.nextGaussian();
    }
    return y;
  }

  private static void assertClose(double[] expected, double[] actual, double relative) {
    for (int j = 0; j < expected.length; j++) {
      double scale = Math.max(Math.abs(expected[j]), 0.2 * Math.abs(expected[0]));
      assertEquals(expected[j], actual[j], relative * scale, "parameter " + j);
    }
  }

  private static void shuffle(double[] x, double[] y) {
    SplittableRandom random = new SplittableRandom(9);
    for (int k = x.length - 1; k > 0; k--) {
      int other = random.nextInt(k + 1);
      double t = x[k];
      x[k] = x[other];
      x[other] = t;
      t = y[k];
      y[k] = y[other];
      y[other] = t;
    }
  }

  @Test
  void exponentials() {
    double[][] cases = {{2, 0.7, 0.5}, {-3, 1.5, 4}, {5, 0.2, -1}, {0.4, -0.5, 1}, {1e6, 3, 2e5}};
    for (double[] p : cases) {
      double[] x = grid(60, 0, 6);
      double[] y = noisy(x, t -> p[0] * Math.exp(-p[1] * t) + p[2], 0.005 * Math.abs(p[0]), 1);
      assertClose(p, StartValues.exponentialDecay(x, y), 0.3);
    }
  }

  @Test
  void exponentialsFarFromTheOrigin() {
    double[] x = grid(50, 1000, 1010);
    double[] y = noisy(x, t -> 2 * Math.exp(-0.5 * (t - 1000)) + 1, 0, 1);
    double[] p = StartValues.exponentialDecay(x, y);
    assertEquals(0.5, p[1], 0.02);
    assertEquals(1, p[2], 0.05);
    assertEquals(2, p[0] * Math.exp(-p[1] * 1000), 0.1);
  }

  @Test
  void peaks() {
    double[][] cases = {{3, 1.2, 0.4, 0.5}, {-2, -1, 0.7, 5}, {100, 3, 0.25, 0}, {1, 0, 0.5, -7}};
    for (double[] p : cases) {
      double[] x = grid(101, -5, 5);
      double[] y =
          noisy(
              x,
              t -> p[0] * Math.exp(-0.5 * Math.pow((t - p[1]) / p[2], 2)) + p[3],
              0.03 * Math.abs(p[0]),
              2);
      shuffle(x, y);
      double[] q = StartValues.gaussianPeak(x, y);
      assertEquals(p[0], q[0], 0.2 * Math.abs(p[0]));
      assertEquals(p[1], q[1], 0.3 * p[2]);
      assertEquals(p[2], q[2], 0.3 * p[2]);
      assertEquals(p[3], q[3], 0.1 * Math.abs(p[0]));
    }
  }

  @Test
  void logistics() {
    double[][] cases = {{10, 1.5, 2}, {0.3, -2, -1}, {-4, 1, 0.5}};
    for (double[] p : cases) {
      double[] x = grid(80, -6, 6);
      double[] y =
          noisy(x, t -> p[0] / (1 + Math.exp(-p[1] * (t - p[2]))), 0.01 * Math.abs(p[0]), 3);
      double[] q = StartValues.logistic(x, y);
      assertEquals(p[0], q[0], 0.1 * Math.abs(p[0]));
      assertEquals(p[1], q[1], 0.3 * Math.abs(p[1]));
      assertEquals(p[2], q[2], 0.3);
    }
  }

  @Test
  void powerLaws() {
    double[][] cases = {{2, 1.5}, {-3, 0.5}, {50, -2}};
    for (double[] p : cases) {
      double[] x = grid(40, 0.5, 10);
      double[] y = noisy(x, t -> p[0] * Math.pow(t, p[1]), 0.01 * Math.abs(p[0]), 4);
      assertClose(p, StartValues.powerLaw(x, y), 0.1);
    }
  }

  @Test
  void sinusoids() {
    double[][] cases = {{2, 3, 0.5, 1}, {0.5, 12, -2, -4}, {10, 0.9, 3, 100}};
    for (double[] p : cases) {
      // Not equidistant, and few points per period for the fast one.
      Random random = new Random(5);
      double[] x = random.doubles(90, 0, 10).toArray();
      double[] y = noisy(x, t -> p[0] * Math.sin(p[1] * t + p[2]) + p[3], 0.1 * p[0], 6);
      double[] q = StartValues.sinusoid(x, y);
      assertEquals(p[0], q[0], 0.15 * p[0]);
      assertEquals(p[1], q[1], 0.05);
      assertEquals(0, Math.sin((p[2] - q[2]) / 2), 0.15);
      assertEquals(p[3], q[3], 0.15 * p[0]);
      assertTrue(q[2] > -Math.PI - 1e-12 && q[2] < Math.PI + 1e-12);
    }
  }

  @Test
  void sinusoidsOfManyPoints() {
    double[] x = grid(20_000, 0, 500);
    double[] y = noisy(x, t -> Math.sin(4 * t), 0.5, 7);
    double[] q = StartValues.sinusoid(x, y);
    assertEquals(4, q[1], 0.01);
    assertEquals(1, q[0], 0.1);
  }

  @Test
  void missingPointsAreLeftOut() {
    double[] x = grid(50, 0, 5);
    double[] y = noisy(x, t -> 2 * Math.exp(-t) + 1, 0, 1);
    double[] whole = StartValues.exponentialDecay(x, y);
    y[7] = Double.NaN;
    x[20] = Double.NaN;
    y[33] = Double.POSITIVE_INFINITY;
    assertClose(whole, StartValues.exponentialDecay(x, y), 0.05);
  }

  @Test
  void dataWithoutAnswerGiveFiniteStarts() {
    double[] x = grid(20, 0, 1);
    double[] flat = new double[20];
    double[] noise = new Random(8).doubles(20, -1, 1).toArray();
    for (StartGuess shape : StartGuess.values()) {
      for (double[] y : new double[][] {noise, flat}) {
        double[] p = shape.estimate(x, y);
        assertEquals(shape.parameters(), p.length);
        for (double value : p) {
          // A power law cannot be told from zeros alone.
          boolean hopeless = shape == StartGuess.POWER_LAW && y == flat;
          assertTrue(hopeless || Double.isFinite(value), shape + " " + value);
        }
      }
    }
  }

  @Test
  void tooFewPointsGiveNotANumber() {
    for (StartGuess shape : StartGuess.values()) {
      double[] p = shape.estimate(new double[] {1}, new double[] {1});
      assertEquals(shape.parameters(), p.length);
      assertTrue(Double.isNaN(p[0]), shape.toString());
    }
  }

  @Test
  void lengthsAreChecked() {
    assertEquals(
        "y has length 2, expected 3 as x",
        assertThrows(
                IllegalArgumentException.class,
                () -> StartValues.powerLaw(new double[3], new double[2]))
            .getMessage());
  }
}
