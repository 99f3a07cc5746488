package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.Precision;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.Opcode;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * Floating-point operations that one evaluation of a problem needs: per data point, the residual,
 * the row of the Jacobian, and the sums r², Jᵀr and JᵀJ (each symmetric entry once). Everything
 * else (what is done once for each evaluation, the damped step, moving data) counts nothing, so a
 * share of peak made from this is a share of useful work.
 *
 * <p>An addition, subtraction, multiplication or division counts one, a fused multiply-add two. An
 * exponential counts the additions and multiplications of a straightforward good one: reduction by
 * three additions, a polynomial of degree 11 (double) or 6 (float) by pairs, and its scaling.
 * Integer operations, comparisons and selections count nothing.
 *
 * @param flopsPerPoint operations for each data point
 */
record Work(double flopsPerPoint) {

  private static final int EXP2_DOUBLE = 27;
  private static final int EXP2_FLOAT = 17;

  /** exp(x) = 2^(x·log2 e) with the product in two parts. */
  private static final int EXP_OVER_EXP2 = 2;

  /**
   * Counts the operations of a problem's formula.
   *
   * @param problem the problem
   * @param precision of the kernel
   * @return the count
   * @throws IllegalArgumentException if the formula has an operation that no count is known for
   */
  static Work of(BenchProblem problem, Precision precision) {
    Formula formula = Formula.parse(problem.formula());
    List<String> parameters = new ArrayList<>(formula.symbols());
    parameters.removeAll(problem.columns());
    Expression residual = formula.expression().minus(formula.response().orElseThrow());
    ProgramInputs inputs =
        new ProgramInputs(
            parameters, List.of(), problem.columns(), List.copyOf(formula.responseSymbols()));
    LeastSquaresProgram fit =
        LeastSquaresProgram.of(residual, inputs, null, ProgramCompiler.Options.defaults());
    Program program = fit.program();
    double count = 0;
    for (int id = program.start(Dependence.POINT); id < program.end(Dependence.POINT); id++) {
      count += cost(program.instruction(id).opcode(), precision);
    }
    return new Work(count + sums(program, fit));
  }

  private static double cost(Opcode opcode, Precision precision) {
    if (opcode.isInput()) {
      return 0;
    }
    int exp2 = precision == Precision.DOUBLE ? EXP2_DOUBLE : EXP2_FLOAT;
    return switch (opcode) {
      case ADD, SUB, MUL, DIV, NEG, RECIPROCAL -> 1;
      case FMA -> 2;
      case EXP2 -> exp2;
      case EXP -> exp2 + EXP_OVER_EXP2;
      default -> throw new IllegalArgumentException("operation = " + opcode + ", without a count");
    };
  }

  /** r², a product with r for each distinct basis function, and one for each distinct pair. */
  private static double sums(Program program, LeastSquaresProgram fit) {
    Set<Integer> distinct = new LinkedHashSet<>();
    for (int basis : fit.basis()) {
      distinct.add(basis);
    }
    List<Integer> list = new ArrayList<>(distinct);
    double count = 2;
    for (int i = 0; i < list.size(); i++) {
      boolean fixed = isFixed(program, list.get(i));
      count += fixed ? 1 : 2;
      for (int j = 0; j <= i; j++) {
        boolean otherFixed = isFixed(program, list.get(j));
        count += fixed && otherFixed ? 0 : fixed || otherFixed ? 1 : 2;
      }
    }
    return count;
  }

  /** The same for all points, so that a sum of products with it is a sum. */
  private static boolean isFixed(Program program, int id) {
    return id < 0
        || program.dependence(id) == Dependence.CONSTANT
        || program.dependence(id) == Dependence.PARAMETER;
  }

  /** Operations of so many evaluations at n points each. */
  long flops(long evaluations, long points) {
    return Math.round(flopsPerPoint * evaluations * points);
  }
}
