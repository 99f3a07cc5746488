package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.testing.ReferenceBackend;

class ElasticNetTest {

  private static final Design CARS = Designs.of("mpg ~ wt + hp + qsec + cyl");

  private static ElasticNetPath fit(Design design, Rows rows, ElasticNet options) {
    return ElasticNetSolver.fit(
        design, rows, options, Accuracy.AUTO, new ReferenceBackend(), Execution.defaults());
  }

  /**
   * R 4.2, glmnet 4.1-6 with thresh = 1e-22. Where α &lt; 1 the response was divided by its
   * standard deviation s and λ converted, λα/s for the absolute values and λ(1 − α) for the
   * squares, since glmnet standardises the response.
   */
  @Test
  void agreesWithGlmnet() {
    double[][] expected = {
      {1, 0.1, 35.7741651663, -3.2937911750765, -0.0147428577909226, 0.13322046101, -0.85685919346},
      {1, 1, 35.3116393673695, -2.59493458650911, -0.0101470848842538, 0, -0.870143119994198},
      {0.5, 0.1, 36.00351796, -3.05923854994, -0.01624854427794, 0.1079587811969, -0.90731776913},
      {0.5, 1, 33.7004995103, -1.9228972382499, -0.0165168989345, 0.00546107243163, -0.8239327797},
      {0, 0.1, 35.640234328, -2.911932385259, -0.017019227050105, 0.11381034688885, -0.92380758347},
      {0, 1, 29.46937750735, -1.731893978755, -0.0161092662995, 0.1810773082076, -0.75568358929514},
    };
    for (double[] row : expected) {
      RegressionFit fit = fit(CARS, Cars.mtcars(), ElasticNet.of(row[1], row[0])).fit(0);
      for (int j = 0; j < 5; j++) {
        assertEquals(row[2 + j], fit.coefficients()[j], 1e-9 * Math.abs(row[2 + j]), fit::method);
      }
      assertEquals(RegressionStatus.SOLVED, fit.status());
    }
  }

  /** R 4.2, glmnet with weights = 1:32, and with standardize = FALSE. */
  @Test
  void agreesWithGlmnetOnWeightsAndRawColumns() {
    Design weighted = Designs.of("mpg ~ wt + hp + qsec + cyl", "number", null);
    assertArrayEquals(
        new double[] {
          37.62717656220246, -3.0317252024719306, -0.0152467933081549, 0, -0.8752791829190814
        },
        fit(weighted, Cars.mtcars(), ElasticNet.of(0.5, 1)).coefficients()[0],
        1e-10);
    assertArrayEquals(
        new double[] {
          36.71412044909904, -2.357480650006988, -0.0293857613853229, 0, -0.7641805179239607
        },
        fit(CARS, Cars.mtcars(), ElasticNet.of(0.5, 1).withStandardization(false))
            .coefficients()[0],
        1e-10);
  }

  /** R 4.2, glmnet: the first three of its own choice of λ; ratio 1e-4 over 100 values. */
  @Test
  void choosesLambdasAsGlmnetDoes() {
    ElasticNetPath path = fit(CARS, Cars.mtcars(), ElasticNet.path(1));
    assertEquals(100, path.count());
    assertEquals(5.14698106283144, path.lambdas()[0], 1e-13);
    assertEquals(4.68973745088373, path.lambdas()[1], 1e-13);
    assertEquals(4.27311410120525, path.lambdas()[2], 1e-13);
    assertEquals(5.14698106283144e-4, path.lambdas()[99], 1e-16);
    assertEquals(0, path.nonZero(0));
    assertEquals(4, path.nonZero(99));
    for (int i = 1; i < 100; i++) {
      assertTrue(path.fit(i).rSquared() >= path.fit(i - 1).rSquared());
    }
    assertTrue(path.bestByBic() > 0);
    assertTrue(path.toString().startsWith("Lasso path of 100 lambdas from 5.14"));
    ElasticNetPath chosen =
        fit(CARS, Cars.mtcars(), ElasticNet.path(0.5).withChosenLambdas(7, 0.01));
    assertEquals(7, chosen.count());
    assertEquals(2 * 5.14698106283144, chosen.lambdas()[0], 1e-13);
    assertEquals(chosen.lambdas()[0] / 100, chosen.lambdas()[6], 1e-15);
  }

  /** Each λ on a path has the solution that it has alone. */
  @Test
  void warmStartsChangeNothing() {
    ElasticNetPath path =
        fit(CARS, Cars.mtcars(), ElasticNet.path(0.7).withChosenLambdas(20, 1e-4));
    for (int i = 0; i < 20; i++) {
      RegressionFit alone = fit(CARS, Cars.mtcars(), ElasticNet.of(path.lambdas()[i], 0.7)).fit(0);
      assertArrayEquals(alone.coefficients(), path.coefficients()[i], 1e-9);
    }
  }

  @Test
  void noPenaltyIsLeastSquares() {
    RegressionFit fit = fit(CARS, Cars.mtcars(), ElasticNet.of(0, 1)).fit(0);
    RegressionFit plain =
        OlsSolver.fit(
                CARS,
                Cars.mtcars(),
                OlsOptions.defaults(),
                new ReferenceBackend(),
                Execution.defaults())
            .fit(0);
    for (int j = 0; j < 5; j++) {
      assertEquals(plain.coefficients()[j], fit.coefficients()[j], 1e-11);
    }
    assertEquals(plain.deviance(), fit.deviance(), 1e-10);
    assertEquals(plain.degreesOfFreedom(), fit.degreesOfFreedom());
    assertEquals(plain.rSquared(), fit.rSquared(), 1e-13);
    assertEquals(plain.bic(), fit.bic(), 1e-10);
    assertTrue(Double.isNaN(fit.standardError("wt")));
    assertTrue(Double.isNaN(fit.pValue("wt")));
    assertTrue(fit.toString().contains("Lasso"));
  }

  /**
   * The conditions of an optimum (Karush, Kuhn, Tucker), from the rows themselves: with gradient g
   * of the first part, g_j = λα sign(β_j) + λ(1 − α)β_j where β_j is not 0, |g_j| ≤ λα elsewhere.
   */
  @Property(tries = 60)
  void conditionsOfAnOptimumHold(
      @ForAll long seed,
      @ForAll @IntRange(min = 5, max = 30) int n,
      @ForAll @IntRange(min = 1, max = 12) int p,
      @ForAll @DoubleRange(min = 0, max = 1) double ratio) {
    Random random = new Random(seed);
    Map<String, double[]> data = new LinkedHashMap<>();
    double[] y = new double[n];
    double[] common = random.doubles(n, -1, 1).toArray();
    StringBuilder formula = new StringBuilder("y ~ x0");
    for (int j = 0; j < p; j++) {
      double[] x = new double[n];
      for (int i = 0; i < n; i++) {
        // Correlated columns, of different sizes.
        x[i] = (j + 1) * (common[i] + random.nextGaussian()) + 10;
        y[i] += j % 3 == 0 ? x[i] / (j + 1) : 0;
      }
      data.put("x" + j, x);
      formula.append(j == 0 ? "" : " + x" + j);
    }
    for (int i = 0; i < n; i++) {
      y[i] += random.nextGaussian();
    }
    data.put("y", y);
    Design design = Designs.of(formula.toString());
    ElasticNetPath path =
        fit(design, Tables.columns(data), ElasticNet.path(ratio).withChosenLambdas(9, 1e-3));
    for (int k = 0; k < path.count(); k++) {
      double lambda = path.lambdas()[k];
      double[] beta = path.coefficients()[k];
      double[] residual = new double[n];
      double sum = 0;
      for (int i = 0; i < n; i++) {
        residual[i] = y[i] - beta[0];
        for (int j = 0; j < p; j++) {
          residual[i] -= beta[j + 1] * data.get("x" + j)[i];
        }
        sum += residual[i];
      }
      assertEquals(0, sum / n, 1e-9);
      for (int j = 0; j < p; j++) {
        double[] x = data.get("x" + j);
        double mean = 0;
        for (double v : x) {
          mean += v / n;
        }
        double square = 0;
        double gradient = 0;
        for (int i = 0; i < n; i++) {
          square += (x[i] - mean) * (x[i] - mean) / n;
          gradient += (x[i] - mean) * residual[i] / n;
        }
        double deviation = Math.sqrt(square);
        gradient /= deviation;
        double standardized = beta[j + 1] * deviation;
        double expected =
            lambda * ratio * Math.signum(standardized) + lambda * (1 - ratio) * standardized;
        double slack = 1e-6 * (1 + lambda);
        if (standardized != 0) {
          assertEquals(expected, gradient, slack);
        } else {
          assertTrue(Math.abs(gradient) <= lambda * ratio + slack);
        }
      }
    }
  }

  @Test
  void constantColumnsTakeNoPart() {
    Map<String, double[]> data = new LinkedHashMap<>();
    data.put("y", new double[] {1, 2, 4, 3});
    data.put("c", new double[] {0.1, 0.1, 0.1, 0.1});
    data.put("x", new double[] {1, 2, 3, 4});
    RegressionFit fit =
        fit(Designs.of("y ~ c + x"), Tables.columns(data), ElasticNet.of(0.01, 1)).fit(0);
    assertEquals(0, fit.coefficient("c"));
    assertTrue(fit.coefficient("x") > 0);
  }

  @Test
  void noRowsSayNothing() {
    Map<String, double[]> data = new LinkedHashMap<>();
    data.put("y", new double[] {Double.NaN});
    data.put("x", new double[] {1});
    ElasticNetPath path = fit(Designs.of("y ~ x"), Tables.columns(data), ElasticNet.of(1, 1));
    assertEquals(RegressionStatus.NO_ROWS, path.fit(0).status());
    assertTrue(Double.isNaN(path.fit(0).coefficient("x")));
  }

  @Test
  void aLimitOfSweepsIsTold() {
    ElasticNetPath path =
        fit(CARS, Cars.mtcars(), ElasticNet.of(1e-3, 1).withMaxSweeps(1).withTolerance(1e-15));
    RegressionFit fit = path.fit(0);
    assertEquals(RegressionStatus.ITERATION_LIMIT, fit.status());
    assertEquals(1, fit.iterations());
  }

  @Test
  void accumulatorsHavePathsToo() {
    RegressionAccumulator sums =
        new RegressionAccumulator(
                CARS, OlsOptions.defaults(), new ReferenceBackend(), Execution.defaults())
            .add(Cars.mtcars());
    assertArrayEquals(
        fit(CARS, Cars.mtcars(), ElasticNet.of(1, 0.5)).coefficients()[0],
        sums.path(ElasticNet.of(1, 0.5)).coefficients()[0],
        1e-12);
  }

  @Test
  void optionsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.of(-1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.of(Double.NaN, 0.5));
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.path(1.1));
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.path(1).withLambdas());
    assertThrows(
        IllegalArgumentException.class, () -> ElasticNet.path(1).withChosenLambdas(1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.path(1).withChosenLambdas(5, 1));
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.path(1).withTolerance(0));
    assertThrows(IllegalArgumentException.class, () -> ElasticNet.path(1).withMaxSweeps(0));
    assertThrows(
        IllegalArgumentException.class,
        () -> fit(Designs.of("mpg, wt ~ hp"), Cars.mtcars(), ElasticNet.of(1, 1)));
    assertArrayEquals(
        new double[] {3, 2, 1}, ElasticNet.path(1).withLambdas(1, 3, 2).lambdas(9, false));
  }
}
