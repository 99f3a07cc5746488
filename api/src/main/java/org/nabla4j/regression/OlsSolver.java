package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;

/**
 * Ordinary, weighted and ridge least squares: minimises Σw(y − xβ)² + λ‖β‖² by the normal
 * equations, summed up with as many digits as the data ask for ({@link Accuracy}).
 *
 * <p>Columns are shifted by their means over the first thousand rows before products are formed,
 * centred in double-double, scaled, and the matrix is factored in double-double. A refining pass
 * sums up the score Σ w(y − xβ)x of the coefficients found, and the same factor turns it into their
 * correction (Björck 1967).
 */
public final class OlsSolver {

  /** Columns up to which ill-conditioned sums are made again in double-double. */
  private static final int NARROW = 100;

  private static final double WELL_CONDITIONED = 1e3;
  private static final double REFINABLE = 1e5;

  /** Residuals below this share of the response are not left to a difference of sums. */
  private static final double SMALL_RESIDUALS = 1e-8;

  /**
   * Size of a column over its spread up to which residuals are good enough to refine: they are
   * rounded at the size of the columns as they are.
   */
  private static final double REFINABLE_OFFSET = 1e3;

  /** Up to this κ sums in double-double give all digits of a double. */
  private static final double PRECISE_WELL_CONDITIONED = 1e7;

  /** Columns up to which a residual is an expression that is worth compiling. */
  private static final int SHORT_RESIDUAL = 32;

  private static final int MOST_REFINEMENTS = 10;

  /** Corrections below this share of a coefficient are rounding. */
  private static final double REFINED = 4 * 0x1p-52;

  /** Corrections that become no smaller than this share are no refinement. */
  private static final double SETTLED = 1e-8;

  /** As it was given, with its offset. */
  private final Design original;

  /** With y − offset as responses. */
  private final Design design;

  private final OlsOptions options;
  private final double[] ridge;

  /** Names of the responses. */
  private final List<String> names;

  private OlsSolver(Design design, OlsOptions options) {
    this.names = responseNames(design);
    this.original = design;
    this.design = withoutOffset(design);
    this.options = options;
    this.ridge = ridge(design, options.ridge());
  }

  /**
   * Fits every response of a design.
   *
   * @param design X, the responses, weight and offset
   * @param rows the table
   * @param options how
   * @param backend makes the sums
   * @param execution on which threads, watched and cancelled by whom
   * @return a fit for each response
   * @throws IllegalArgumentException if the design has no response, columns depend on others and
   *     that is refused, or the accuracy needs to read rows again that can be read only once
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public static RegressionFits fit(
      Design design, Rows rows, OlsOptions options, Backend backend, Execution execution) {
    Objects.requireNonNull(design, "design");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(execution, "execution");
    OlsSolver solver = new OlsSolver(design, options);
    try (RowPasses passes = backend.passes(solver.design, rows, execution)) {
      Table table = new Table(rows, backend, execution, passes);
      return solver.fit(new GramSums(solver.design, rows, passes), table);
    }
  }

  /** The design with y − offset as responses, which is what a linear model makes of an offset. */
  static Design withoutOffset(Design design) {
    if (design.responses().isEmpty()) {
      throw new IllegalArgumentException("the design has no response, expected at least one");
    }
    if (design.offset() == null) {
      return design;
    }
    List<Expression> responses =
        design.responses().stream().map(y -> y.minus(design.offset())).toList();
    return withResponses(design, responses, null);
  }

  private static Design withResponses(
      Design design, List<Expression> responses, Expression offset) {
    return new Design(
        design.numbers(),
        design.categories(),
        design.levels(),
        design.columns(),
        responses,
        design.weight(),
        offset,
        design.cluster(),
        design.omitMissing());
  }

  /** λ of every column, or null for none. */
  static double[] ridge(Design design, double lambda) {
    if (lambda == 0) {
      return null;
    }
    double[] all = new double[design.width()];
    for (int j = 0; j < all.length; j++) {
      all[j] = design.columns().get(j).isIntercept() ? 0 : lambda;
    }
    return all;
  }

  /** Where sums come from. */
  private record Table(Rows rows, Backend backend, Execution execution, RowPasses passes) {}

  private RegressionFits fit(GramSums source, Table table) {
    Accuracy accuracy = options.accuracy();
    if (accuracy == Accuracy.REFINED && !table.rows.rereadable()) {
      throw new IllegalArgumentException(
          "accuracy = REFINED reads the rows more than once, but "
              + table.rows.description()
              + " can be read only once; use DOUBLE_DOUBLE");
    }
    if (source.isDoubleDoubleBest(accuracy)) {
      return inDoubleDouble(source, table, "");
    }
    int responses = design.responses().size();
    if (accuracy == Accuracy.REFINED && responses > 1) {
      return inDoubleDouble(source, table, " (" + responses + " responses are not refined)");
    }
    RowSums sums = source.sum(RowPass.Precision.DOUBLE);
    LinearSystem system = system(sums, source.shift(), RowPass.Precision.DOUBLE);
    String plain = method(RowPass.Precision.DOUBLE);
    if (accuracy == Accuracy.DOUBLE || !system.isFinite()) {
      return fits(system, system.solve(), sums, table, plain, 0);
    }
    boolean full = system.rank() == design.width();
    double kappa = full ? system.conditionNumber() : Double.POSITIVE_INFINITY;
    if (accuracy == Accuracy.AUTO) {
      boolean clear = full && kappa < WELL_CONDITIONED;
      LinearSystem.Solution solution = clear ? system.solve() : null;
      if (clear && isClear(system, solution)) {
        return fits(system, solution, sums, table, plain, 0);
      }
      boolean refinable =
          full
              && (kappa < REFINABLE || design.width() > NARROW)
              && system.equations().largestNorm() < REFINABLE_OFFSET;
      if (!refinable || responses > 1) {
        return inDoubleDouble(source, table, after(kappa));
      }
    }
    LinearSystem.Solution solution = system.solve();
    int most = accuracy == Accuracy.AUTO && kappa < REFINABLE ? 1 : MOST_REFINEMENTS;
    int done = refine(table.passes, source.shift(), solution, most);
    if (done < 0 && accuracy == Accuracy.AUTO) {
      return inDoubleDouble(source, table, after(kappa));
    }
    int count = Math.abs(done);
    String settled = done < 0 ? " that did not settle" : "";
    return fits(system, solution, sums, table, plain + refined(count) + settled, count);
  }

  private static String refined(int count) {
    return ", " + count + (count == 1 ? " refining pass" : " refining passes");
  }

  /** How sums are solved, in words. */
  static String method(RowPass.Precision precision) {
    return "normal equations in "
        + (precision == RowPass.Precision.DOUBLE ? "double" : "double-double")
        + ", Cholesky factor";
  }

  private static String after(double kappa) {
    return kappa < Double.POSITIVE_INFINITY
        ? String.format(Locale.ROOT, " (in double the condition number came out as %.1e)", kappa)
        : " (in double the matrix came out singular)";
  }

  private RegressionFits inDoubleDouble(GramSums source, Table table, String why) {
    RowPass.Precision precision = RowPass.Precision.DOUBLE_DOUBLE;
    RowSums sums = source.sum(precision);
    LinearSystem system = system(sums, source.shift(), precision);
    LinearSystem.Solution solution = system.solve();
    boolean refined =
        system.isFinite()
            && options.accuracy() == Accuracy.AUTO
            && table.rows.rereadable()
            && hasShortResidual()
            && system.conditionNumber() > PRECISE_WELL_CONDITIONED;
    if (refined) {
      refineInDoubleDouble(table, source.shift(), solution);
    }
    int count = refined ? 1 : 0;
    String method = method(precision) + (refined ? refined(1) : "") + why;
    return fits(system, solution, sums, table, method, count);
  }

  /** Whether the residual y − xβ is an expression of the numbers alone, of some size. */
  private boolean hasShortResidual() {
    return design.responses().size() == 1
        && design.width() <= SHORT_RESIDUAL
        && design.columns().stream().allMatch(column -> column.indicators().isEmpty());
  }

  /**
   * One step of refinement with residuals in double-double: y − xβ is the response of a pass of its
   * own, whose digits the kernels keep as they do those of any response.
   */
  private void refineInDoubleDouble(Table table, double[] shift, LinearSystem.Solution solution) {
    double[] beta = solution.filledCoefficients(0);
    Expression residual = design.responses().get(0);
    for (int j = 0; j < beta.length; j++) {
      residual = residual.minus(design.columns().get(j).value().times(beta[j]));
    }
    Design residuals = withResponses(design, List.of(residual), design.offset());
    RowPass pass =
        RowPass.counting().withResponses().withPrecision(RowPass.Precision.DOUBLE_DOUBLE);
    if (shift != null) {
      double[] own = shift.clone();
      own[beta.length] = 0;
      pass = pass.withShift(own);
    }
    try (RowPasses passes = table.backend.passes(residuals, table.rows, table.execution)) {
      RowSums sums = passes.sum(pass);
      solution.correct(sums, sums.product(0, 0), sums.square(0));
    }
  }

  /**
   * Fits sums that were made before.
   *
   * @param design with its offset
   * @param sums of {@link GramSums} of the design without its offset
   * @param shift that they were made with, or null
   * @param precision that they were made in
   * @param options how
   * @param backend that made them
   * @param kernel that made them
   * @return a fit for each response
   */
  static RegressionFits fit(
      Design design,
      RowSums sums,
      double[] shift,
      RowPass.Precision precision,
      OlsOptions options,
      Backend backend,
      String kernel) {
    OlsSolver solver = new OlsSolver(design, options);
    LinearSystem system = solver.system(sums, shift, precision);
    return solver.fits(system, system.solve(), sums, backend, kernel, method(precision), 0);
  }

  private LinearSystem system(RowSums sums, double[] shift, RowPass.Precision precision) {
    return new LinearSystem(sums, design, shift, ridge, precision);
  }

  /** Whether residuals are large enough to be a difference of sums in double. */
  private static boolean isClear(LinearSystem system, LinearSystem.Solution solution) {
    for (int r = 0; r < system.responses(); r++) {
      if (solution.residualSquares(r) < SMALL_RESIDUALS * system.equations().total(r)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Corrects a solution of the first response by passes over the rows.
   *
   * @return passes made; negative if corrections did not become small
   */
  private int refine(RowPasses passes, double[] shift, LinearSystem.Solution solution, int most) {
    Expression residual = RowPass.RESPONSE.minus(RowPass.ETA);
    Expression score = RowPass.WEIGHT.times(residual);
    RowPass pass =
        RowPass.counting().withScores(List.of(score)).withTotals(List.of(score.times(residual)));
    if (shift != null) {
      pass = pass.withShift(shift);
    }
    double last = Double.POSITIVE_INFINITY;
    for (int done = 1; done <= most; done++) {
      RowSums sums = passes.sum(pass.withCoefficients(solution.filledCoefficients(0)));
      double change = solution.correct(sums, sums.score(0, 0), sums.total(0));
      if (change <= REFINED || most == 1) {
        return done;
      }
      if (!(change < last / 2)) {
        // What is left is the rounding of residuals, unless nothing was gained at all.
        return done > 1 && last < SETTLED ? done : -done;
      }
      last = change;
    }
    return last < SETTLED ? most : -most;
  }

  private RegressionFits fits(
      LinearSystem system,
      LinearSystem.Solution solution,
      RowSums sums,
      Table table,
      String method,
      int iterations) {
    return fits(system, solution, sums, table.backend, table.passes.kernel(), method, iterations);
  }

  private RegressionFits fits(
      LinearSystem system,
      LinearSystem.Solution solution,
      RowSums sums,
      Backend backend,
      String kernel,
      String method,
      int iterations) {
    long observations = GramSums.observations(design, sums);
    List<String> dependencies =
        system.isFinite() && observations > 0 ? system.dependencies() : List.of();
    if (options.dependentColumns() == DependentColumns.REFUSE && !dependencies.isEmpty()) {
      throw new IllegalArgumentException(
          "columns depend on others: " + String.join("; ", dependencies));
    }
    boolean weighted = design.weight() != null;
    FitRecord common = new FitRecord();
    common.model = options.ridge() > 0 ? "Ridge" : weighted ? "WLS" : "OLS";
    common.design = original;
    common.ridge = options.ridge();
    common.observations = observations;
    common.omitted = sums.omitted();
    common.dependencies = dependencies;
    common.iterations = iterations;
    common.method = method;
    common.engine = backend;
    common.backend = backend.name();
    common.kernel = kernel;
    double logWeights = GramSums.logWeights(design, sums);
    return new RegressionFits(
        new OlsInference(design, names, system, solution, common, logWeights, options.ridge() > 0));
  }

  /** The names of responses, as formulas say them. */
  static List<String> responseNames(Design design) {
    List<String> names = new ArrayList<>();
    design.responses().forEach(response -> names.add(response.toString()));
    return names;
  }

  /** An array of NaN. */
  static double[] missing(int length) {
    double[] values = new double[length];
    Arrays.fill(values, Double.NaN);
    return values;
  }
}
