package org.nabla4j.cpu;

import java.util.function.Supplier;
import org.nabla4j.cpu.BatchSolver.Engine;
import org.nabla4j.cpu.BatchSolver.Flavour;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.cpu.codegen.StateLayout;
import org.nabla4j.cpu.codegen.StepOptions;
import org.nabla4j.method.LeastSquaresMethod;
import org.nabla4j.objective.LeastSquaresProblem;

/** Copies of a few least-squares problems, on which a vector kernel warms up. */
final class LeastSquaresTrial implements Supplier<WarmUp.Trial> {

  /** Problems that are copied; more than lanes of any vector are not needed. */
  private static final int COPIES = 32;

  private final ResidualProgram program;
  private final LaneMemory shared;
  private final StepOptions options;
  private final StepOptions optionsInFloat;
  private final Supplier<Flavour> vectors;
  private final boolean isDouble;
  private final int points;
  private final int columns;
  private final LaneMemory copies;
  private final double[][] starts = new double[COPIES][];
  private final double[] lower;
  private final double[] upper;

  LeastSquaresTrial(
      LeastSquaresProblem problem,
      LeastSquaresMethod method,
      Engine scalar,
      Supplier<Flavour> vectors) {
    this.program = scalar.program;
    this.shared = scalar.data;
    this.vectors = vectors;
    isDouble = scalar.flavour.kernels().isDouble();
    options = Steps.options(problem, method, program, true);
    optionsInFloat = Steps.options(problem, method, program, false);
    points = Math.toIntExact(problem.points());
    columns = scalar.kernel.dataStride();
    lower = problem.lower();
    upper = problem.upper();
    // now: the caller's arrays may change or go when its batch has ended
    copies = LaneMemory.allocate(isDouble, Math.multiplyExact(points * columns, COPIES));
    ResidualProgram.Reader reader = program.reader();
    for (int k = 0; k < COPIES; k++) {
      long index = k % problem.problems();
      reader.read(index, copies, columns * COPIES, COPIES, k);
      starts[k] = new double[lower.length];
      problem.starts().read(index, 0, lower.length, starts[k], 0);
    }
  }

  @Override
  public WarmUp.Trial get() {
    Flavour vector = vectors.get();
    if (vector == null) {
      return null;
    }
    Kernel kernel = vector.kernels().batch(program.least());
    Procedure step = vector.kernels().step(isDouble ? options : optionsInFloat);
    int lanes = vector.kernels().lanes();
    StateLayout state = new StateLayout(kernel.tile());
    LaneMemory data = data(lanes);
    LaneMemory tile =
        LaneMemory.allocate(
            isDouble, Math.max(kernel.evaluation().facts().tileSize(), step.facts().tileSize()));
    for (int l = 0; l < lanes; l++) {
      tile.set(kernel.tile().points() + l, points);
      load(kernel, state, tile, l);
    }
    return new WarmUp.Trial() {
      @Override
      public int lanes() {
        return lanes;
      }

      @Override
      public void turn() {
        kernel.evaluation().run(tile.array(), data.array(), shared.array(), 0, points);
        step.run(tile.array(), data.array(), shared.array(), 0, 0);
        for (int ended = tile.nonZero(state.outcome(), lanes); ended != 0; ended &= ended - 1) {
          load(kernel, state, tile, Integer.numberOfTrailingZeros(ended));
        }
      }
    };
  }

  /** The copies as lanes of the kernel. */
  private LaneMemory data(int lanes) {
    LaneMemory data = LaneMemory.allocate(isDouble, points * columns * lanes);
    for (int e = 0; e < points * columns; e++) {
      for (int l = 0; l < lanes; l++) {
        data.set(e * lanes + l, copies.get(e * COPIES + l));
      }
    }
    return data;
  }

  private void load(Kernel kernel, StateLayout state, LaneMemory tile, int l) {
    int[] free = program.free();
    int[] fixed = program.fixed();
    for (int j = 0; j < free.length; j++) {
      Steps.start(
          tile, kernel.tile(), state, l, j, starts[l][free[j]], lower[free[j]], upper[free[j]]);
    }
    for (int k = 0; k < fixed.length; k++) {
      tile.set(kernel.tile().problemConstant(k) + l, starts[l][fixed[k]]);
    }
    tile.set(state.evaluations() + l, 0);
    tile.set(state.outcome() + l, 0);
  }
}
