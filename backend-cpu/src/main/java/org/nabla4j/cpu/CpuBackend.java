package org.nabla4j.cpu;

import java.util.Optional;
import java.util.function.Supplier;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.BatchSolver.Flavour;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.minimize.Abandoned;
import org.nabla4j.cpu.minimize.Minimizer;
import org.nabla4j.cpu.regression.CpuRowPasses;
import org.nabla4j.data.Rows;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.CodedModel;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.objective.Precision;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.RowPasses;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.BatchRoots;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Solves on the CPU: formulas become fused kernels, in SIMD lanes where the JVM has the Vector API
 * and the work is worth its start-up, in plain bytecode elsewhere.
 *
 * <p>Thread-safe. Compiled kernels belong to the backend and go with it.
 */
final class CpuBackend implements Backend {

  private static final Logger LOG = LoggerFactory.getLogger(CpuBackend.class);

  /** Work of a stream, in points times parameters, below which vectors take longer to start. */
  private static final long SMALL_WORK = 20_000_000;

  /**
   * Work of sums over rows, in products of columns, below which vectors take longer to start: some
   * tenths of a second of plain code.
   */
  private static final double SMALL_ROW_WORK = 4e8;

  /** Points from which a single problem is worth all lanes. */
  private static final long MANY_POINTS = 16_384;

  private final KernelCompiler[] scalar = {
    KernelCompiler.scalar(false), KernelCompiler.scalar(true)
  };
  private final KernelCompiler[] vector = new KernelCompiler[2];
  private boolean vectorsLookedUp;

  CpuBackend() {}

  @Override
  public String name() {
    return CpuBackendProvider.NAME;
  }

  @Override
  public String description() {
    return "CPU, "
        + vector(false).map(KernelCompiler::description).orElse(scalar[0].description())
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " threads";
  }

  @Override
  public BatchFit solve(
      LeastSquaresProblem problem, LeastSquaresMethod method, Execution execution) {
    long start = System.nanoTime();
    if (problem.model() instanceof CodedModel model) {
      return solveCode(problem, model, method, execution);
    }
    boolean single = problem.precision() == Precision.SINGLE;
    BatchFit.Builder results = BatchFit.builder(problem, method, name(), scalar[0].description());
    long prepared = System.nanoTime();
    if (isStream(problem)) {
      solveStream(problem, method, execution, single, results);
    } else {
      solveBatch(problem, method, execution, single, results);
    }
    return results.timings(prepared - start, System.nanoTime() - prepared).build();
  }

  @Override
  public BatchMinima minimize(
      MinimizationProblem problem, MinimizationMethod method, Execution execution) {
    long start = System.nanoTime();
    BatchMinima.Builder results = BatchMinima.builder(problem, method, name(), "");
    if (method instanceof NewtonRaphson newton && isLaneWork(problem, execution)) {
      return minimizeInLanes(problem, newton, execution, results, start);
    }
    Optional<CompiledObjective> compiled = compiled(problem, execution);
    long prepared = System.nanoTime();
    Objective objective = evaluated(problem, compiled);
    Minimizer.minimize(problem, objective, method, execution, results);
    addCovariances(objective, execution, results);
    compiled.ifPresent(c -> results.kernel(c.description()));
    return results.timings(prepared - start, System.nanoTime() - prepared).build();
  }

  private static Objective evaluated(
      MinimizationProblem problem, Optional<CompiledObjective> compiled) {
    return compiled.isPresent() ? compiled.get() : problem.freeObjective();
  }

  /** What is cancelled before its covariance is known has none. */
  private static void addCovariances(
      Objective objective, Execution execution, BatchMinima.Builder results) {
    try {
      results.covariances(objective, execution);
    } catch (Abandoned e) {
      LOG.debug("cancelled while covariances were computed");
    }
  }

  /** The objective in kernels, a row of data in each lane, where that is worth it. */
  private Optional<CompiledObjective> compiled(MinimizationProblem problem, Execution execution) {
    if (!(problem.freeObjective() instanceof FormulaObjective formula)
        || !CompiledObjective.isWorthwhile(formula, execution.kernel())) {
      return Optional.empty();
    }
    Supplier<KernelCompiler> vectors = vectors(execution.kernel());
    // threads share the problems first, then their rows
    long threads = execution.parallelism() / Math.min(execution.parallelism(), problem.problems());
    return Optional.of(
        new CompiledObjective(formula, scalar[0], vectors, execution, (int) threads));
  }

  /**
   * Kernels are worth their compilation for several problems; of single steps they tell nothing.
   */
  private static boolean isLaneWork(MinimizationProblem problem, Execution execution) {
    return problem.problems() > 1
        && NewtonBatch.serves(problem)
        && !execution.hasIterationListener();
  }

  private BatchMinima minimizeInLanes(
      MinimizationProblem problem,
      NewtonRaphson method,
      Execution execution,
      BatchMinima.Builder results,
      long start) {
    NewtonBatch batch = NewtonBatch.of(problem, method);
    KernelPreference preference = execution.kernel();
    long prepared = System.nanoTime();
    String kernel =
        batch.solve(
            execution,
            preference == KernelPreference.VECTOR ? null : scalar[0],
            preference == KernelPreference.SCALAR
                ? null
                : () -> {
                  Flavour found = vectors(preference, false);
                  return found == null ? null : found.kernels();
                },
            (index, theta, value, gradient, status, statusValue, iterations, evaluations) -> {
              results.freeParameters(index, theta);
              if (gradient != null) {
                results.gradient(index, gradient);
              }
              results.outcome(index, status, statusValue, value, iterations, evaluations);
            });
    results.kernel(kernel);
    if (problem.isNegativeLogLikelihood()) {
      addCovariances(evaluated(problem, compiled(problem, execution)), execution, results);
    }
    return results.timings(prepared - start, System.nanoTime() - prepared).build();
  }

  private void solveStream(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      boolean single,
      BatchFit.Builder results) {
    KernelCompiler compiler = choose(problem, execution.kernel(), single);
    KernelCompiler doubles = compiler.isVector() ? vector(false).orElse(scalar[0]) : scalar[0];
    KernelCompiler steps = scalar[0];
    Supplier<StreamSolver> exact =
        () -> new StreamSolver(problem, method, execution, doubles, steps, steps, results, null);
    new StreamSolver(
            problem,
            method,
            execution,
            compiler,
            scalar[single ? 1 : 0],
            steps,
            results,
            single ? exact : null)
        .solve();
    results.kernel(compiler.description());
    MissingValues.refuse(problem, execution, results);
  }

  private void solveBatch(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      boolean single,
      BatchFit.Builder results) {
    KernelPreference preference = execution.kernel();
    boolean one = problem.problems() == 1;
    CarefulFit.Factory careful = new CloserLookFactory(problem, method, execution, scalar[0]);
    // of a single fit evaluations are told, and it is over before anyone could follow them
    Execution quiet = one ? execution.withListener((done, total) -> {}) : execution;
    Supplier<Flavour> vectors =
        preference == KernelPreference.SCALAR ? null : () -> vectors(preference, single);
    Flavour scalars = new Flavour(scalar[single ? 1 : 0], scalar[0]);
    BatchSolver solver =
        new BatchSolver(
            problem,
            method,
            quiet,
            preference == KernelPreference.VECTOR ? null : scalars,
            vectors,
            careful,
            results);
    Flavour flavour = solver.solve();
    if (one) {
      long limit = method.evaluationLimit(problem.freeCount());
      execution.listener().progress(results.build().evaluations(0), limit);
    }
    MissingValues.refuse(problem, execution, results);
    if (RobustMoments.apply(problem, method)) {
      BatchFit fit = results.build();
      new RobustCovariance(problem, execution, flavour.doubles(), scalar[0], fit, results)
          .compute();
    }
  }

  @Override
  public BatchRoots solve(EquationProblem problem, RootFinding method, Execution execution) {
    long start = System.nanoTime();
    KernelPreference preference = execution.kernel();
    if (problem.unknowns().size() > 1) {
      return solveSystem(problem, method, execution);
    }
    BatchRoots.Builder results =
        BatchRoots.builder(problem, method, name(), scalar[0].description());
    Supplier<KernelCompiler> vectors = vectors(preference);
    boolean vectorOnly = preference == KernelPreference.VECTOR;
    RootSolver solver =
        new RootSolver(problem, method, execution, scalar[0], vectors, vectorOnly, results);
    long prepared = System.nanoTime();
    solver.solve();
    return results.timings(prepared - start, System.nanoTime() - prepared).build();
  }

  private BatchRoots solveSystem(EquationProblem problem, RootFinding method, Execution execution) {
    long start = System.nanoTime();
    BatchRoots.Builder results =
        BatchRoots.builder(problem, method, name(), SystemSolver.description());
    new SystemSolver(problem, method, execution, results).solve();
    return results.timings(0, System.nanoTime() - start).build();
  }

  /** The compiler of vectors of doubles, when it is needed; null where plain kernels are wanted. */
  private Supplier<KernelCompiler> vectors(KernelPreference preference) {
    if (preference == KernelPreference.VECTOR) {
      KernelCompiler compiler = vector(false).orElseThrow(CpuBackend::noVectors);
      return () -> compiler;
    }
    return preference == KernelPreference.SCALAR ? null : () -> vector(false).orElse(null);
  }

  @Override
  public RowPasses passes(Design design, Rows rows, Execution execution) {
    KernelCompiler compiler = scalar[0];
    if (execution.kernel() == KernelPreference.VECTOR
        || (execution.kernel() == KernelPreference.AUTO && isVectorWork(design, rows))) {
      Flavour found = vectors(execution.kernel(), false);
      compiler = found == null ? compiler : found.kernels();
    }
    return new CpuRowPasses(design, rows, execution, compiler);
  }

  /** Whether sums over rows take longer than vector kernels take to start; of a stream always. */
  private static boolean isVectorWork(Design design, Rows rows) {
    double columns = design.width() + design.responses().size();
    return rows.count() < 0 || rows.count() * columns * columns >= SMALL_ROW_WORK;
  }

  private Flavour vectors(KernelPreference preference, boolean single) {
    Optional<KernelCompiler> found = vector(single);
    if (found.isEmpty() && preference == KernelPreference.VECTOR) {
      throw noVectors();
    }
    return found.map(compiler -> new Flavour(compiler, vector(false).orElseThrow())).orElse(null);
  }

  private static IllegalStateException noVectors() {
    return new IllegalStateException(
        "kernel = VECTOR, but this JVM has no module jdk.incubator.vector: start it with"
            + " --add-modules jdk.incubator.vector");
  }

  private BatchFit solveCode(
      LeastSquaresProblem problem,
      CodedModel model,
      LeastSquaresMethod method,
      Execution execution) {
    long start = System.nanoTime();
    BatchFit.Builder results =
        BatchFit.builder(problem, method, name(), CodedSolver.description(model));
    CodedSolver solver = new CodedSolver(problem, method, execution, scalar[0], results);
    long prepared = System.nanoTime();
    solver.solve();
    MissingValues.refuse(problem, execution, results);
    return results.timings(prepared - start, System.nanoTime() - prepared).build();
  }

  /**
   * Lanes are better used for points where there are many. Only their number decides: a fit must
   * not come out differently in company, or on more threads.
   */
  private static boolean isStream(LeastSquaresProblem problem) {
    return problem.points() >= MANY_POINTS;
  }

  /**
   * The compiler for a stream: lanes that are points sum in another order than one lane, so not
   * even the choice of the kernel may depend on the number of problems or on what ran before.
   */
  private KernelCompiler choose(
      LeastSquaresProblem problem, KernelPreference preference, boolean single) {
    KernelCompiler plain = scalar[single ? 1 : 0];
    double work = (double) problem.points() * problem.freeCount();
    if (preference == KernelPreference.SCALAR
        || (preference == KernelPreference.AUTO && work < SMALL_WORK)) {
      return plain;
    }
    Flavour found = vectors(preference, single);
    return found == null ? plain : found.kernels();
  }

  private synchronized Optional<KernelCompiler> vector(boolean single) {
    if (!vectorsLookedUp) {
      vectorsLookedUp = true;
      KernelCompiler.vector(false).ifPresent(c -> vector[0] = c);
      KernelCompiler.vector(true).ifPresent(c -> vector[1] = c);
      if (vector[0] == null) {
        LOG.info(
            "kernels are scalar, several times slower: start Java with"
                + " --add-modules jdk.incubator.vector");
      }
    }
    return Optional.ofNullable(vector[single ? 1 : 0]);
  }

  @Override
  public void close() {
    for (KernelCompiler[] compilers : new KernelCompiler[][] {scalar, vector}) {
      for (KernelCompiler c : compilers) {
        if (c != null) {
          c.clear();
        }
      }
    }
  }
}
