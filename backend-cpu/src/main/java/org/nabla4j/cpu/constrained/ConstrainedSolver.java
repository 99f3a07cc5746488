package org.nabla4j.cpu.constrained;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.method.MinimizationMethod;
public final class ConstrainedSolver {
  private ConstrainedSolver() {}
  public static ConstrainedResult solve(ConstrainedFunction f, double[] start, double[] lower, double[] upper, MinimizationMethod method, Cancellation c) {
    return new SqpSolver(f, Bounds.of(f.parameters(), lower, upper), method, 1e-9, c).solve(start);
  }
}
