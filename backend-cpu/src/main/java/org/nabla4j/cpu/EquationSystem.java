package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.List;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.RoundingBound;
import org.nabla4j.expression.Simplifier;
import org.nabla4j.objective.Equation;
import org.nabla4j.objective.EquationProblem;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** F, its Jacobian and the rounding bounds of F as programs: p equations in p unknowns. */
final class EquationSystem {

  private final int p;
  private final Program residuals;
  private final Program jacobian;
  private final Program bounds;

  /** Row and column of each entry of the Jacobian that is not constantly 0. */
  private final int[] rows;

  private final int[] columns;

  EquationSystem(EquationProblem problem, boolean fma) {
    List<String> unknowns = problem.unknowns();
    p = unknowns.size();
    ProgramInputs inputs =
        new ProgramInputs(unknowns, problem.constantNames(), List.of(), List.of());
    ProgramCompiler.Options options = ProgramCompiler.Options.defaults().withFma(fma);
    List<Expression> f = new ArrayList<>();
    List<Expression> errors = new ArrayList<>();
    List<Expression> entries = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    for (Equation equation : problem.equations()) {
      Expression residual = Simplifier.simplify(equation.residual());
      List<Expression> gradient = Derivatives.gradient(residual, unknowns);
      for (int j = 0; j < p; j++) {
        Expression entry = gradient.get(j);
        if (entry.op() != Op.CONSTANT || entry.value() != 0) {
          places.add(new int[] {f.size(), j});
          entries.add(entry);
        }
      }
      f.add(residual);
      errors.add(RoundingBound.of(residual));
    }
    residuals = ProgramCompiler.compile(f, inputs, options);
    jacobian = ProgramCompiler.compile(entries, inputs, options);
    bounds = ProgramCompiler.compile(errors, inputs, options);
    rows = places.stream().mapToInt(place -> place[0]).toArray();
    columns = places.stream().mapToInt(place -> place[1]).toArray();
  }

  int size() {
    return p;
  }

  /** For one thread. */
  Evaluator evaluator() {
    return new Evaluator();
  }

  /** Evaluates for one set of constants at a time. */
  final class Evaluator {
    private static final double[] NONE = {};

    private final Interpreter f = new Interpreter(residuals);
    private final Interpreter slopes = new Interpreter(jacobian);
    private final Interpreter errors = new Interpreter(bounds);
    private final double[] entries = new double[rows.length];

    /** F(x); false where it is not finite. */
    boolean residuals(double[] x, double[] constants, double[] target) {
      f.evaluate(x, constants, NONE, NONE, target);
      boolean finite = true;
      for (int i = 0; i < p; i++) {
        finite &= Math.abs(target[i]) <= Double.MAX_VALUE;
      }
      return finite;
    }

    /** J(x); false where it is not finite. */
    boolean jacobian(double[] x, double[] constants, double[][] target) {
      slopes.evaluate(x, constants, NONE, NONE, entries);
      boolean finite = true;
      for (int k = 0; k < entries.length; k++) {
        target[rows[k]][columns[k]] = entries[k];
        finite &= Math.abs(entries[k]) <= Double.MAX_VALUE;
      }
      return finite;
    }

    /** How far rounding can shift each F_i. */
    void bounds(double[] x, double[] constants, double[] target) {
      errors.evaluate(x, constants, NONE, NONE, target);
    }
  }
}
