package org.nabla4j.cpu;

import java.util.IdentityHashMap;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;

/** Makes the solvers of single problems, which share compiled rows and the data of all problems. */
final class CloserLookFactory implements CarefulFit.Factory {

  private record Common(Kernel kernel, LaneMemory shared) {}

  private final LeastSquaresProblem problem;
  private final LeastSquaresMethod method;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final IdentityHashMap<ResidualProgram, Common> commons = new IdentityHashMap<>();

  /**
   * Prepares; nothing is compiled before it is needed.
   *
   * @param compiler for scalar double
   */
  CloserLookFactory(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Execution execution,
      KernelCompiler compiler) {
    this.problem = problem;
    this.method = method;
    this.execution = execution;
    this.compiler = compiler;
  }

  @Override
  public CarefulFit create(ResidualProgram program) {
    Common common;
    synchronized (this) {
      common = commons.computeIfAbsent(program, this::prepare);
    }
    RowEvaluator rows = new RowEvaluator(problem, program, common.kernel, common.shared);
    return new CloserLook(rows, problem, method, program.free(), execution.cancellation());
  }

  private Common prepare(ResidualProgram program) {
    Kernel kernel = compiler.rows(program.least());
    return new Common(kernel, program.sharedData(kernel, true));
  }
}
