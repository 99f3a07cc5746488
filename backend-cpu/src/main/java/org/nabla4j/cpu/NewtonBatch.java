package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.NewtonOptions;
import org.nabla4j.cpu.codegen.NewtonState;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.minimize.CarefulNewton;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.program.ObjectiveProgram;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.result.Status;

/**
 * Newton-Raphson minimisation of many problems at once: each lane of a tile works on one, and takes
 * the next as soon as its own has ended.
 *
 * <pre>
 *   minimise f(θ) = Σ_k φ(θ, c, d_k)   over θ,   lower ≤ θ ≤ upper
 * </pre>
 *
 * <p>Value, gradient and exact Hessian come from one generated kernel, the step from {@link
 * org.nabla4j.cpu.codegen}'s Newton code. What a lane cannot bring to an end {@link CarefulNewton}
 * begins again, with the steps that are left. A problem's result is the same to the last bit
 * whatever its lane, its neighbours, the thread or the flavour of the kernel.
 */
final class NewtonBatch {

  /** Most parameters p that there is code for. */
  static final int MAX_PARAMETERS = KernelCompiler.STRAIGHT_LINE_PARAMETERS;

  /** Where results go; called by the threads that found them, once for each problem. */
  @FunctionalInterface
  interface Sink {

    /**
     * Takes a result.
     *
     * @param index the problem
     * @param theta p parameters, the best point; valid during the call only
     * @param value f there
     * @param gradient ∇f there, p entries; valid during the call only; null if it is not known
     * @param status how it ended
     * @param statusValue the quantity that decided how it ended, NaN if there is none
     * @param iterations steps tried
     * @param evaluations of f, gradient and Hessian
     */
    void ended(
        long index,
        double[] theta,
        double value,
        double[] gradient,
        Status status,
        double statusValue,
        int iterations,
        int evaluations);
  }

  /**
   * One flavour's code for the batch.
   *
   * @param shared what the kernel reads of data that all problems share
   */
  record Engine(
      KernelCompiler compiler, Kernel kernel, Procedure step, NewtonState state, LaneMemory shared)
      implements LaneRun.Engine {}

  /** Problems that are copied to warm up; more than lanes of any vector are not needed. */
  private static final int COPIES = 32;

  private final ObjectiveProgram objective;
  private final NewtonOptions options;
  private final NewtonRaphson method;

  /** What hard problems are evaluated by; null for copies, whose results nobody asks for. */
  private final FormulaObjective formula;

  private final Column[] constants;
  private final Column[] ownColumns;
  private final double[][] sharedColumns;
  private final Column starts;
  private final int[] free;
  private final double[] lower;
  private final double[] upper;
  private final long problems;
  private final int points;

  /**
   * Differentiates and compiles the objective to a program.
   *
   * @param term φ
   * @param parameters the names of θ, at most {@link #MAX_PARAMETERS}
   * @param constants the names of known numbers c, each with a column of one point
   * @param columns the names of data d, each with a column of n points; none for a plain objective,
   *     which is its single term
   * @param starts start values, a column of at least p points; they are moved into the bounds
   * @param free where each parameter's start value stands in the column
   * @param lower p lower bounds, or null where there are none
   * @param upper p upper bounds, or null where there are none
   * @param problems how many problems there are
   * @param method tolerances and limit
   * @throws IllegalArgumentException if there are too many parameters, or a column has not as many
   *     points or problems as it should
   */
  NewtonBatch(
      Expression term,
      List<String> parameters,
      Map<String, Column> constants,
      Map<String, Column> columns,
      Column starts,
      int[] free,
      double[] lower,
      double[] upper,
      long problems,
      NewtonRaphson method) {
    int p = parameters.size();
    if (p < 1 || p > MAX_PARAMETERS) {
      throw new IllegalArgumentException(
          "parameters = " + parameters + ", expected 1 to " + MAX_PARAMETERS);
    }
    if ((lower == null) != (upper == null)
        || (lower != null && (lower.length != p || upper.length != p))) {
      throw new IllegalArgumentException(
          "lower and upper bounds, expected both or none, and " + p + " of each");
    }
    this.problems = problems;
    this.method = method;
    if (free.length != p) {
      throw new IllegalArgumentException(
          "free = " + Arrays.toString(free) + ", expected a position for each of " + parameters);
    }
    this.starts = checked("starts", starts, starts.points(), problems);
    this.free = free.clone();
    this.lower = lower == null ? null : lower.clone();
    this.upper = upper == null ? null : upper.clone();
    this.constants = constants.values().toArray(new Column[0]);
    constants.forEach((name, column) -> checked("constant " + name, column, 1, problems));
    points = columns.isEmpty() ? 1 : Math.toIntExact(columns.values().iterator().next().points());
    List<String> shared = new ArrayList<>();
    List<String> own = new ArrayList<>();
    List<Column> owned = new ArrayList<>();
    List<double[]> read = new ArrayList<>();
    columns.forEach(
        (name, column) -> {
          checked("column " + name, column, points, problems);
          if (column.shared()) {
            shared.add(name);
            double[] values = new double[points];
            column.read(0, 0, points, values, 0);
            read.add(values);
          } else {
            own.add(name);
            owned.add(column);
          }
        });
    ownColumns = owned.toArray(new Column[0]);
    sharedColumns = read.toArray(new double[0][]);
    ProgramInputs inputs =
        new ProgramInputs(parameters, List.copyOf(constants.keySet()), shared, own);
    objective =
        ObjectiveProgram.of(
            term, inputs, ProgramCompiler.Options.defaults().withFma(KernelCompiler.hasFma()));
    List<Boolean> zeros = new ArrayList<>();
    for (int j = 0; j < p; j++) {
      for (int k = 0; k <= j; k++) {
        zeros.add(objective.isZero(1 + j, 1 + k));
      }
    }
    FormulaObjective plain =
        FormulaObjective.of(
            term, parameters, List.copyOf(constants.keySet()), List.copyOf(columns.keySet()));
    for (Map.Entry<String, Column> constant : constants.entrySet()) {
      plain = plain.constant(constant.getKey(), constant.getValue());
    }
    for (Map.Entry<String, Column> column : columns.entrySet()) {
      plain = plain.data(column.getKey(), column.getValue());
    }
    formula = plain;
    options =
        new NewtonOptions(
            p,
            this.constants.length,
            lower != null,
            method.gradientTolerance(),
            method.valueTolerance(),
            method.parameterTolerance(),
            laneLimit(method, p),
            zeros);
  }

  /**
   * Whether a problem can be solved here: a formula without constraints, of few parameters.
   *
   * @param problem the problem
   * @return whether {@link #of} can be called
   */
  static boolean serves(MinimizationProblem problem) {
    return problem.freeObjective() instanceof FormulaObjective
        && problem.constraints().isEmpty()
        && problem.freeCount() <= MAX_PARAMETERS;
  }

  /**
   * Prepares the batch of a problem that {@link #serves} was asked for.
   *
   * @param problem the problem
   * @param method tolerances and limit
   * @return the batch
   */
  static NewtonBatch of(MinimizationProblem problem, NewtonRaphson method) {
    FormulaObjective objective = (FormulaObjective) problem.freeObjective();
    Map<String, Column> constants = new LinkedHashMap<>();
    for (String name : objective.constants()) {
      constants.put(name, objective.constantValues(name).orElseThrow());
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    for (String name : objective.columns()) {
      columns.put(name, objective.columnValues(name).orElseThrow());
    }
    int[] free = problem.freePositions();
    return new NewtonBatch(
        objective.expression(),
        objective.parameters(),
        constants,
        columns,
        problem.starts(),
        free,
        problem.bounded() ? some(problem.lower(), free) : null,
        problem.bounded() ? some(problem.upper(), free) : null,
        problem.problems(),
        method);
  }

  /**
   * The most steps of a problem in its lane: half of all, if those are so many that a careful
   * search of the rest is worth while.
   */
  private static int laneLimit(NewtonRaphson method, int p) {
    int limit = method.iterationLimit(p);
    return limit >= NewtonRaphson.defaults().iterationLimit(p) ? limit / 2 : limit;
  }

  private static double[] some(double[] all, int[] positions) {
    return Arrays.stream(positions).mapToDouble(j -> all[j]).toArray();
  }

  private NewtonBatch(NewtonBatch from, int count) {
    objective = from.objective;
    method = from.method;
    formula = null;
    options = from.options;
    constants = copies(from.constants, count);
    ownColumns = copies(from.ownColumns, count);
    sharedColumns = from.sharedColumns;
    starts = copies(new Column[] {from.starts}, count)[0];
    free = from.free;
    lower = from.lower;
    upper = from.upper;
    problems = count;
    points = from.points;
  }

  private static Column[] copies(Column[] columns, int count) {
    Column[] copies = new Column[columns.length];
    for (int k = 0; k < copies.length; k++) {
      int n = Math.toIntExact(columns[k].points());
      double[][] rows = new double[count][n];
      for (int i = 0; i < count; i++) {
        columns[k].read(i, 0, n, rows[i], 0);
      }
      copies[k] = Column.perProblem(rows);
    }
    return copies;
  }

  private static Column checked(String name, Column column, long points, long problems) {
    if (column.points() != points || (!column.shared() && column.problems() != problems)) {
      throw new IllegalArgumentException(
          name
              + " is "
              + column
              + ", expected "
              + points
              + " points, shared or for "
              + problems
              + " problems");
    }
    return column;
  }

  /** The most steps of a problem. */
  int limit() {
    return method.iterationLimit(free.length);
  }

  /** Largest relative gradient of a solution. */
  double gradientTolerance() {
    return options.gradientTolerance();
  }

  /** Solves what lanes find hard, for one thread; null where nobody asks for results. */
  CarefulNewton careful() {
    return formula == null ? null : new CarefulNewton(formula, method, lower, upper);
  }

  int points() {
    return points;
  }

  Column[] constants() {
    return constants;
  }

  Column[] ownColumns() {
    return ownColumns;
  }

  Column starts() {
    return starts;
  }

  /** Where each parameter's start value stands among {@link #starts()}. */
  int[] free() {
    return free;
  }

  /** Lower bounds, or null. */
  double[] lower() {
    return lower;
  }

  /** Upper bounds, or null. */
  double[] upper() {
    return upper;
  }

  /** Counted operations of an evaluation with its step, of one problem. */
  static double operations(Engine engine, int points) {
    return Steps.operations(engine.kernel().evaluation(), points)
        + Steps.operations(engine.step(), 0);
  }

  /** The code of one flavour. */
  Engine engine(KernelCompiler compiler) {
    Kernel kernel = compiler.objective(objective);
    return new Engine(
        compiler,
        kernel,
        compiler.step(options),
        new NewtonState(kernel.tile()),
        SharedValues.of(objective.program(), kernel, sharedColumns, points, true));
  }

  /**
   * Minimises all problems.
   *
   * @param execution threads, listener, cancellation
   * @param scalar the scalar flavour, or null if only the vector flavour may run
   * @param vectors asked for the vector flavour when it is needed, gives null if it is not there;
   *     or null if it must not run
   * @param sink where results go, from several threads at once
   * @return the kernel that ran, in words
   */
  String solve(
      Execution execution, KernelCompiler scalar, Supplier<KernelCompiler> vectors, Sink sink) {
    Supplier<Engine> later =
        vectors == null
            ? null
            : () -> {
              KernelCompiler vector = vectors.get();
              return vector == null ? null : engine(vector);
            };
    LaneRun.Work<Engine> work =
        new LaneRun.Work<>() {
          @Override
          public LaneWorker worker(Engine engine, LaneWorker.Source source) {
            return new NewtonWorker(NewtonBatch.this, engine, source, sink);
          }

          @Override
          public LaneRun.Copies<Engine> copies() {
            return new Copies(new NewtonBatch(NewtonBatch.this, (int) Math.min(problems, COPIES)));
          }
        };
    return new LaneRun<>(scalar == null ? null : engine(scalar), later, work)
        .run(execution, problems);
  }

  /** Some problems in arrays that nobody changes. */
  private record Copies(NewtonBatch batch) implements LaneRun.Copies<Engine> {

    @Override
    public int count() {
      return (int) batch.problems;
    }

    @Override
    public LaneWorker worker(Engine engine, LaneWorker.Source source) {
      return new NewtonWorker(
          batch, engine, source, (i, theta, f, gradient, status, decided, steps, calls) -> {});
    }
  }
}
