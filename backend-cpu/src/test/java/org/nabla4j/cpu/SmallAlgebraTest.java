package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.QRDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.cpu.algebra.SmallCholesky;
import org.nabla4j.cpu.codegen.KernelCompiler;

/** Cholesky and QR factorisations against those of another library. */
class SmallAlgebraTest {

  private static RealMatrix random(Random random, int n, int p) {
    RealMatrix a = new Array2DRowRealMatrix(n, p);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        a.setEntry(i, j, random.nextGaussian() * Math.pow(10, j % 5 - 2));
      }
    }
    return a;
  }

  private static double[] byRows(RealMatrix m) {
    int p = m.getColumnDimension();
    double[] values = new double[m.getRowDimension() * p];
    for (int i = 0; i < values.length; i++) {
      values[i] = m.getEntry(i / p, i % p);
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "5,3", "13,7", "40,12"})
  void qrSolvesAndInverts(int n, int p) {
    Random random = new Random(31 * n + p);
    RealMatrix a = random(random, n, p);
    double[] b = random.doubles(n, -1, 1).toArray();
    HouseholderQr qr = new HouseholderQr(n, p + 1);
    for (int j = 0; j < p; j++) {
      System.arraycopy(a.getColumn(j), 0, qr.matrix(), j * n, n);
    }
    double[] rotated = b.clone();
    assertTrue(qr.factorise(p, rotated) > 1e-3);
    double[] x = new double[p];
    qr.solve(rotated, x);
    RealVector expected = new QRDecomposition(a).getSolver().solve(new ArrayRealVector(b));
    for (int j = 0; j < p; j++) {
      double length = new ArrayRealVector(a.getColumn(j)).getNorm();
      assertEquals(length, qr.scale(j), 1e-14 * length);
      assertEquals(expected.getEntry(j), x[j] / length, 1e-12 * expected.getNorm());
    }
    double[] inverse = new double[p * p];
    qr.invertGram(inverse);
    RealMatrix gram = a.transposeMultiply(a);
    double[] unit = byRows(gram.multiply(new Array2DRowRealMatrix(square(inverse, p))));
    assertArrayEquals(byRows(MatrixUtils.createRealIdentityMatrix(p)), unit, 1e-8);
    assertEquals(new ArrayRealVector(b).getNorm(), new ArrayRealVector(rotated).getNorm(), 1e-13);
  }

  private static double[][] square(double[] values, int p) {
    double[][] rows = new double[p][p];
    for (int i = 0; i < p * p; i++) {
      rows[i / p][i % p] = values[i];
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8})
  void qrSeesDependentColumns(int p) {
    int n = 2 * p;
    RealMatrix a = random(new Random(p), n, p);
    HouseholderQr qr = new HouseholderQr(n, p);
    for (int j = 0; j < p; j++) {
      double[] column = a.getColumn(j == p - 1 ? 0 : j);
      System.arraycopy(column, 0, qr.matrix(), j * n, n);
    }
    assertTrue(qr.factorise(p, new double[n]) < 1e-13);
    assertEquals(0, new HouseholderQr(p - 1, p).factorise(p, new double[p]));
    assertEquals(0, new HouseholderQr(n, p).factorise(p, new double[n]));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 12})
  void choleskySolvesAndInverts(int p) {
    Random random = new Random(p);
    RealMatrix j = new Array2DRowRealMatrix(3 * p, p);
    for (int i = 0; i < 3 * p; i++) {
      for (int k = 0; k < p; k++) {
        j.setEntry(i, k, random.nextGaussian());
      }
    }
    RealMatrix a = j.transposeMultiply(j);
    double damping = 0.25;
    RealMatrix damped = a.add(MatrixUtils.createRealIdentityMatrix(p).scalarMultiply(damping));
    SmallCholesky cholesky = new SmallCholesky(p);
    cholesky.factorise(byRows(a), damping);
    double[] b = random.doubles(p, -1, 1).toArray();
    double[] x = new double[p];
    double half = cholesky.solve(b, x);
    RealVector expected = new LUDecomposition(damped).getSolver().solve(new ArrayRealVector(b));
    assertArrayEquals(expected.toArray(), x, 1e-12);
    double form = expected.dotProduct(new ArrayRealVector(b));
    assertEquals(0.5 * form, half, 1e-12);
    assertEquals(form, cholesky.inverseForm(b), 1e-12);
    double[] inverse = new double[p * p];
    cholesky.invert(inverse);
    assertArrayEquals(byRows(MatrixUtils.inverse(damped)), inverse, 1e-12);
    assertTrue(cholesky.smallestPivot() > 0 && cholesky.smallestPivot() <= 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5})
  void choleskyGoesOnWhereTheMatrixIsSingular(int p) {
    double[] a = new double[p * p];
    Arrays.fill(a, 1);
    SmallCholesky cholesky = new SmallCholesky(p);
    cholesky.factorise(a, 0);
    assertTrue(cholesky.smallestPivot() <= 1e-15);
    double[] x = new double[p];
    cholesky.solve(a, x);
    for (double v : x) {
      assertTrue(Double.isFinite(v));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 17, 24})
  void curvaturesAreInverted(int p) {
    RealMatrix j = random(new Random(p), 3 * p, p);
    RealMatrix h = j.transposeMultiply(j);
    CurvatureInverse inverse = new CurvatureInverse(KernelCompiler.scalar(false), p);
    for (int k = 0, e = 0; k < p; k++) {
      for (int m = 0; m <= k; m++) {
        inverse.set(e++, 0, h.getEntry(k, m));
      }
    }
    inverse.invert(1);
    RealMatrix expected = MatrixUtils.inverse(h);
    for (int k = 0, e = inverse.inverse(0); k < p; k++) {
      for (int m = 0; m <= k; m++, e += inverse.lanes()) {
        double size = Math.sqrt(expected.getEntry(k, k) * expected.getEntry(m, m));
        assertEquals(expected.getEntry(k, m), inverse.array()[e], 1e-11 * size);
      }
    }
    assertTrue(inverse.pivot(0) > 1e-3 && inverse.pivot(0) <= 1, "" + inverse.pivot(0));
    // the last two parameters do the same, then the last one nothing
    for (boolean nothing : new boolean[] {false, true}) {
      for (int m = 0; p > 1 && m < p; m++) {
        double value = m == p - 1 ? h.getEntry(p - 2, p - 2) : h.getEntry(p - 2, m);
        inverse.set(p * (p - 1) / 2 + m, 0, nothing ? 0 : value);
      }
      inverse.invert(1);
      assertTrue(p == 1 || !(inverse.pivot(0) > 1e-13), "" + inverse.pivot(0));
    }
  }
}
