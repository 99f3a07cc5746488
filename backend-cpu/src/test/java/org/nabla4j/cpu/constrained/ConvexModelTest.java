package org.nabla4j.cpu.constrained;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cpu.algebra.Cholesky;
import org.nabla4j.cpu.algebra.OrthogonalBasis;
import org.nabla4j.cpu.algebra.SymmetricMatrices;

/** Positive definite matrices in place of Hessians. */
class ConvexModelTest {

  /** Positive definite, and Newton's model wherever the active constraints hold. */
  @ParameterizedTest
  @ValueSource(ints = {2, 5, 12})
  void convexModels(int n) {
    int seed = 40 + n;
    Random random = new Random(seed);
    for (int trial = 0; trial < 20; trial++) {
      double[] h = SymmetricMatrices.random(random, n);
      int q = 1 + random.nextInt(n - 1);
      double[] normals = random.doubles((long) q * n, -1, 1).toArray();
      OrthogonalBasis basis = new OrthogonalBasis(n, normals, q);
      double[] m = basis.rotated(h);
      for (int k = q; k < n; k++) { // ZᵀHZ positive definite, H far from it
        m[k * n + k] += 20;
      }
      double[] hessian = basis.rotatedBack(m);
      double[] gradient = random.doubles(n, -1, 1).toArray();
      double[] b = new ConvexModel(n, hessian).positiveDefinite(normals, q, gradient, 10);
      String what = "seed " + seed + ", trial " + trial;
      assertTrue(SymmetricMatrices.eigenvalues(n, b)[0] > 0, what);
      double[] found = basis.rotated(b);
      for (int i = 0; i < n; i++) {
        for (int k = q; k < n; k++) {
          assertEquals(m[i * n + k], found[i * n + k], 1e-11, what);
        }
      }
      double[] plain = new ConvexModel(n, h).positiveDefinite(normals, q, gradient, 10);
      assertTrue(SymmetricMatrices.eigenvalues(n, plain)[0] > 0, what);
    }
  }

  @Test
  void convexHessiansStay() {
    double[] hessian = {2, 1, 1, 2};
    ConvexModel model = new ConvexModel(2, hessian);
    assertTrue(model.isConvex());
    assertEquals(hessian, model.positiveDefinite(new double[0], 0, new double[2], 1));
    double[] none =
        new ConvexModel(2, new double[4]).positiveDefinite(new double[0], 0, new double[2], 1);
    assertTrue(SymmetricMatrices.eigenvalues(2, none)[0] > 0);
  }

  /** Rounding of a large matrix without curvature in some directions must not undo the floor. */
  @ParameterizedTest
  @ValueSource(ints = {2, 6, 13})
  void singularHessians(int n) {
    int seed = 70 + n;
    Random random = new Random(seed);
    for (int trial = 0; trial < 50; trial++) {
      double[] u = random.doubles(n, -1, 1).toArray();
      double[] v = random.doubles(n, -1, 1).toArray();
      double[] hessian = new double[n * n];
      double size = Math.pow(10, random.nextInt(10) - 3);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) { // rank two, with curvature of both signs
          hessian[i * n + j] = size * (u[i] * u[j] - v[i] * v[j]);
        }
      }
      int q = random.nextInt(n + 1);
      double[] normals = random.doubles((long) q * n, -1, 1).toArray();
      double[] gradient = random.doubles(n, -1e-9, 1e-9).toArray();
      ConvexModel model = new ConvexModel(n, hessian);
      for (double[] b :
          new double[][] {
            model.positiveDefinite(normals, q, gradient, 10), model.wellConditioned()
          }) {
        String what = "seed " + seed + ", trial " + trial;
        assertTrue(Cholesky.factor(n, b, 0, 0) != null, what);
        double most = Arrays.stream(b).map(Math::abs).max().orElseThrow();
        assertTrue(most <= 1e10 * size, what + ": " + most);
      }
    }
  }
}
