package org.nabla4j.cpu;

import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.RootKernel;
import org.nabla4j.cpu.codegen.RootProgram;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.result.BatchRoots;

/**
 * One equation in one unknown for many sets of constants: each lane of a tile works on one problem,
 * and takes the next one as soon as its own has ended.
 *
 * <p>A problem's arithmetic does not depend on its lane, its neighbours, the thread, or the flavour
 * of the kernel, so its result is the same to the last bit however it is batched, and a batch can
 * begin with the scalar kernel and go on with the vector kernel once the JVM has compiled that.
 */
final class RootSolver {

  /** Nanoseconds between two looks whether the vector kernel is warm. */
  private static final long SLICE = 5_000_000;

  /** Problems that keep a thread busy. */
  private static final int FEW = 16;

  final EquationProblem problem;
  final RootFinding method;
  final BatchRoots.Builder results;
  private final Execution execution;
  private final KernelCompiler scalar;
  private final Supplier<KernelCompiler> vectors;
  private final boolean vectorOnly;
  private final RootProgram program;
  private final RootKernel scalarKernel;

  /**
   * Prepares a batch.
   *
   * @param scalar the scalar flavour
   * @param vectors asked for the vector flavour when it is needed, gives null if it is not there;
   *     or null if it must not run
   * @param vectorOnly whether the scalar flavour may not run
   * @param results where results go
   */
  RootSolver(
      EquationProblem problem,
      RootFinding method,
      Execution execution,
      KernelCompiler scalar,
      Supplier<KernelCompiler> vectors,
      boolean vectorOnly,
      BatchRoots.Builder results) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.scalar = scalar;
    this.vectors = vectors;
    this.vectorOnly = vectorOnly;
    this.results = results;
    program =
        RootProgram.of(
            problem.equations().get(0),
            problem.unknowns().get(0),
            problem.constantNames(),
            method.residualTolerance(),
            KernelCompiler.hasFma());
    scalarKernel = scalar.root(program);
  }

  /** The code for a problem alone. */
  RootKernel scalarKernel() {
    return scalarKernel;
  }

  /** Solves all problems. */
  void solve() {
    Warmth warmth = scalarKernel.warmth();
    boolean useVectors = vectors != null && (vectorOnly || warmth.isHot());
    KernelCompiler vector = useVectors ? vectors.get() : null;
    RootKernel only = vector == null ? scalarKernel : vector.root(program);
    boolean isSettled = useVectors || vectors == null;
    ProblemPile pile = new ProblemPile(problem.problems(), execution);
    long shares = (problem.problems() + FEW - 1) / FEW;
    int workers = (int) Math.min(execution.parallelism(), Math.max(1, shares / 2));
    Later later = new Later();
    execution.run(
        workers,
        w -> {
          RootWorker worker = new RootWorker(this, only, pile.share());
          if (isSettled) {
            worker.finish();
          } else {
            workUntilHot(worker, warmth, later);
          }
        });
    pile.finish();
    KernelCompiler last = later.compiler != null ? later.compiler : vector;
    results.kernel(
        (last == null ? scalar : last).description()
            + (later.compiler != null ? " (scalar while it warmed up)" : ""));
  }

  /** Works with the scalar kernel, and with the vector kernel as soon as that is faster. */
  private void workUntilHot(RootWorker worker, Warmth warmth, Later later) {
    boolean isLeft = true;
    while (isLeft && !warmth.isHot()) {
      isLeft = worker.work(SLICE);
      warmth.add(worker.spent(), worker.pace());
      WarmUp.begin(warmth, () -> new RootTrial(problem, program, vectors));
    }
    worker.finishBegun();
    if (isLeft) {
      new RootWorker(this, later.kernel(), worker.share()).finish();
    }
  }

  /** The vector flavour's code, made when it is first asked for. */
  private final class Later {
    private KernelCompiler compiler;

    synchronized RootKernel kernel() {
      compiler = vectors.get();
      return compiler.root(program);
    }
  }
}
