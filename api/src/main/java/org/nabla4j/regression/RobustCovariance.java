package org.nabla4j.regression;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/**
 * Covariances that do not trust the model's variance, of linear and generalised linear models: C M
 * C with C = (Σ a x xᵀ + Λ)⁻¹, and M a sum over rows ({@link RobustErrors}) or over clusters,
 *
 * <pre>  M = G/(G − 1) · (n − 1)/(n − p) · Σ_g s_g s_gᵀ    s_g = Σ_{rows of g} u x  </pre>
 *
 * (Liang and Zeger 1986), with G clusters. Two more passes over the rows.
 */
public final class RobustCovariance {

  /** κ from which on sums of a large table are made in double-double. */
  private static final double ILL_CONDITIONED = 1e3;

  private final RegressionFit fit;
  private final FitRecord record;
  private final Design design;
  private final Family family;
  private final RowPasses passes;
  private final double[] beta;
  private final boolean[] kept;
  private final double[] shift;
  private final RowPass pass;

  private RobustCovariance(RegressionFit fit, Rows rows, RowPasses passes) {
    this.fit = fit;
    this.passes = passes;
    record = fit.values();
    design = record.design;
    family = record.family == null ? Family.gaussian() : record.family;
    beta = record.coefficients.clone();
    kept = new boolean[beta.length];
    for (int j = 0; j < beta.length; j++) {
      kept[j] = !Double.isNaN(beta[j]);
      beta[j] = kept[j] ? beta[j] : 0;
    }
    GramSums source = new GramSums(design, rows, passes);
    shift = source.shift();
    boolean exact =
        source.isDoubleDoubleBest(Accuracy.AUTO) || !(record.conditionNumber < ILL_CONDITIONED);
    RowPass plain =
        RowPass.counting()
            .withCoefficients(beta)
            .withPrecision(exact ? RowPass.Precision.DOUBLE_DOUBLE : RowPass.Precision.DOUBLE);
    pass = shift == null ? plain : plain.withShift(shift);
  }

  /**
   * The same fit with errors robust to variances that differ from row to row.
   *
   * @param fit of the rows; not modified
   * @param rows the table
   * @param errors which
   * @param backend makes the sums
   * @param execution on which threads, watched and cancelled by whom
   * @return a fit with another covariance; the same fit if it has no solution
   * @throws IllegalArgumentException if the rows can be read only once
   * @throws org.nabla4j.data.RowException if the rows cannot be read
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public static RegressionFit of(
      RegressionFit fit, Rows rows, RobustErrors errors, Backend backend, Execution execution) {
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(errors, "errors");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(execution, "execution");
    if (!isKnown(fit, rows)) {
      return fit;
    }
    try (RowPasses passes = backend.passes(fit.design(), rows, execution)) {
      return new RobustCovariance(fit, rows, passes).heteroscedastic(errors);
    }
  }

  /**
   * The same fit with errors robust to rows of a cluster that belong together.
   *
   * @param fit of the rows, its design with clusters; not modified
   * @param rows the table
   * @param backend makes the sums
   * @param execution on which threads, watched and cancelled by whom
   * @return a fit with another covariance, NaN with less than two clusters; the same fit if it has
   *     no solution
   * @throws IllegalArgumentException if the design has no clusters or the rows can be read only
   *     once
   * @throws org.nabla4j.data.RowException if the rows cannot be read
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public static RegressionFit clustered(
      RegressionFit fit, Rows rows, Backend backend, Execution execution) {
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(execution, "execution");
    if (fit.design().cluster() < 0) {
      throw new IllegalArgumentException("the design has no clusters");
    }
    if (!isKnown(fit, rows)) {
      return fit;
    }
    try (RowPasses passes = backend.passes(fit.design(), rows, execution)) {
      return new RobustCovariance(fit, rows, passes).clustered();
    }
  }

  private static boolean isKnown(RegressionFit fit, Rows rows) {
    requireRereadable(rows);
    return !fit.values().covarianceUnknown();
  }

  /**
   * Refuses rows that robust errors cannot be computed of, before they are fitted.
   *
   * @param rows the table
   * @throws IllegalArgumentException if the rows can be read only once
   */
  public static void requireRereadable(Rows rows) {
    Objects.requireNonNull(rows, "rows");
    if (!rows.rereadable()) {
      throw new IllegalArgumentException(
          "robust errors need the rows again, but "
              + rows.description()
              + " can be read only once");
    }
  }

  private Expression counted(Expression e) {
    return design.weight() == null
        ? e
        : Functions.where(RowPass.WEIGHT.greaterThan(0), e, Family.ZERO);
  }

  /** F with C = FᵀF, of columns less their shift. */
  private double[] factor() {
    RowSums sums = passes.sum(pass.withGram(counted(family.fisher())));
    return LeverageFactor.ofInverse(sums, kept, OlsSolver.ridge(design, record.ridge));
  }

  private RegressionFit heteroscedastic(RobustErrors errors) {
    double[] factor = factor();
    Expression u = family.score();
    Expression omega = u.times(u);
    RowPass meat = pass;
    if (errors.power() > 0) {
      Expression rest = Family.ONE.minus(family.fisher().times(RowPass.LEVERAGE));
      omega = omega.dividedBy(errors.power() == 1 ? rest : rest.times(rest));
      omega = Family.ifRest(rest, omega, Family.ZERO);
      meat = pass.withLeverageFactor(factor);
    }
    RowSums sums = passes.sum(meat.withGram(counted(omega)));
    int p = kept.length;
    double[][] m = new double[p][p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        m[i][j] = sums.high()[sums.gram(i, j)];
        m[j][i] = m[i][j];
      }
    }
    double n = record.observations;
    double correction = errors == RobustErrors.HC1 ? n / record.degreesOfFreedom : 1;
    return with(sandwich(factor, m, correction), errors.name(), Double.NaN);
  }

  private RegressionFit clustered() {
    double[] factor = factor();
    // The second score tells clusters without rows from those whose scores add up to 0.
    Expression one = counted(Family.ONE);
    RowSums sums =
        passes.sum(pass.withScores(List.of(counted(family.score()), one)).withScoresByCluster());
    int p = kept.length;
    double[][] m = new double[p][p];
    int clusters = 0;
    for (double[] scores : sums.clusterScores()) {
      if (Arrays.stream(scores).allMatch(s -> s == 0)) {
        continue;
      }
      clusters++;
      for (int i = 0; i < p; i++) {
        for (int j = 0; j < p; j++) {
          m[i][j] += scores[i] * scores[j];
        }
      }
    }
    double n = record.observations;
    double correction =
        clusters < 2
            ? Double.NaN
            : clusters / (clusters - 1.0) * ((n - 1) / record.degreesOfFreedom);
    String column = design.categories().get(design.cluster());
    return with(
        sandwich(factor, m, correction),
        "clustered by " + column + ", " + clusters + " clusters",
        clusters - 1);
  }

  /** C M C as Fᵀ(F M Fᵀ)F, brought from columns less their shift to columns as they are. */
  private double[][] sandwich(double[] factor, double[][] m, double correction) {
    int p = kept.length;
    double[][] f = new double[p][p];
    double[][] transposed = new double[p][p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j <= i; j++) {
        f[i][j] = factor[i * (i + 1) / 2 + j];
        transposed[j][i] = f[i][j];
      }
    }
    double[][] middle = product(product(f, m), transposed);
    double[][] v = product(product(transposed, middle), f);
    int one = design.intercept();
    if (shift != null && one >= 0) {
      // The intercept of X as it is: β₀ − Σ shift·β.
      for (int side = 0; side < 2; side++) {
        for (int i = 0; i < p; i++) {
          double sum = 0;
          for (int j = 0; j < p; j++) {
            sum += j == one ? 0 : shift[j] * (side == 0 ? v[i][j] : v[j][i]);
          }
          if (side == 0) {
            v[i][one] -= sum;
          } else {
            v[one][i] -= sum;
          }
        }
      }
    }
    double[][] result = new double[p][p];
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        double mean = (v[i][j] + v[j][i]) / 2;
        result[i][j] = kept[i] && kept[j] ? correction * mean : Double.NaN;
      }
    }
    return result;
  }

  private static double[][] product(double[][] a, double[][] b) {
    int p = a.length;
    double[][] result = new double[p][p];
    for (int i = 0; i < p; i++) {
      for (int k = 0; k < p; k++) {
        double factor = a[i][k];
        for (int j = 0; factor != 0 && j < p; j++) {
          result[i][j] += factor * b[k][j];
        }
      }
    }
    return result;
  }

  private RegressionFit with(double[][] covariance, String name, double degreesOfFreedom) {
    FitRecord changed = fit.values().copy();
    changed.covariance = covariance;
    changed.errors = name;
    changed.errorDegreesOfFreedom = degreesOfFreedom;
    // The classical test takes the model's variance for granted.
    changed.fStatistic = Double.NaN;
    changed.fPValue = Double.NaN;
    return new RegressionFit(changed);
  }
}
