package org.nabla4j.cpu.algebra;

import java.util.Arrays;
import java.util.Random;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/** Symmetric matrices to test with, by rows. */
public final class SymmetricMatrices {

  private SymmetricMatrices() {}

  /** A matrix of n rows. */
  public static double[] random(Random random, int n) {
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i * n + j] = random.nextGaussian();
        a[j * n + i] = a[i * n + j];
      }
    }
    return a;
  }

  /** Eigenvalues in ascending order, by Hipparchus. */
  public static double[] eigenvalues(int n, double[] a) {
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = Arrays.copyOfRange(a, i * n, (i + 1) * n);
    }
    double[] values =
        new EigenDecompositionSymmetric(new Array2DRowRealMatrix(rows)).getEigenvalues();
    Arrays.sort(values);
    return values;
  }
}
