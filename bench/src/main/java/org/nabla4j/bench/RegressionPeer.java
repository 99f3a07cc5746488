package org.nabla4j.bench;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.ojalgo.OjAlgoUtils;
import org.ojalgo.matrix.decomposition.QR;
import org.ojalgo.matrix.store.MatrixStore;
import org.ojalgo.matrix.store.R064Store;

/**
 * The libraries that linear regressions are compared with, each by QR decomposition and on one
 * core. Each finds its data in the layout that it works on, so that nothing but its own copies is
 * timed. Smile is not among them: its licence, the GPL, does not let it into the benchmarks' jar.
 */
public enum RegressionPeer {
  /** Hipparchus's regression: coefficients and standard errors. */
  HIPPARCHUS("Hipparchus") {
    @Override
    PeerRegression open(RegressionData data) {
      double[][] x = data.matrix();
      double[] y = data.response();
      return (coefficients, errors) -> {
        var regression = new org.hipparchus.stat.regression.OLSMultipleLinearRegression();
        regression.newSampleData(y, x);
        copy(regression.estimateRegressionParameters(), coefficients);
        copy(regression.estimateRegressionParametersStandardErrors(), errors);
      };
    }
  },
  /** Its ancestor in Apache Commons Math. */
  COMMONS_MATH("Commons Math") {
    @Override
    PeerRegression open(RegressionData data) {
      double[][] x = data.matrix();
      double[] y = data.response();
      return (coefficients, errors) -> {
        var regression = new org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression();
        regression.newSampleData(y, x);
        copy(regression.estimateRegressionParameters(), coefficients);
        copy(regression.estimateRegressionParametersStandardErrors(), errors);
      };
    }
  },
  /** EJML's solver for least squares; it knows no inference, which is made of its R. */
  EJML("EJML") {
    @Override
    PeerRegression open(RegressionData data) {
      int n = data.rows();
      int p = data.columns() + 1;
      DMatrixRMaj x = new DMatrixRMaj(n, p);
      for (int j = 0; j < p; j++) {
        for (int i = 0; i < n; i++) {
          x.set(i, j, j == 0 ? 1 : data.column(j - 1)[i]);
        }
      }
      DMatrixRMaj y = DMatrixRMaj.wrap(n, 1, data.response().clone());
      return (coefficients, errors) -> {
        LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.leastSquares(n, p);
        if (solver.modifiesA() || solver.modifiesB() || !solver.setA(x)) {
          throw new IllegalStateException("EJML's solver changes its data, or refuses them");
        }
        DMatrixRMaj beta = new DMatrixRMaj(p, 1);
        solver.solve(y, beta);
        copy(beta.data, coefficients);
        DMatrixRMaj fitted = new DMatrixRMaj(n, 1);
        CommonOps_DDRM.mult(x, beta, fitted);
        QRDecomposition<DMatrixRMaj> decomposition = solver.getDecomposition();
        DMatrixRMaj r = decomposition.getR(null, true);
        errors(r::get, variance(y.data, fitted.data, p), errors);
      };
    }
  },
  /** ojAlgo's QR decomposition; it knows no inference, which is made of its R. */
  OJALGO("ojAlgo") {
    @Override
    PeerRegression open(RegressionData data) {
      OjAlgoUtils.limitThreadsTo(1);
      int n = data.rows();
      int p = data.columns() + 1;
      double[] columns = new double[n * p];
      Arrays.fill(columns, 0, n, 1);
      for (int j = 1; j < p; j++) {
        System.arraycopy(data.column(j - 1), 0, columns, j * n, n);
      }
      R064Store x = R064Store.wrap(columns, n);
      R064Store y = R064Store.wrap(data.response());
      return (coefficients, errors) -> {
        QR<Double> qr = QR.R064.make(x);
        if (!qr.decompose(x)) {
          throw new IllegalStateException("ojAlgo's QR decomposition fails");
        }
        MatrixStore<Double> beta = qr.getSolution(y);
        for (int j = 0; j < p; j++) {
          coefficients[j] = beta.doubleValue(j, 0);
        }
        R064Store fitted = R064Store.FACTORY.make(n, 1);
        x.multiply(beta).supplyTo(fitted);
        MatrixStore<Double> r = qr.getR();
        errors(r::doubleValue, variance(y.data, fitted.data, p), errors);
      };
    }
  };

  private final String title;

  RegressionPeer(String title) {
    this.title = title;
  }

  /**
   * What tables call it.
   *
   * @return its name
   */
  public String title() {
    return title;
  }

  abstract PeerRegression open(RegressionData data);

  /** Fits the rows that it was made for. */
  interface PeerRegression {
    /**
     * Fits them, whole.
     *
     * @param coefficients receives the intercept and p coefficients
     * @param errors receives their standard errors
     */
    void fit(double[] coefficients, double[] errors);
  }

  /** An element of a matrix. */
  private interface Element {
    double at(int row, int column);
  }

  private static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  /** Σ (y − ŷ)²/(n − p). */
  private static double variance(double[] y, double[] fitted, int parameters) {
    double squares = 0;
    for (int i = 0; i < y.length; i++) {
      double residual = y[i] - fitted[i];
      squares += residual * residual;
    }
    return squares / (y.length - parameters);
  }

  /** Standard errors √(s² Σ_k (R⁻¹)_jk²), R upper triangular. */
  private static void errors(Element r, double variance, double[] errors) {
    int p = errors.length;
    double[] sums = new double[p];
    double[] column = new double[p];
    for (int k = 0; k < p; k++) {
      for (int i = k; i >= 0; i--) {
        double value = i == k ? 1 : 0;
        for (int l = i + 1; l <= k; l++) {
          value -= r.at(i, l) * column[l];
        }
        column[i] = value / r.at(i, i);
        sums[i] += column[i] * column[i];
      }
    }
    for (int j = 0; j < p; j++) {
      errors[j] = Math.sqrt(variance * sums[j]);
    }
  }
}
