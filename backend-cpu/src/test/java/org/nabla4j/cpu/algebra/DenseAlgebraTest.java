package org.nabla4j.cpu.algebra;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eigenvalues, orthogonal bases, Cholesky factors and norms of small matrices and vectors. */
class DenseAlgebraTest {

  private static double[] vector(Random random, int p) {
    return random.doubles(p).map(x -> 2 * x - 1).toArray();
  }

  @Test
  void eigenvectorsRebuildTheMatrix() {
    long seed = 5;
    Random random = new Random(seed);
    for (int p : new int[] {1, 2, 3, 4, 7, 13, 40}) {
      for (double scale : new double[] {1, 1e-200, 1e200}) {
        double[] a = SymmetricMatrices.random(random, p);
        for (int i = 0; i < p * p; i++) {
          a[i] *= scale;
        }
        SymmetricEigen eigen = new SymmetricEigen(p);
        eigen.decompose(a, p);
        for (int k = 0; k < p; k++) {
          double[] e = new double[p];
          e[k] = 1;
          double[] column = new double[p];
          double[] same = new double[p];
          for (int i = 0; i < p; i++) {
            double c = eigen.component(i, e);
            eigen.add(i, eigen.value(i) * c, column);
            eigen.add(i, c, same);
            assertTrue(i == 0 || eigen.value(i) >= eigen.value(i - 1));
          }
          for (int j = 0; j < p; j++) {
            assertEquals(a[j * p + k] / scale, column[j] / scale, 1e-13 * p, "seed " + seed);
            assertEquals(e[j], same[j], 1e-13 * p);
          }
        }
      }
    }
  }

  @Test
  void eigenvaluesOfSpecialMatrices() {
    SymmetricEigen eigen = new SymmetricEigen(3);
    eigen.decompose(new double[9], 3);
    assertEquals(0, eigen.value(0));
    assertEquals(0, eigen.value(2));
    eigen.decompose(new double[] {2, 0, 0, 0, -1, 0, 0, 0, 5}, 3);
    assertEquals(-1, eigen.value(0));
    assertEquals(5, eigen.value(2));
    eigen.decompose(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, 3);
    assertEquals(0, eigen.value(0), 1e-15);
    assertEquals(3, eigen.value(2), 1e-15);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 20})
  void eigenvaluesAndVectors(int n) {
    double[] a = SymmetricMatrices.random(new Random(n), n);
    SymmetricEigen eigen = new SymmetricEigen(n, a);
    double[] found = new double[n];
    for (int k = 0; k < n; k++) {
      found[k] = eigen.value(k);
      for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) {
          sum += a[i * n + j] * eigen.vector(k, j);
        }
        assertEquals(eigen.value(k) * eigen.vector(k, i), sum, 1e-13 * n);
      }
    }
    assertEquals(Arrays.stream(found).min().orElseThrow(), eigen.value(0));
    Arrays.sort(found);
    double[] expected = SymmetricMatrices.eigenvalues(n, a);
    for (int k = 0; k < n; k++) {
      assertEquals(expected[k], found[k], 1e-13 * n);
    }
  }

  @Test
  void squaresOfEigenvectorsRebuildABlock() {
    int n = 4;
    double[] a = SymmetricMatrices.random(new Random(3), n);
    SymmetricEigen eigen = new SymmetricEigen(n, a);
    double[] larger = new double[(n + 2) * (n + 2)];
    for (int k = 0; k < n; k++) {
      eigen.addSquare(k, eigen.value(k), larger, n + 3, n + 2);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        assertEquals(a[i * n + j], larger[(i + 1) * (n + 2) + j + 1], 1e-14);
      }
    }
    for (int j = 0; j < n + 2; j++) {
      assertEquals(0, larger[j]);
      assertEquals(0, larger[j * (n + 2)]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 12})
  void basesAreOrthogonalAndLeaveOutWhatDepends(int n) {
    Random random = new Random(n);
    int independent = (n + 1) / 2;
    double[] vectors = new double[(independent + 1) * n];
    for (int i = 0; i < independent * n; i++) {
      vectors[i] = random.nextGaussian();
    }
    for (int j = 0; j < n; j++) { // the last is the first plus the one before the last
      vectors[independent * n + j] = vectors[j] + vectors[(independent - 1) * n + j];
    }
    OrthogonalBasis basis = new OrthogonalBasis(n, vectors, independent + 1);
    assertEquals(independent, basis.rank());
    for (int k = 0; k < n; k++) {
      for (int l = 0; l < n; l++) {
        double dot = 0;
        for (int i = 0; i < n; i++) {
          dot += basis.get(i, k) * basis.get(i, l);
        }
        assertEquals(k == l ? 1 : 0, dot, 1e-14);
      }
      for (int c = 0; c <= independent && k >= independent; c++) {
        double dot = 0;
        for (int i = 0; i < n; i++) {
          dot += basis.get(i, k) * vectors[c * n + i];
        }
        assertEquals(0, dot, 1e-13);
      }
    }
    double[] a = SymmetricMatrices.random(random, n);
    double[] back = basis.rotatedBack(basis.rotated(a));
    for (int i = 0; i < n * n; i++) {
      assertEquals(a[i], back[i], 1e-13);
    }
    double[] b = random.doubles(n, -1, 1).toArray();
    double[] x = new double[independent + 1];
    basis.leastSquares(b, x);
    double[] rest = b.clone();
    for (int c = 0; c <= independent; c++) {
      for (int j = 0; j < n; j++) {
        rest[j] -= x[c] * vectors[c * n + j];
      }
    }
    for (int c = 0; c <= independent; c++) {
      double dot = 0;
      for (int j = 0; j < n; j++) {
        dot += rest[j] * vectors[c * n + j];
      }
      assertEquals(0, dot, 1e-12);
    }
  }

  @Test
  void updatesMeetTheSecantEquationAndTheDenseFormula() {
    long seed = 23;
    Random random = new Random(seed);
    for (int p : new int[] {1, 2, 3, 8}) {
      CholeskyUpdate factor = new CholeskyUpdate(p);
      factor.reset(0.5);
      double[][] columns = {vector(random, p), vector(random, p)};
      for (int round = 0; round < 20; round++) {
        double[] s = vector(random, p);
        double[] y = s.clone(); // (I + MMᵀ)s
        for (double[] column : columns) {
          Vectors.add(Vectors.dot(column, s), column, y);
        }
        double[] bs = new double[p];
        double sy = Vectors.dot(s, y);
        double sbs = factor.multiply(s, bs);
        double[] expected = new double[p * p];
        for (int i = 0; i < p; i++) {
          for (int j = 0; j < p; j++) {
            expected[i * p + j] = factor.entry(i, j) - bs[i] * bs[j] / sbs + y[i] * y[j] / sy;
          }
        }
        assertTrue(factor.update(s, y, sy));
        double size = 1 + Vectors.dot(y, y) / sy;
        for (int i = 0; i < p; i++) {
          for (int j = 0; j < p; j++) {
            assertEquals(expected[i * p + j], factor.entry(i, j), 1e-11 * size, "seed " + seed);
          }
        }
        factor.multiply(s, bs);
        for (int j = 0; j < p; j++) {
          assertEquals(y[j], bs[j], 1e-11 * size, "seed " + seed);
        }
      }
      double[] b = vector(random, p);
      double[] x = new double[p];
      double[] image = new double[p];
      double half = factor.solveNegative(b, x);
      assertEquals(2 * half, factor.multiply(x, image), 1e-9 * half);
      for (int j = 0; j < p; j++) {
        assertEquals(-b[j], image[j], 1e-8);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 12})
  void factorsAndTheirSystems(int n) {
    Random random = new Random(n);
    double[] root = random.doubles((long) n * n, -1, 1).toArray();
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        a[i * n + j] = i == j ? 0.5 : 0;
        for (int k = 0; k < n; k++) {
          a[i * n + j] += root[i * n + k] * root[j * n + k];
        }
      }
    }
    double[] l = Cholesky.factor(n, a, 0, 0);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        for (int k = 0; k < n; k++) {
          sum += l[i * n + k] * l[j * n + k];
        }
        assertEquals(a[i * n + j], sum, 1e-14 * n);
        assertTrue(j <= i || l[i * n + j] == 0);
      }
    }
    double[] b = random.doubles(n, -1, 1).toArray();
    double[] x = new double[n];
    double half = Cholesky.solveNegative(n, l, b, x);
    double product = 0;
    for (int i = 0; i < n; i++) {
      double sum = b[i];
      for (int j = 0; j < n; j++) {
        sum += a[i * n + j] * x[j];
      }
      assertEquals(0, sum, 1e-12);
      product -= b[i] * x[i];
    }
    assertEquals(product, 2 * half, 1e-12);
    double[] same = b.clone();
    Cholesky.solveNegative(n, l, same, same);
    assertArrayEquals(x, same);
  }

  @Test
  void whatIsNotPositiveDefiniteHasNoFactor() {
    assertNull(Cholesky.factor(2, new double[] {1, 2, 2, 1}, 0, 0));
    assertNull(Cholesky.factor(1, new double[1], 0, 0));
    assertNull(Cholesky.factor(1, new double[] {Double.NaN}, 0, 0));
    assertNull(Cholesky.factor(1, new double[] {Double.POSITIVE_INFINITY}, 0, 0));
    double[] close = {1, 1, 1, 1 + 1e-9};
    assertNull(Cholesky.factor(2, close, 1e-8, 0));
    assertNull(Cholesky.factor(2, close, 0, 1e-8));
    assertTrue(Cholesky.factor(2, close, 1e-10, 1e-10) != null);
  }

  @Test
  void normsOfAnySize() {
    assertEquals(0, Vectors.norm(new double[3]));
    assertEquals(5, Vectors.norm(new double[] {3, 4, 12}, 2));
    assertEquals(5e200, Vectors.norm(new double[] {3e200, 4e200}), 1e186);
    assertEquals(5e-200, Vectors.norm(new double[] {3e-200, 4e-200}), 1e-214);
    assertEquals(
        Double.POSITIVE_INFINITY, Vectors.norm(new double[] {1, Double.NEGATIVE_INFINITY}));
    assertTrue(Double.isNaN(Vectors.norm(new double[] {1, Double.NaN})));
  }
}
