package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nabla4j.cpu.algebra.SymmetricMatrices;

/** The step in a ball, and the scales of a Hessian. */
class TrustRegionModelTest {

  private static double[] vector(Random random, int p) {
    return random.doubles(p).map(x -> 2 * x - 1).toArray();
  }

  private static double model(double[] a, double[] g, double[] s) {
    int p = g.length;
    double sum = 0;
    for (int i = 0; i < p; i++) {
      sum += g[i] * s[i];
      for (int j = 0; j < p; j++) {
        sum += 0.5 * s[i] * a[i * p + j] * s[j];
      }
    }
    return sum;
  }

  @Test
  void noPointOfTheBallIsBetter() {
    long seed = 17;
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      int p = 1 + random.nextInt(6);
      double[] a = SymmetricMatrices.random(random, p);
      double[] g = vector(random, p);
      double radius = Math.exp(2 * random.nextGaussian());
      double[] s = new double[p];
      TrustRegionModel model = new TrustRegionModel(p);
      model.minimise(a, g, p, radius, s);
      double best = model(a, g, s);
      String where = "seed " + seed + " round " + round;
      assertEquals(-best, model.reduction(), 1e-10 * (1 + Math.abs(best)), where);
      assertTrue(model.length() <= radius * (1 + 1e-9), where);
      for (int k = 0; k < 300; k++) {
        double[] other = vector(random, p);
        double size = 0;
        for (double x : other) {
          size += x * x;
        }
        double scale = radius * (k % 2 == 0 ? 1 : random.nextDouble()) / Math.sqrt(size);
        for (int j = 0; j < p; j++) {
          other[j] *= scale;
        }
        assertTrue(best <= model(a, g, other) + 1e-9 * (1 + Math.abs(best)), where);
      }
    }
  }

  @Test
  void theHardCaseReachesTheBoundary() {
    // g has no part along the eigenvector (0, 1) of −2
    double[] a = {3, 0, 0, -2};
    double[] s = new double[2];
    TrustRegionModel model = new TrustRegionModel(2);
    model.minimise(a, new double[] {1, 0}, 2, 1, s);
    assertEquals(-0.2, s[0], 1e-9);
    assertEquals(Math.sqrt(1 - 0.04), Math.abs(s[1]), 1e-9);
    assertTrue(model.atBoundary());
    model.minimise(a, new double[2], 2, 0.5, s);
    assertEquals(0.5, Math.abs(s[1]), 1e-12);
    assertEquals(0.25, model.reduction(), 1e-12);
    assertFalse(model.isPositiveSemidefinite(a, 2, 1e-11));
  }

  @Test
  void aSingularModelWithAMinimumHasItsShortestStep() {
    double[] ones = {1, 1, 1, 1};
    double[] s = new double[2];
    TrustRegionModel model = new TrustRegionModel(2);
    model.minimise(ones, new double[] {-1, -1}, 2, 10, s);
    assertEquals(0.5, s[0], 1e-12);
    assertEquals(0.5, s[1], 1e-12);
    assertFalse(model.atBoundary());
    assertTrue(model.isPositiveSemidefinite(ones, 2, 1e-11));
    // without a minimum: down to the boundary
    model.minimise(new double[4], new double[] {3, 4}, 2, 10, s);
    assertEquals(-6, s[0], 1e-9);
    assertEquals(-8, s[1], 1e-9);
    assertTrue(model.atBoundary());
  }

  @Test
  void scalesMakeRowsEqual() {
    double[] h = {1e8, 2, 0, 2, 1e-8, 0, 0, 0, 0};
    SymmetricScaling scaling = new SymmetricScaling(3);
    scaling.update(h);
    double[] d = scaling.scale();
    for (int i = 0; i < 2; i++) {
      double largest = 0;
      for (int j = 0; j < 2; j++) {
        largest = Math.max(largest, Math.abs(h[i * 3 + j]) / d[i] / d[j]);
      }
      assertEquals(1, largest, 0.02);
    }
    assertTrue(d[2] > 0);
    double before = d[0];
    scaling.update(new double[] {1, 0, 0, 0, 1, 0, 0, 0, 1});
    assertEquals(before, scaling.scale()[0]); // the running maximum
  }
}
