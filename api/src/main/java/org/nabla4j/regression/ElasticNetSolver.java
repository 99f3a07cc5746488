package org.nabla4j.regression;

import java.util.Arrays;
import java.util.Objects;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;

/**
 * Elastic net by cyclic coordinate descent on the Gram matrix (Friedman, Hastie, Tibshirani 2010,
 * "covariance updates"): one pass over the rows gives the whole path, each λ starts at the solution
 * of the one before.
 *
 * <p>With standardised columns, R = XᵀWX/n, ρ = XᵀWy/n and the gradient g = ρ − Rβ a coordinate
 * moves to β_j ← S(g_j + R_jj β_j, λα) / (R_jj + λ(1 − α)), S(z, t) = sign(z)·max(|z| − t, 0). When
 * sweeps change little, the coefficients that are not 0 are solved for exactly; that solution is
 * taken if it has their signs and meets the conditions of an optimum.
 */
public final class ElasticNetSolver {

  /** At α = 0 no λ makes all coefficients 0: the path begins as if α were this. */
  private static final double LEAST_RATIO = 1e-3;

  /** Columns whose spread is rounding of the data do not take part. */
  private static final double CONSTANT = 16 * 0x1p-53;

  /** Columns that differ by less are not solved for exactly. */
  private static final double ROUNDING = 0x1p-26;

  private final ElasticNet options;
  private final NormalEquations equations;
  private final int m;

  /** Standard deviations of the scaled columns, or their scale; 0 for columns that are constant. */
  private final double[] deviation;

  /** R, by rows. */
  private final double[][] gram;

  private final double[] product;
  private final double variance;

  /**
   * Standardises.
   *
   * @param options the penalty
   * @param equations of one response
   * @param n Σw
   */
  private ElasticNetSolver(ElasticNet options, NormalEquations equations, double n) {
    this.options = options;
    this.equations = equations;
    m = equations.size();
    deviation = new double[m];
    for (int k = 0; k < m; k++) {
      double square = equations.sum(k, k);
      boolean varies = Math.sqrt(square) > CONSTANT * equations.norm(k);
      deviation[k] =
          !varies ? 0 : options.isStandardized() ? Math.sqrt(square / n) : equations.scale(k);
    }
    gram = new double[m][m];
    product = new double[m];
    for (int i = 0; i < m; i++) {
      if (deviation[i] == 0) {
        continue;
      }
      product[i] = equations.product(0, i) / deviation[i] / n;
      for (int j = 0; j < m; j++) {
        if (deviation[j] != 0) {
          gram[i][j] = equations.sum(i, j) / deviation[i] / deviation[j] / n;
        }
      }
    }
    variance = equations.total(0) / n;
  }

  /**
   * Fits the first response of a design for every λ.
   *
   * @param design X, one response, weight and offset
   * @param rows the table
   * @param options the penalty
   * @param accuracy of the sums; {@link Accuracy#REFINED} is {@link Accuracy#DOUBLE} here, since
   *     there is nothing to refine
   * @param backend makes the sums
   * @param execution on which threads, watched and cancelled by whom
   * @return the solutions
   * @throws IllegalArgumentException if the design does not have one response
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public static ElasticNetPath fit(
      Design design,
      Rows rows,
      ElasticNet options,
      Accuracy accuracy,
      Backend backend,
      Execution execution) {
    Objects.requireNonNull(design, "design");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(accuracy, "accuracy");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(execution, "execution");
    Design plain = OlsSolver.withoutOffset(design);
    try (RowPasses passes = backend.passes(plain, rows, execution)) {
      GramSums source = new GramSums(plain, rows, passes);
      RowPass.Precision precision =
          source.isDoubleDoubleBest(accuracy)
              ? RowPass.Precision.DOUBLE_DOUBLE
              : RowPass.Precision.DOUBLE;
      RowSums sums = source.sum(precision);
      return fit(design, sums, source.shift(), precision, options, backend, passes.kernel());
    }
  }

  /**
   * Fits sums that were made before.
   *
   * @param design with its offset, one response
   * @param sums of {@link GramSums} of the design without its offset; not modified
   * @param shift that they were made with, or null
   * @param precision that they were made in
   * @param options the penalty
   * @param backend that made them
   * @param kernel that made them
   * @return the solutions
   */
  static ElasticNetPath fit(
      Design design,
      RowSums sums,
      double[] shift,
      RowPass.Precision precision,
      ElasticNet options,
      Backend backend,
      String kernel) {
    if (design.responses().size() != 1) {
      throw new IllegalArgumentException(
          "an elastic net has one response, but the design has " + design.responses().size());
    }
    Design plain = OlsSolver.withoutOffset(design);
    FitRecord common = new FitRecord();
    common.model = options.l1Ratio() == 1 ? "Lasso" : "Elastic net";
    common.design = design;
    common.response = design.responses().get(0).toString();
    common.observations = GramSums.observations(plain, sums);
    common.omitted = sums.omitted();
    common.method =
        "coordinate descent on the Gram matrix in "
            + (precision == RowPass.Precision.DOUBLE ? "double" : "double-double");
    common.engine = backend;
    common.backend = backend.name();
    common.kernel = kernel;
    common.errors = "none";
    return path(plain, sums, shift, options, common);
  }

  private static ElasticNetPath path(
      Design design, RowSums sums, double[] shift, ElasticNet options, FitRecord common) {
    NormalEquations equations =
        new NormalEquations(sums, design.width(), 1, design.intercept(), shift);
    boolean solvable = common.observations > 0 && equations.isFinite();
    common.varianceInflation = OlsSolver.missing(design.width());
    double logWeights = GramSums.logWeights(design, sums);
    if (!solvable) {
      common.status =
          common.observations > 0 ? RegressionStatus.NON_FINITE : RegressionStatus.NO_ROWS;
      double[] lambdas = options.lambdas(Double.NaN, false);
      double[][] missing = new double[lambdas.length][];
      Arrays.setAll(missing, i -> OlsSolver.missing(design.width()));
      return new ElasticNetPath(
          lambdas, missing, null, OlsSolver.missing(lambdas.length), common, logWeights);
    }
    double weight = GramSums.weight(design, sums);
    ElasticNetSolver solver = new ElasticNetSolver(options, equations, weight);
    common.total = equations.total(0);
    return solver.path(design, common, logWeights);
  }

  private ElasticNetPath path(Design design, FitRecord common, double logWeights) {
    double largest = 0;
    for (double value : product) {
      largest = Math.max(largest, Math.abs(value));
    }
    largest /= Math.max(options.l1Ratio(), LEAST_RATIO);
    double[] lambdas = options.lambdas(largest, common.observations <= design.width());
    double[][] coefficients = new double[lambdas.length][];
    double[] squares = new double[lambdas.length];
    int[] sweeps = new int[lambdas.length];
    double[] beta = new double[m];
    double[] gradient = product.clone();
    for (int i = 0; i < lambdas.length; i++) {
      sweeps[i] = solve(lambdas[i], beta, gradient);
      double[] scaled = new double[m];
      for (int k = 0; k < m; k++) {
        scaled[k] = beta[k] == 0 ? 0 : beta[k] / deviation[k];
      }
      double[] none = new double[m];
      coefficients[i] = equations.coefficients(0, scaled, none);
      squares[i] = Math.max(0, equations.explainedAndRest(0, scaled, none)[1]);
    }
    return new ElasticNetPath(lambdas, coefficients, sweeps, squares, common, logWeights);
  }

  /**
   * Moves β to the optimum for λ.
   *
   * @return sweeps made, negative if the limit was reached
   */
  private int solve(double lambda, double[] beta, double[] gradient) {
    double l1 = lambda * options.l1Ratio();
    double l2 = lambda * (1 - options.l1Ratio());
    double limit = options.tolerance() * variance;
    int sweeps = 0;
    int polished = 0;
    while (sweeps < options.maxSweeps()) {
      sweeps++;
      double change = sweep(beta, gradient, l1, l2, false);
      if (change <= limit) {
        polish(beta, gradient, l1, l2);
        return sweeps;
      }
      // Coordinates that are 0 rarely move: those that are not go first until they settle.
      while (sweeps < options.maxSweeps() && change > limit) {
        sweeps++;
        change = sweep(beta, gradient, l1, l2, true);
        // The exact solution ends a crawl; each try costs as much as many sweeps.
        if (sweeps >= 16 << polished && polish(beta, gradient, l1, l2)) {
          return sweeps;
        } else if (sweeps >= 16 << polished && polished < 20) {
          polished++;
        }
      }
    }
    return polish(beta, gradient, l1, l2) ? sweeps : -sweeps;
  }

  /** Moves every coordinate once. Returns the largest R_jj Δ². */
  private double sweep(double[] beta, double[] gradient, double l1, double l2, boolean activeOnly) {
    double largest = 0;
    for (int j = 0; j < m; j++) {
      double old = beta[j];
      double diagonal = gram[j][j];
      if (diagonal == 0 || (activeOnly && old == 0)) {
        continue;
      }
      double z = gradient[j] + diagonal * old;
      double moved = Math.abs(z) > l1 ? (z - Math.copySign(l1, z)) / (diagonal + l2) : 0;
      double step = moved - old;
      if (step != 0) {
        beta[j] = moved;
        subtract(gradient, step, gram[j]);
        largest = Math.max(largest, diagonal * step * step);
      }
    }
    return largest;
  }

  private static void subtract(double[] y, double factor, double[] x) {
    for (int i = 0; i < y.length; i++) {
      y[i] -= factor * x[i];
    }
  }

  /**
   * Solves (R_AA + λ(1 − α))β_A = ρ_A − λα·sign(β_A) for the coefficients that are not 0.
   *
   * @return whether that is the optimum; only then β and g are changed
   */
  private boolean polish(double[] beta, double[] gradient, double l1, double l2) {
    int[] active = new int[m];
    int count = 0;
    for (int j = 0; j < m; j++) {
      if (beta[j] != 0) {
        active[count++] = j;
      }
    }
    double[] high = new double[count * (count + 1) / 2];
    double[] side = new double[count];
    double[] noise = new double[count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        high[i * (i + 1) / 2 + j] = gram[active[i]][active[j]];
      }
      high[i * (i + 1) / 2 + i] += l2;
      side[i] = product[active[i]] - Math.copySign(l1, beta[active[i]]);
      noise[i] = ROUNDING * Math.sqrt(high[i * (i + 1) / 2 + i]);
    }
    OrderedCholesky factor = OrderedCholesky.of(high, new double[high.length], noise);
    if (factor.rank() < count) {
      return false;
    }
    factor.solve(side, new double[count]);
    double[] solution = new double[m];
    double[] rest = product.clone();
    for (int i = 0; i < count; i++) {
      int j = active[i];
      if (side[i] * beta[j] <= 0) {
        return false;
      }
      solution[j] = side[i];
      subtract(rest, side[i], gram[j]);
    }
    double slack = 1e-12 * Math.sqrt(variance);
    for (int j = 0; j < m; j++) {
      if (solution[j] == 0 && Math.abs(rest[j]) > l1 + slack * Math.sqrt(gram[j][j])) {
        return false;
      }
    }
    System.arraycopy(solution, 0, beta, 0, m);
    System.arraycopy(rest, 0, gradient, 0, m);
    return true;
  }
}
