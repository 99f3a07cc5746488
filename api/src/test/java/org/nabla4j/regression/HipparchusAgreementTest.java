package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.hipparchus.stat.regression.OLSMultipleLinearRegression;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Tables;
import org.nabla4j.testing.ReferenceBackend;

/** Ordinary least squares on random data, beside Hipparchus' QR decomposition. */
class HipparchusAgreementTest {

  @Property(tries = 60)
  void ordinaryLeastSquaresAgrees(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int p,
      @ForAll @IntRange(min = 2, max = 40) int spare,
      @ForAll boolean intercept) {
    Random random = new Random(seed);
    int n = p + spare;
    double[][] x = new double[n][p];
    double[] y = new double[n];
    Map<String, double[]> data = new LinkedHashMap<>();
    StringBuilder formula = new StringBuilder("y ~ ");
    for (int j = 0; j < p; j++) {
      double[] column = new double[n];
      for (int i = 0; i < n; i++) {
        column[i] = random.nextGaussian() * (j + 1) + j;
        x[i][j] = column[i];
      }
      data.put("x" + j, column);
      formula.append(j == 0 ? "" : " + ").append("x").append(j);
    }
    for (int i = 0; i < n; i++) {
      y[i] = random.nextGaussian() + x[i][0] + 2;
    }
    data.put("y", y);
    OLSMultipleLinearRegression peer = new OLSMultipleLinearRegression();
    peer.setNoIntercept(!intercept);
    peer.newSampleData(y, x);
    RegressionFit fit =
        OlsSolver.fit(
                Designs.of(formula + (intercept ? "" : " - 1")),
                Tables.columns(data),
                OlsOptions.defaults(),
                new ReferenceBackend(),
                Execution.defaults())
            .fit(0);
    double slack = 1e-13 * Math.pow(fit.conditionNumber() + 10, 2);
    double[] beta = peer.estimateRegressionParameters();
    double[] errors = peer.estimateRegressionParametersStandardErrors();
    double[][] variance = peer.estimateRegressionParametersVariance();
    for (int j = 0; j < beta.length; j++) {
      assertEquals(beta[j], fit.coefficients()[j], slack * (1 + Math.abs(beta[j])));
      assertEquals(errors[j], fit.standardErrors()[j], slack * (1 + errors[j]));
      for (int k = 0; k < beta.length; k++) {
        assertEquals(
            variance[j][k] * peer.estimateErrorVariance(),
            fit.covariance()[j][k],
            slack * (1 + errors[j]) * (1 + errors[k]));
      }
    }
    assertEquals(
        peer.calculateResidualSumOfSquares(), fit.deviance(), slack * (1 + fit.deviance()));
    assertEquals(peer.estimateRegressionStandardError(), fit.sigma(), slack * (1 + fit.sigma()));
    assertEquals(peer.calculateRSquared(), fit.rSquared(), slack);
    assertEquals(peer.calculateAdjustedRSquared(), fit.adjustedRSquared(), slack * n);
  }
}
