package org.nabla4j.cpu;

import java.util.Arrays;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Outcome;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.StepOptions;
import org.nabla4j.cpu.codegen.TileLayout;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/**
 * Fits of models that are Java code: the same steps as for formulas, around calls of the user's
 * code for all problems at once.
 *
 * <p>Problems sit in slots, as many as keep residuals and Jacobian within {@link #MAXIMUM_VALUES}.
 * All slots take a step together, and a problem that ends makes room for the next one, so that the
 * calls stay wide. One thread makes all calls: ND4J uses several inside.
 *
 * <p>Each residual vector counts as an evaluation of the model, those of finite differences among
 * them. As in MINPACK's {@code lmdif} the limit is looked at between steps: the evaluations of the
 * last Jacobian may go beyond it. Without a Jacobian of the model, steps are taken with forward
 * differences until a test is met, and then with central ones until it is met again. The pass for
 * the covariance of a robust fit does not count.
 */
final class CodedSolver {

  /** Values of all slots together. */
  static final long MAXIMUM_VALUES = 1L << 22;

  private static final int MAXIMUM_SLOTS = 4096;

  /** Smallest pivot of the scaled curvature that is not rounding. */
  private static final double SINGULAR = 1e-14;

  /** Cost of the trial point, relative to the current one, above which no step is accepted. */
  private static final double REFUSED = 1.01;

  /** Share of the tolerances where damped steps have to do what polishing cannot. */
  private static final double TIGHTER = 1e-4;

  private static final double[] NONE = {};

  private final LeastSquaresProblem problem;
  private final LeastSquaresMethod method;
  private final Execution execution;
  private final BatchFit.Builder results;
  private final boolean exact;
  private final CodedModel model;
  private final Loss loss;
  private final int n;
  private final int p;
  private final int parameters;
  private final int slots;
  private final int limit;
  private final boolean polish;
  private final boolean robust;
  private final int[] free;
  private final double[] lower;
  private final double[] upper;
  private final boolean bounded;

  private final TileLayout tile;
  private final StateLayout state;
  private final Procedure step;
  private final Procedure plainStep;
  private final CovarianceBatch covariance;
  private final CurvatureInverse inverse;

  // by slot
  private final LaneMemory[] memory;
  private final long[] problems;
  private final double[][] start;
  private final double[][] sizes;
  private final boolean[] central;
  private final boolean[] plain;
  private final int[] met;
  private final int[] ended;
  private final boolean[] measuring;
  private final int[] used;
  private final int[] evaluations;
  private final int[] steps;
  private final double[] residuals;
  private final double[] factors;
  private final double[] jacobian;

  // of one call
  private final int[] active;
  private final int[] moving;
  private final double[] theta;
  private final double[] answer;
  private final double[] trialCost;
  private CodedCalls calls;
  private FiniteDifferences differences;
  private Rows rows;
  private HouseholderFinisher finisher;
  private int activeCount;
  private long next;
  private long done;

  /**
   * Prepares.
   *
   * @param compiler scalar, for double
   * @param results where results go
   * @throws IllegalArgumentException if residuals and Jacobian of one problem do not fit an array
   */
  CodedSolver(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      KernelCompiler compiler,
      BatchFit.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.results = results;
    model = (CodedModel) problem.model();
    exact = model.jacobian().isPresent();
    loss = problem.loss();
    p = problem.freeCount();
    parameters = problem.parameters().size();
    limit = method.evaluationLimit(p);
    robust = RobustMoments.apply(problem, method);
    lower = problem.lower();
    upper = problem.upper();
    bounded = problem.bounded();
    free = new int[p];
    for (int j = 0, k = 0; j < parameters; j++) {
      if (!problem.isFixed(j)) {
        free[k++] = j;
      }
    }
    long values = problem.points() * (parameters + 1L);
    if (values > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "points = "
              + problem.points()
              + ": residuals and Jacobian of a problem have "
              + values
              + " values, expected at most "
              + (Integer.MAX_VALUE - 8));
    }
    n = (int) problem.points();
    // beside residuals and Jacobian: columns, weights, and buffers
    long each = problem.points() * (parameters + 4L + problem.columns().size());
    long most = Math.max(1, Math.min(MAXIMUM_SLOTS, MAXIMUM_VALUES / each));
    slots = (int) Math.min(most, problem.problems());

    tile = new TileLayout(1, p, 0);
    state = new StateLayout(tile);
    polish = method instanceof LevenbergMarquardt lm && lm.polish();
    step = compiler.step(options(polish, 1));
    plainStep = polish ? compiler.step(options(false, TIGHTER)) : step;
    covariance = new CovarianceBatch(compiler, p);
    inverse = new CurvatureInverse(compiler, p);

    memory = new LaneMemory[slots];
    int size = Math.max(step.facts().tileSize(), plainStep.facts().tileSize());
    for (int s = 0; s < slots; s++) {
      memory[s] = LaneMemory.allocate(true, size);
    }
    problems = new long[slots];
    start = new double[slots][parameters];
    sizes = new double[slots][parameters];
    central = new boolean[slots];
    plain = new boolean[slots];
    met = new int[slots];
    ended = new int[slots];
    measuring = new boolean[slots];
    used = new int[slots];
    evaluations = new int[slots];
    steps = new int[slots];
    residuals = new double[slots * n];
    factors = new double[slots * n];
    jacobian = new double[slots * n * p];
    active = new int[slots];
    moving = new int[slots];
    theta = new double[slots * parameters];
    answer = new double[p];
    trialCost = new double[slots];
  }

  /** The kind of arithmetic, in words. */
  static String description(CodedModel model) {
    return "coded, scalar double" + (model.jacobian().isPresent() ? "" : ", finite differences");
  }

  private StepOptions options(boolean polished, double tolerance) {
    return new StepOptions(
        p,
        0,
        method instanceof LevenbergMarquardt,
        bounded,
        !loss.isLinear(),
        polished,
        tolerance * method.costTolerance(),
        tolerance * method.parameterTolerance(),
        tolerance * method.gradientTolerance(),
        limit,
        false,
        Steps.initialDamping(method));
  }

  /** Solves all problems. */
  void solve() {
    try (CodedCalls open = new CodedCalls(problem, model, slots)) {
      calls = open;
      differences = exact ? null : new FiniteDifferences(problem, calls, free, slots);
      for (int s = 0; s < slots; s++) {
        problems[s] = -1;
        refill(s);
      }
      collectActive();
      while (activeCount > 0 && !execution.cancellation().isCancelled()) {
        long before = done;
        evaluate();
        for (int k = 0; k < activeCount; k++) {
          advance(active[k]);
        }
        for (int k = 0; k < activeCount; k++) {
          if (problems[active[k]] < 0) {
            refill(active[k]);
          }
        }
        collectActive();
        if (activeCount > 0 && (done > before || problem.problems() == 1)) {
          report();
        }
      }
      if (activeCount > 0 || next < problem.problems()) {
        cancel();
      }
      report();
    }
  }

  private void report() {
    boolean one = problem.problems() == 1;
    execution.listener().progress(one ? evaluations[0] : done, one ? limit : problem.problems());
  }

  private void collectActive() {
    activeCount = 0;
    for (int s = 0; s < slots; s++) {
      if (problems[s] >= 0) {
        active[activeCount++] = s;
      }
    }
  }

  /** Gives the slot the next problem that can be worked on, if there is one. */
  private void refill(int s) {
    while (next < problem.problems() && !execution.cancellation().isCancelled()) {
      long index = next++;
      used[s] = calls.load(s, index);
      if (used[s] < n) {
        results.points(index, used[s]);
      }
      boolean finite = readStart(s, index);
      if (used[s] >= p && finite) {
        begin(s, index);
        return;
      }
      results.freeParameters(index, answer, 0, 1);
      boolean few = used[s] < p;
      Status status = few ? Status.TOO_FEW_POINTS : Status.NON_FINITE;
      results.outcome(index, status, few ? used[s] : Double.NaN, Double.NaN, 0, 0);
      done++;
    }
  }

  /** Start values within the bounds; whether all are finite. */
  private boolean readStart(int s, long index) {
    double[] values = start[s];
    problem.starts().read(index, 0, parameters, values, 0);
    for (int j = 0; j < p; j++) {
      double value = values[free[j]];
      answer[j] = Math.max(lower[free[j]], Math.min(upper[free[j]], value));
    }
    return Steps.areFinite(values);
  }

  private void begin(int s, long index) {
    LaneMemory m = memory[s];
    problems[s] = index;
    central[s] = false;
    plain[s] = false;
    measuring[s] = false;
    evaluations[s] = 0;
    steps[s] = 0;
    for (int j = 0; j < p; j++) {
      m.set(state.theta(j), answer[j]);
      m.set(state.scale(j), Steps.initialScale(answer[j]));
      m.set(state.lower(j), lower[free[j]]);
      m.set(state.upper(j), upper[free[j]]);
      sizes[s][free[j]] = Math.abs(answer[j]);
    }
    m.set(tile.points(), n);
    m.set(state.evaluations(), 0);
    Steps.restart((double[]) m.array(), state, tile, method);
  }

  /** Sums at the trial points of all active slots. */
  private void evaluate() {
    for (int k = 0; k < activeCount; k++) {
      putTrial(active[k], k);
    }
    calls.residuals(active, activeCount, theta, residuals);
    int count = 0;
    for (int k = 0; k < activeCount; k++) {
      int s = active[k];
      evaluations[s] += measuring[s] ? 0 : 1;
      trialCost[s] = weigh(s);
      // derivatives are of use at points that are accepted
      if (measuring[s] || trialCost[s] <= REFUSED * memory[s].get(state.cost())) {
        moving[count++] = s;
      }
    }
    for (int k = 0; k < count; k++) {
      putTrial(moving[k], k);
    }
    if (count > 0) {
      differentiate(count);
    }
  }

  /** Gradients and curvatures of the moving slots, whose trial points are in θ. */
  private void differentiate(int count) {
    if (exact) {
      calls.jacobian(moving, count, theta, free, jacobian);
    } else {
      differences.jacobian(moving, count, theta, sizes, central, residuals, jacobian);
    }
    for (int k = 0; k < count; k++) {
      int s = moving[k];
      evaluations[s] += exact || measuring[s] ? 0 : differences.evaluations(central[s]);
      sumUp(s);
    }
  }

  private void putTrial(int s, int row) {
    int at = row * parameters;
    System.arraycopy(start[s], 0, theta, at, parameters);
    for (int j = 0; j < p; j++) {
      theta[at + free[j]] = memory[s].get(tile.trial(j));
    }
  }

  /** The cost ½Σρ(w r²), and what residuals and derivatives of each point are multiplied with. */
  private double weigh(int s) {
    double[] weights = calls.weights();
    boolean linear = loss.isLinear() || measuring[s];
    double squares = 0;
    double losses = 0;
    for (int e = s * n; e < (s + 1) * n; e++) {
      double weight = weights == null ? 1 : weights[e];
      if (weight == 0) { // the model may be infinite where it does not count
        residuals[e] = 0;
        factors[e] = 0;
        continue;
      }
      double r = weight * residuals[e];
      double square = r * r;
      if (linear) {
        factors[e] = weight;
        squares += square;
      } else {
        double slope = loss.weight(square);
        factors[e] = weight * Math.sqrt(slope);
        squares += slope * square;
        losses += loss.rho(square);
      }
    }
    memory[s].set(tile.sum(0, 0), squares);
    memory[s].set(tile.lossSum(), 0.5 * losses);
    return 0.5 * (linear ? squares : losses);
  }

  /** Gradient and curvature. */
  private void sumUp(int s) {
    LaneMemory m = memory[s];
    int from = s * n;
    for (int e = from; e < from + n; e++) {
      residuals[e] = factors[e] == 0 ? 0 : factors[e] * residuals[e];
    }
    double probe = 0;
    for (int j = 0; j < p; j++) {
      int column = (s * p + j) * n;
      for (int i = 0; i < n; i++) {
        double factor = factors[from + i];
        jacobian[column + i] = factor == 0 ? 0 : factor * jacobian[column + i];
      }
      double gradient = dot(jacobian, column, residuals, from);
      m.set(tile.sum(1 + j, 0), gradient);
      for (int k = 0; k <= j; k++) {
        m.set(tile.sum(1 + j, 1 + k), dot(jacobian, column, jacobian, (s * p + k) * n));
      }
      probe += Math.abs(gradient) + m.get(tile.sum(1 + j, 1 + j));
    }
    if (!(probe <= Double.MAX_VALUE)) { // where derivatives are not finite, no step can start
      m.set(tile.sum(0, 0), Double.NaN);
      m.set(tile.lossSum(), Double.NaN);
      trialCost[s] = Double.NaN;
    }
  }

  private double dot(double[] a, int fromA, double[] b, int fromB) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i < n - 1; i += 2) {
      even += a[fromA + i] * b[fromB + i];
      odd += a[fromA + i + 1] * b[fromB + i + 1];
    }
    return i < n ? even + odd + a[fromA + i] * b[fromB + i] : even + odd;
  }

  /** Takes the step, and ends the problem where it is the last one. */
  private void advance(int s) {
    if (measuring[s]) {
      end(s, ended[s]);
      problems[s] = -1;
      done++;
      return;
    }
    LaneMemory m = memory[s];
    boolean first = m.get(state.evaluations()) == 0;
    boolean polishing = m.get(state.phase()) != 0;
    double bar = polishing ? REFUSED * m.get(state.cost()) : m.get(state.cost());
    if (!first && trialCost[s] <= bar) {
      steps[s]++;
    }
    (plain[s] ? plainStep : step).run(m.array(), NONE, NONE, 0, 0);
    m.set(state.signal(), 0);
    for (int j = 0; j < p; j++) {
      double size = Math.abs(m.get(state.theta(j)));
      sizes[s][free[j]] = Math.max(sizes[s][free[j]], size);
    }
    int outcome = (int) m.get(state.outcome());
    if (outcome == Outcome.HARD && Steps.takeAsExact(m, state, 0, start[s], free)) {
      outcome = Outcome.COST;
    }
    boolean polishes = m.get(state.phase()) != 0;
    if (outcome == Outcome.RUNNING) {
      central[s] |= polishes;
      if (evaluations[s] < limit) {
        return;
      }
      outcome = Outcome.LIMIT;
    }
    boolean hard = outcome == Outcome.HARD;
    boolean again = hard || isConverged(outcome);
    boolean sharpens = again && !exact && !central[s];
    boolean detours = again && hard && polishes && !plain[s];
    if (evaluations[s] >= limit) {
      outcome = hard && (sharpens || detours) ? Outcome.LIMIT : outcome;
      sharpens = false;
      detours = false;
    }
    if (sharpens) {
      central[s] = true;
      Steps.restart((double[]) m.array(), state, tile, method);
    } else if (detours) {
      // undamped steps do not contract here, although a test was met
      plain[s] = true;
      met[s] = (int) m.get(state.phase());
      Steps.restart((double[]) m.array(), state, tile, method);
    } else if (robust && outcome != Outcome.NON_FINITE) {
      ended[s] = confirmed(s, outcome);
      measure(s);
    } else {
      end(s, confirmed(s, outcome));
      problems[s] = -1;
      done++;
    }
  }

  /** Where damped steps get no further either, the test that led to them holds. */
  private int confirmed(int s, int outcome) {
    boolean holds =
        outcome == Outcome.HARD
            && plain[s]
            && Steps.isInRange((double[]) memory[s].array(), state, p, true);
    return holds ? met[s] : outcome;
  }

  /** The covariance needs residuals and derivatives at the answer, not weighted by the loss. */
  private void measure(int s) {
    measuring[s] = true;
    central[s] = true;
    for (int j = 0; j < p; j++) {
      memory[s].set(tile.trial(j), memory[s].get(state.theta(j)));
    }
  }

  /** What (JᵀJ)⁻¹ is multiplied with, from residuals that the loss has not weighted. */
  private double robustFactor(int s) {
    double psi2 = 0;
    double slope = 0;
    double slope2 = 0;
    int counted = 0;
    for (int e = s * n; e < (s + 1) * n; e++) {
      if (factors[e] != 0) {
        double square = residuals[e] * residuals[e];
        double psi = residuals[e] * loss.weight(square);
        double own = loss.influenceSlope(square);
        psi2 += psi * psi;
        slope += own;
        slope2 += own * own;
        counted++;
      }
    }
    return RobustMoments.factor(p, used[s] - p, counted, psi2, slope, slope2);
  }

  /** The covariance of a robust fit from sums at its answer. */
  private void writeRobustCovariance(int s) {
    for (int j = 0, e = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        inverse.set(e++, 0, memory[s].get(tile.sum(1 + j, 1 + k)));
      }
    }
    inverse.invert(1);
    if (inverse.pivot(0) >= SINGULAR) {
      double factor = robustFactor(s);
      double[] packed = new double[p * (p + 1) / 2];
      for (int e = 0; e < packed.length; e++) {
        packed[e] = factor * inverse.array()[inverse.inverse(0) + e];
      }
      results.curvatureInverse(problems[s], packed, 0, 1);
    }
  }

  private static boolean isConverged(int outcome) {
    return outcome == Outcome.COST || outcome == Outcome.PARAMETERS || outcome == Outcome.GRADIENT;
  }

  /** Writes the result of the slot's problem. */
  private void end(int s, int outcome) {
    LaneMemory m = memory[s];
    long index = problems[s];
    readAnswer(m);
    results.freeParameters(index, answer, 0, 1);
    double cost = m.get(state.cost());
    if (outcome == Outcome.NON_FINITE) {
      results.outcome(index, Status.NON_FINITE, Double.NaN, Double.NaN, 0, evaluations[s]);
      return;
    }
    covariance.add(index, m, state, 0, outcome);
    covariance.invert();
    double pivot = covariance.pivot(0);
    if (isConverged(outcome) && !(pivot >= CurvatureInverse.ILL_CONDITIONED)) {
      finish(s, outcome);
      covariance.clear();
      return;
    }
    boolean singular = !(pivot >= SINGULAR);
    if (!singular) {
      writeCovariance(s);
    }
    covariance.clear();
    if (singular && outcome == Outcome.HARD) {
      write(s, Status.SINGULAR, pivot > 0 ? pivot : 0, cost);
      return;
    }
    double value =
        switch (outcome) {
          case Outcome.LIMIT -> evaluations[s];
          case Outcome.HARD -> Steps.noProgressValue(m.get(state.damping()));
          default -> cost == 0 ? 0 : Steps.outcomeValue(m, state, 0);
        };
    write(s, Steps.status(outcome, cost), value, cost);
  }

  private void writeCovariance(int s) {
    if (robust) {
      writeRobustCovariance(s);
    } else {
      covariance.write(0, results);
    }
  }

  private void write(int s, Status status, double value, double cost) {
    results.outcome(problems[s], status, value, cost, steps[s], evaluations[s]);
  }

  /** An answer whose normal equations have lost digits: undamped steps by QR factorisation. */
  private void finish(int s, int outcome) {
    if (finisher == null) {
      rows = new Rows();
      double[] low = Arrays.stream(free).mapToDouble(j -> lower[j]).toArray();
      double[] high = Arrays.stream(free).mapToDouble(j -> upper[j]).toArray();
      finisher = new HouseholderFinisher(rows, low, high, execution.cancellation());
    }
    rows.slot = s;
    measuring[s] = false;
    int each = exact ? 1 : 1 + differences.evaluations(true);
    int most = (limit - evaluations[s]) / each;
    if (most < 1) {
      if (covariance.pivot(0) >= SINGULAR) {
        writeCovariance(s);
      }
      write(s, Status.ITERATION_LIMIT, evaluations[s], memory[s].get(state.cost()));
      return;
    }
    HouseholderFinisher.End end = finisher.run(answer, true, most);
    results.freeParameters(problems[s], finisher.theta(), 0, 1);
    double cost = finisher.cost();
    switch (end) {
      case CONVERGED, WELL_CONDITIONED, LIMIT -> {
        double[] packed = new double[p * (p + 1) / 2];
        finisher.covariance(packed);
        if (robust) {
          measuring[s] = true;
          finisher.look(finisher.theta());
          finisher.covariance(packed);
          double factor = robustFactor(s);
          for (int e = 0; e < packed.length; e++) {
            packed[e] *= factor;
          }
        }
        results.curvatureInverse(problems[s], packed, 0, 1);
        if (end == HouseholderFinisher.End.LIMIT) {
          write(s, Status.ITERATION_LIMIT, evaluations[s], cost);
        } else {
          double value = cost == 0 ? 0 : Steps.outcomeValue(memory[s], state, 0);
          write(s, Steps.status(outcome, cost), value, cost);
        }
      }
      case SINGULAR -> {
        double diagonal = finisher.smallestDiagonal();
        write(s, Status.SINGULAR, diagonal * diagonal, cost);
      }
      case DIVERGED -> write(s, Status.NO_PROGRESS, Double.NaN, memory[s].get(state.cost()));
      case CANCELLED -> { // what the steps have found stands
        double own = memory[s].get(state.cost());
        double value = own == 0 ? 0 : Steps.outcomeValue(memory[s], state, 0);
        write(s, Steps.status(outcome, own), value, own);
      }
    }
  }

  /** Weighted residuals and derivatives of one slot, as the finisher sees them. */
  private final class Rows implements LeastSquaresFunction {
    private final double[] values = new double[n * (p + 1)];
    private int slot;

    @Override
    public int points() {
      return n;
    }

    @Override
    public int parameters() {
      return p;
    }

    @Override
    public double evaluate(double[] point) {
      for (int j = 0; j < p; j++) {
        memory[slot].set(tile.trial(j), point[j]);
      }
      moving[0] = slot;
      putTrial(slot, 0);
      calls.residuals(moving, 1, theta, residuals);
      evaluations[slot] += measuring[slot] ? 0 : 1;
      trialCost[slot] = weigh(slot);
      if (!(trialCost[slot] <= Double.MAX_VALUE)) {
        return trialCost[slot];
      }
      differentiate(1);
      for (int i = 0, e = 0; i < n; i++) {
        values[e++] = residuals[slot * n + i];
        for (int j = 0; j < p; j++) {
          values[e++] = jacobian[(slot * p + j) * n + i];
        }
      }
      return trialCost[slot];
    }

    @Override
    public double[] rows() {
      return values;
    }

    @Override
    public int firstRow() {
      return 0;
    }

    @Override
    public int rowStride() {
      return p + 1;
    }
  }

  private void readAnswer(LaneMemory m) {
    for (int j = 0; j < p; j++) {
      answer[j] = m.get(state.theta(j));
    }
  }

  /** What has not ended stays as far as it has come; what has not begun, at its start. */
  private void cancel() {
    for (int k = 0; k < activeCount; k++) {
      int s = active[k];
      double cost = memory[s].get(state.cost());
      readAnswer(memory[s]);
      results.freeParameters(problems[s], answer, 0, 1);
      results.outcome(
          problems[s],
          Status.CANCELLED,
          Double.NaN,
          cost < Double.MAX_VALUE ? cost : Double.NaN,
          steps[s],
          evaluations[s]);
    }
    double[] values = Arrays.copyOf(theta, parameters);
    for (; next < problem.problems(); next++) {
      problem.starts().read(next, 0, parameters, values, 0);
      for (int j = 0; j < p; j++) {
        answer[j] = values[free[j]];
      }
      results.freeParameters(next, answer, 0, 1);
    }
  }
}
