package org.nabla4j.cpu;

import java.util.function.Supplier;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.RootKernel;
import org.nabla4j.cpu.codegen.RootLayout;
import org.nabla4j.cpu.codegen.RootProgram;
import org.nabla4j.data.Column;
import org.nabla4j.objective.EquationProblem;

/** Copies of a few problems of one equation, on which a vector kernel warms up. */
final class RootTrial implements Supplier<WarmUp.Trial> {

  /** Problems that are copied; more than lanes of any vector are not needed. */
  private static final int COPIES = 32;

  /** Steps of a problem before the next takes its lane. */
  private static final int STEPS = 4;

  private final EquationProblem copies;
  private final RootProgram program;
  private final Supplier<KernelCompiler> vectors;

  /** Copies the first problems: the caller's arrays may change or go when its batch has ended. */
  RootTrial(EquationProblem problem, RootProgram program, Supplier<KernelCompiler> vectors) {
    this.program = program;
    this.vectors = vectors;
    copies = copy(problem);
  }

  private static EquationProblem copy(EquationProblem problem) {
    EquationProblem.Builder builder =
        EquationProblem.builder(problem.equations(), problem.unknowns());
    for (int k = 0; k < problem.constants().size(); k++) {
      builder.constant(problem.constantNames().get(k), copy(problem, problem.constants().get(k)));
    }
    String unknown = problem.unknowns().get(0);
    problem.start(0).ifPresent(column -> builder.start(unknown, copy(problem, column)));
    if (problem.lower(0).isPresent() && problem.upper(0).isPresent()) {
      builder.bracket(
          unknown, copy(problem, problem.lower(0).get()), copy(problem, problem.upper(0).get()));
    }
    return builder.build();
  }

  private static Column copy(EquationProblem problem, Column column) {
    if (column.shared()) {
      return Column.shared(column.value(0, 0));
    }
    double[] values = new double[COPIES];
    for (int k = 0; k < COPIES; k++) {
      values[k] = column.value(k % problem.problems(), 0);
    }
    return Column.perProblem(values, 1);
  }

  @Override
  public WarmUp.Trial get() {
    KernelCompiler compiler = vectors.get();
    return compiler == null ? null : new Turns(compiler.root(program));
  }

  /** The copies again and again, some steps of each. */
  private final class Turns implements WarmUp.Trial {
    private final RootKernel kernel;
    private final RootLayout layout;
    private final EquationReader reader = new EquationReader(copies);
    private final double[] tile;
    private long next;
    private int steps;

    Turns(RootKernel kernel) {
      this.kernel = kernel;
      layout = kernel.layout();
      tile = new double[kernel.tileSize()];
    }

    @Override
    public int lanes() {
      return layout.lanes();
    }

    @Override
    public void turn() {
      if (steps == 0) {
        for (int l = 0; l < layout.lanes(); l++) {
          reader.load(next++ % copies.problems(), tile, layout, l);
        }
        kernel.prepare().run(tile, tile, tile, 0, 0);
      }
      kernel.step().run(tile, tile, tile, 0, 0);
      steps++;
      if (steps == STEPS) {
        kernel.check().run(tile, tile, tile, 0, 0);
        steps = 0;
      }
    }
  }
}
