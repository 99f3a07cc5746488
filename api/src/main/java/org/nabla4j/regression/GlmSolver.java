package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/**
 * Generalised linear models by Newton-Raphson: minimises deviance + λ‖β‖². One pass over the rows
 * gives the curvature Σ a x xᵀ, the score Σ s x and the deviance at β, and the step is
 *
 * <pre>  β ← β + t (Σ a x xᵀ + Λ)⁻¹ (Σ s x − Λβ),  </pre>
 *
 * t halved while the deviance rises or is not finite. Far from the solution a is the expected
 * curvature (Fisher scoring, which is iteratively reweighted least squares), near it the observed
 * one, so that the number of right digits doubles with each pass whatever the link. The first step
 * is that of a weighted regression on g(y), as in R's glm (McCullagh and Nelder 1989, section 2.5).
 */
public final class GlmSolver {

  /** Decrement as a share of the deviance from which on the observed curvature is used. */
  private static final double NEAR = 1e-2;

  /** The same from which on a decrement that no longer falls is rounding. */
  private static final double ROUNDING = 1e-8;

  private static final int MOST_HALVINGS = 40;

  /** A deviance that rises by this share of what it is summed up of has not risen. */
  private static final double SAME = 1e-11;

  /** Last steps that move the linear predictor by more than this do not end. */
  private static final double MOVING = 1e-5;

  private final Design design;
  private final Family family;
  private final GlmOptions options;
  private final RowPasses passes;
  private final double[] shift;
  private final double[] ridge;
  private final boolean small;
  private final boolean weighted;

  private RowPass.Precision precision;
  private double saturation;
  private double rows;
  private double weight;
  private double meanResponse;

  /** What the deviance is compared with beside itself. */
  private double floor;

  private int rank;

  /** Columns that do not depend on those before them. */
  private boolean[] kept;

  /** How far each column reaches: what a step of its coefficient does to η. */
  private double[] reach;

  private long omitted;
  private int iterations;

  private GlmSolver(Design design, Family family, GlmOptions options, Rows rows, RowPasses passes) {
    this.design = design;
    this.family = family;
    this.options = options;
    this.passes = passes;
    GramSums source = new GramSums(design, rows, passes);
    shift = source.shift();
    small = source.isDoubleDoubleBest(options.accuracy());
    ridge = OlsSolver.ridge(design, options.ridge());
    weighted = design.weight() != null;
    precision =
        options.accuracy() == Accuracy.DOUBLE_DOUBLE
            ? RowPass.Precision.DOUBLE_DOUBLE
            : RowPass.Precision.DOUBLE;
  }

  /**
   * Fits a design's only response.
   *
   * @param design X, the response, weight and offset
   * @param rows the table; read about ten times
   * @param family of the responses, with its link
   * @param options how
   * @param backend makes the sums
   * @param execution on which threads, watched and cancelled by whom
   * @return the fit; without a solution it holds the last coefficients, and its status says why
   * @throws IllegalArgumentException if the design has not one response, a response is none of the
   *     family's, the rows can be read only once, start values do not fit, or columns depend on
   *     others and that is refused
   * @throws org.nabla4j.data.RowException if the rows cannot be read, or hold something missing
   *     that is not to be left out
   * @throws java.util.concurrent.CancellationException if the execution was cancelled
   */
  public static RegressionFit fit(
      Design design,
      Rows rows,
      Family family,
      GlmOptions options,
      Backend backend,
      Execution execution) {
    Objects.requireNonNull(design, "design");
    Objects.requireNonNull(rows, "rows");
    Objects.requireNonNull(family, "family");
    Objects.requireNonNull(options, "options");
    Objects.requireNonNull(backend, "backend");
    Objects.requireNonNull(execution, "execution");
    if (design.responses().size() != 1) {
      throw new IllegalArgumentException(
          "the design has " + design.responses().size() + " responses, expected 1");
    }
    if (!rows.rereadable()) {
      throw new IllegalArgumentException(
          "a generalised linear model reads the rows several times, but "
              + rows.description()
              + " can be read only once");
    }
    double[] start = options.start();
    if (start != null && start.length != design.width()) {
      throw new IllegalArgumentException(
          "start has " + start.length + " values, expected " + design.width());
    }
    FitRecord record;
    try (RowPasses passes = backend.passes(design, rows, execution)) {
      record = new GlmSolver(design, family, options, rows, passes).fit();
      record.kernel = passes.kernel();
    }
    record.backend = backend.name();
    record.engine = backend;
    // Beside an offset the mean response says nothing of the intercept alone: that is a fit too.
    if (design.offset() != null && design.intercept() >= 0) {
      record.nullDeviance = Double.NaN;
    }
    if (design.offset() != null && design.intercept() >= 0 && record.status.converged()) {
      Design alone = interceptAlone(design);
      try (RowPasses passes = backend.passes(alone, rows, execution)) {
        GlmOptions plain = GlmOptions.defaults().withAccuracy(options.accuracy());
        FitRecord empty = new GlmSolver(alone, family, plain, rows, passes).fit();
        record.nullDeviance = empty.status.converged() ? empty.deviance : Double.NaN;
      }
    }
    record.nullLogLikelihood =
        family.logLikelihood(
            record.likelihoodTotal,
            record.deviance,
            record.nullDeviance,
            (double) record.observations,
            record.weight);
    record.total = record.nullDeviance;
    return new RegressionFit(record);
  }

  private static Design interceptAlone(Design design) {
    return new Design(
        design.numbers(),
        design.categories(),
        design.levels(),
        List.of(design.columns().get(design.intercept())),
        design.responses(),
        design.weight(),
        design.offset(),
        -1,
        design.omitMissing());
  }

  /** The deviance at β, but for what does not depend on β, and the step from there. */
  private static final class Point {
    private final double[] beta;
    private final LinearSystem.Step step;
    private final double objective;
    private final boolean observed;

    /** Without a mean everywhere, or without a step, if that is null. */
    Point(double[] beta, double objective, LinearSystem.Step step, boolean observed) {
      this.beta = beta;
      this.objective = objective;
      this.step = step;
      this.observed = observed;
    }

    boolean isFinite() {
      return Double.isFinite(objective);
    }

    double decrement() {
      return step.decrement();
    }

    double[] moved(double share) {
      double[] moved = beta.clone();
      for (int j = 0; j < moved.length; j++) {
        moved[j] += share * step.change()[j];
      }
      return moved;
    }
  }

  private FitRecord fit() {
    LinearSystem.Step first = firstStep();
    if (rows == 0) {
      return unknown(RegressionStatus.NO_ROWS);
    }
    if (first == null) {
      return unknown(RegressionStatus.NON_FINITE);
    }
    Point point = begin(first);
    if (point == null) {
      return unknown(RegressionStatus.NO_START);
    }
    RegressionStatus status = RegressionStatus.SOLVED;
    double[] previous = first.change();
    double last = Double.POSITIVE_INFINITY;
    boolean expectedOnly = false;
    while (true) {
      if (point.step == null) {
        // Rows lost their weight: outcomes are told apart without error.
        status = RegressionStatus.SEPARATED;
        break;
      }
      double size = Math.abs(point.objective + saturation) + floor;
      double decrement = point.decrement();
      boolean rounding = decrement <= ROUNDING * size && decrement > 0.9 * last;
      if (decrement <= options.tolerance() * size || rounding) {
        break;
      }
      if (iterations == options.iterationLimit()) {
        status = RegressionStatus.ITERATION_LIMIT;
        break;
      }
      boolean observed = !expectedOnly && decrement <= NEAR * size;
      Point next = advance(point, observed);
      if (next == null && point.observed) {
        expectedOnly = true;
        point = evaluate(point.beta, false);
        continue;
      }
      if (next == null) {
        status = RegressionStatus.ITERATION_LIMIT;
        break;
      }
      iterations++;
      last = decrement;
      previous = point.step.change();
      point = next;
    }
    return finish(point, previous, status);
  }

  /** Where weights are 0 nothing counts, be it infinite. */
  private Expression counted(Expression e) {
    return weighted ? Functions.where(RowPass.WEIGHT.greaterThan(0), e, Family.ZERO) : e;
  }

  /** Infinite where η has no mean. */
  private Expression valid(Expression e) {
    Expression valid = family.isValid();
    return valid == null
        ? e
        : Functions.where(valid, e, Expression.constant(Double.POSITIVE_INFINITY));
  }

  private RowPass pass(Expression curvature, Expression score) {
    RowPass pass =
        RowPass.counting()
            .withGram(counted(curvature))
            .withScores(List.of(counted(score)))
            .withPrecision(precision);
    return shift == null ? pass : pass.withShift(shift);
  }

  /**
   * Checks responses and takes the first step, from 0 to the weighted regression on η = g(y).
   *
   * @return null if sums are not finite or no row counts
   */
  private LinearSystem.Step firstStep() {
    Map<String, Expression> start = Map.of(RowPass.ETA.name(), family.start());
    Expression a = family.fisher().substitute(start);
    Expression s =
        family.score().substitute(start).plus(a.times(family.start().minus(RowPass.OFFSET)));
    Expression allowed = family.isAllowed();
    // Other rows would make sums NaN before they are counted.
    Expression none = Family.ZERO;
    List<Expression> totals =
        List.of(
            counted(Functions.where(allowed, none, Family.ONE)),
            counted(Functions.where(allowed, family.saturation(), none)),
            counted(Family.ONE),
            RowPass.WEIGHT,
            counted(RowPass.WEIGHT.times(RowPass.RESPONSE)),
            counted(RowPass.WEIGHT.times(RowPass.RESPONSE).times(RowPass.RESPONSE)),
            counted(a));
    RowPass pass = pass(a, s).withTotals(totals);
    RowSums sums = passes.sum(pass);
    double[] values = new double[totals.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = sums.high()[sums.total(k)];
    }
    rows = values[2];
    omitted = sums.omitted();
    if (values[0] > 0) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%.0f of %.0f rows have a response %s that the %s family does not allow: expected %s",
              values[0],
              rows,
              design.responses().get(0),
              family.name(),
              family.allowed()));
    }
    saturation = values[1];
    weight = values[3];
    meanResponse = values[4] / weight;
    floor = family instanceof GaussianFamily ? 1e-15 * values[5] : 0.1 * weight / rows;
    LinearSystem system = system(sums);
    if (rows == 0 || !system.isFinite()) {
      return null;
    }
    if (system.rank() < design.width()
        && precision == RowPass.Precision.DOUBLE
        && options.accuracy() == Accuracy.AUTO) {
      precision = RowPass.Precision.DOUBLE_DOUBLE;
      RowSums exact = passes.sum(pass.withPrecision(precision));
      LinearSystem better = system(exact);
      if (better.rank() == system.rank()) {
        precision = RowPass.Precision.DOUBLE;
      }
      sums = exact;
      system = better;
    }
    rank = system.rank();
    kept = system.kept();
    reach = reach(system, values[6]);
    return system.step(sums, new double[design.width()]);
  }

  /** The spread of each column; 1 for columns of indicators alone, however few rows have them. */
  private double[] reach(LinearSystem system, double total) {
    double[] spread = new double[design.width()];
    Arrays.fill(spread, 1);
    NormalEquations equations = system.equations();
    for (int k = 0; k < equations.size(); k++) {
      int column = equations.column(k);
      if (!design.columns().get(column).value().equals(Family.ONE)) {
        double square = equations.sum(k, k) / total;
        spread[column] = Math.sqrt(Math.max(0, square)) / equations.scale(k);
      }
    }
    return spread;
  }

  private LinearSystem system(RowSums sums) {
    return new LinearSystem(sums, design, shift, ridge, precision);
  }

  /** The first point at which every row has a mean, or null. */
  private Point begin(LinearSystem.Step first) {
    double[] given = options.start();
    if (given != null) {
      double[] start = given.clone();
      for (int j = 0; j < start.length; j++) {
        // No step would move a column that was left out away from its start.
        start[j] = kept[j] ? start[j] : 0;
      }
      Point point = evaluate(start, false);
      return point.isFinite() ? point : null;
    }
    Point point = evaluate(first.change(), false);
    if (point.isFinite()) {
      return point;
    }
    int one = design.intercept();
    if (one >= 0) {
      double[] level = new double[design.width()];
      level[one] = family.link().predictor(meanResponse);
      point = Double.isFinite(level[one]) ? evaluate(level, false) : point;
      if (point.isFinite()) {
        return point;
      }
    }
    point = evaluate(new double[design.width()], false);
    return point.isFinite() ? point : null;
  }

  /** Makes a pass; a loss of rank is answered by the expected curvature and by more digits. */
  private Point evaluate(double[] beta, boolean observed) {
    Point point = evaluateOnce(beta, observed);
    if (point.isFinite() && point.step == null && observed) {
      point = evaluateOnce(beta, false);
    }
    if (point.isFinite()
        && point.step == null
        && precision == RowPass.Precision.DOUBLE
        && options.accuracy() == Accuracy.AUTO) {
      precision = RowPass.Precision.DOUBLE_DOUBLE;
      point = evaluateOnce(beta, false);
    }
    return point;
  }

  private Point evaluateOnce(double[] beta, boolean observed) {
    RowPass pass =
        pass(observed ? family.observed() : family.fisher(), family.score())
            .withTotals(List.of(counted(valid(family.objective()))))
            .withCoefficients(beta);
    RowSums sums = passes.sum(pass);
    double objective = sums.high()[sums.total(0)];
    for (int j = 0; ridge != null && j < beta.length; j++) {
      objective += ridge[j] * beta[j] * beta[j];
    }
    if (!Double.isFinite(objective)) {
      return new Point(beta, Double.NaN, null, observed);
    }
    LinearSystem system = system(sums);
    if (!system.isFinite()) {
      return new Point(beta, Double.NaN, null, observed);
    }
    LinearSystem.Step step = system.rank() < rank ? null : system.step(sums, beta);
    if (step != null && !(step.decrement() >= 0)) {
      step = null;
    }
    return new Point(beta, objective, step, observed);
  }

  /** The point after a step that does not raise the deviance, or null if there is none. */
  private Point advance(Point point, boolean observed) {
    double share = 1;
    for (int k = 0; k <= MOST_HALVINGS; k++) {
      Point next = evaluate(point.moved(share), observed);
      double allowed = SAME * (Math.abs(point.objective) + Math.abs(saturation)) + point.objective;
      if (next.isFinite() && next.objective <= allowed) {
        return next;
      }
      share /= 2;
    }
    return null;
  }

  private FitRecord finish(Point point, double[] previous, RegressionStatus ended) {
    RegressionStatus status = ended;
    double[] beta = point.step == null ? point.beta : point.moved(1);
    if (small) {
      precision = RowPass.Precision.DOUBLE_DOUBLE;
    }
    if (status == RegressionStatus.ITERATION_LIMIT) {
      beta = point.beta;
    }
    RowSums sums = last(beta);
    if (!Double.isFinite(sums.high()[sums.total(0)]) && beta != point.beta) {
      beta = point.beta;
      sums = last(beta);
    }
    LinearSystem system = system(sums);
    if (!system.isFinite()) {
      return unknown(RegressionStatus.NON_FINITE);
    }
    LinearSystem.Step step = system.step(sums, beta);
    FitRecord record = record(sums, system);
    if (status != RegressionStatus.ITERATION_LIMIT || point.step == null) {
      double[] before = point.step == null ? previous : point.step.change();
      double[] moving = moving(before, point.step == null ? before : step.change());
      if (moving != null) {
        status = RegressionStatus.ITERATION_LIMIT;
        // Only where outcomes are counted is growth without end a separation of them.
        if (family.isDispersionKnown()) {
          status = RegressionStatus.SEPARATED;
          record.separation = separation(moving, record.deviance);
        }
      } else if (status == RegressionStatus.SEPARATED) {
        status = RegressionStatus.ITERATION_LIMIT;
      } else {
        iterations++;
        for (int j = 0; j < beta.length; j++) {
          beta[j] += step.change()[j];
        }
      }
    }
    boolean[] kept = system.kept();
    for (int j = 0; j < beta.length; j++) {
      beta[j] = kept[j] ? beta[j] : Double.NaN;
    }
    record.coefficients = beta;
    if (status == RegressionStatus.SOLVED && record.rank < design.width()) {
      status = RegressionStatus.RANK_DEFICIENT;
    }
    if (status.converged() && !Double.isFinite(record.deviance)) {
      status = RegressionStatus.ITERATION_LIMIT;
    }
    record.status = status;
    record.iterations = iterations;
    return record;
  }

  /** The pass that inference is made of. */
  private RowSums last(double[] beta) {
    Expression pearson = family.pearson().times(family.pearson());
    List<Expression> totals = new ArrayList<>();
    for (Expression e : List.of(family.deviance(), pearson, family.likelihood(weighted))) {
      totals.add(counted(valid(e)));
    }
    Map<String, Expression> constant = Map.of(RowPass.ETA.name(), nullPredictor());
    totals.add(counted(valid(family.deviance()).substitute(constant)));
    RowPass pass = pass(family.fisher(), family.score()).withTotals(totals).withCoefficients(beta);
    return passes.sum(pass);
  }

  /** η of the model of the intercept alone, or of the offset alone. */
  private Expression nullPredictor() {
    if (design.intercept() < 0) {
      return RowPass.OFFSET;
    }
    return Expression.constant(family.link().predictor(meanResponse));
  }

  /** The last step, where it is no smaller than the one before it and moves η; null if not. */
  private double[] moving(double[] before, double[] step) {
    double[] moving = new double[step.length];
    double largest = 0;
    for (int j = 0; j < step.length; j++) {
      double move = Math.abs(step[j]) * reach[j];
      if (move >= MOVING && Math.abs(step[j]) >= 0.3 * Math.abs(before[j])) {
        moving[j] = Math.copySign(move, step[j]);
        largest = Math.max(largest, move);
      }
    }
    if (largest == 0) {
      return null;
    }
    for (int j = 0; j < step.length; j++) {
      moving[j] = Math.abs(moving[j]) < 1e-3 * largest ? 0 : moving[j];
    }
    return moving;
  }

  private String separation(double[] moving, double deviance) {
    List<String> names = new ArrayList<>();
    for (int j = 0; j < moving.length; j++) {
      if (moving[j] != 0 && (j != design.intercept() || design.width() == 1)) {
        names.add(
            design.columns().get(j).name()
                + (moving[j] > 0 ? " towards +infinity" : " towards -infinity"));
      }
    }
    if (names.isEmpty()) {
      names.add(design.columns().get(design.intercept()).name());
    }
    boolean complete = deviance <= 0.1 * weight / rows;
    return (complete ? "complete" : "quasi-complete")
        + " separation: coefficients grow without end, "
        + String.join(", ", names);
  }

  private FitRecord record(RowSums sums, LinearSystem system) {
    FitRecord record = blank();
    double parameters = system.effectiveParameters();
    record.rank = system.rank();
    record.dependencies = system.dependencies();
    if (options.dependentColumns() == DependentColumns.REFUSE && !record.dependencies.isEmpty()) {
      throw new IllegalArgumentException(
          "columns depend on others: " + String.join("; ", record.dependencies));
    }
    record.degreesOfFreedom = rows - parameters;
    record.deviance = sums.high()[sums.total(0)];
    record.pearson = sums.high()[sums.total(1)];
    record.likelihoodTotal = sums.high()[sums.total(2)];
    record.weight = weight;
    double alone = sums.high()[sums.total(3)];
    boolean atTheEnd = design.intercept() >= 0 && !Double.isFinite(nullPredictor().value());
    record.nullDeviance = atTheEnd ? 0 : Double.isFinite(alone) ? alone : Double.NaN;
    record.logLikelihood =
        family.logLikelihood(
            record.likelihoodTotal, record.deviance, record.deviance, rows, weight);
    record.likelihoodParameters = parameters + (family.isDispersionKnown() ? 0 : 1);
    record.dispersion =
        family.isDispersionKnown()
            ? 1
            : record.degreesOfFreedom > 0 ? record.pearson / record.degreesOfFreedom : Double.NaN;
    record.conditionNumber = system.conditionNumber();
    record.varianceInflation = system.varianceInflation();
    record.bread = system.bread();
    double[][] c = system.covariance();
    record.covariance = new double[design.width()][design.width()];
    for (int i = 0; i < c.length; i++) {
      for (int j = 0; j < c.length; j++) {
        record.covariance[i][j] = record.dispersion * c[i][j];
      }
    }
    return record;
  }

  private FitRecord blank() {
    FitRecord record = new FitRecord();
    record.model = "GLM";
    record.family = family;
    record.design = design;
    record.response = design.responses().get(0).toString();
    record.normal = family.isDispersionKnown();
    record.observations = Math.round(rows);
    record.omitted = omitted;
    record.ridge = options.ridge();
    record.method =
        "Newton-Raphson, normal equations in "
            + (precision == RowPass.Precision.DOUBLE ? "double" : "double-double");
    return record;
  }

  /** A record without a solution. */
  private FitRecord unknown(RegressionStatus status) {
    FitRecord record = blank();
    int p = design.width();
    record.status = status;
    record.coefficients = OlsSolver.missing(p);
    record.varianceInflation = OlsSolver.missing(p);
    record.covariance = new double[p][];
    record.bread = new double[p][];
    for (int i = 0; i < p; i++) {
      record.covariance[i] = OlsSolver.missing(p);
      record.bread[i] = OlsSolver.missing(p);
    }
    record.degreesOfFreedom = record.observations;
    record.iterations = iterations;
    return record;
  }
}
