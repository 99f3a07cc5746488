package org.nabla4j.cpu.codegen;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.RoundingBound;
import org.nabla4j.expression.Simplifier;
import org.nabla4j.objective.Equation;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * One equation in one unknown as a program: both sides with their first and second derivatives, the
 * size of its terms, and how far rounding can shift F = left − right.
 *
 * <p>The unknown is the program's only column of a problem's own and constants are shared columns,
 * so that what depends on constants alone stands apart, to be computed once.
 */
public final class RootProgram {

  /** Most terms whose sizes are added up. */
  private static final int MOST_TERMS = 64;

  /** Work that a second derivative may add for Halley's step to pay, as a factor. */
  private static final double CHEAP = 1.3;

  /** What a function costs, in instructions of arithmetic. */
  private static final int FUNCTION = 20;

  // the programs' outputs; those of the step end with the curvatures, if it has them
  static final int LEFT = 0;
  static final int RIGHT = 1;
  static final int LEFT_SLOPE = 2;
  static final int RIGHT_SLOPE = 3;

  /** Of the step: Σ|term|. Of the check: how far rounding can shift F. */
  static final int SIZE = 4;

  static final int LEFT_CURVATURE = 5;
  static final int RIGHT_CURVATURE = 6;

  private final Program step;
  private final Program check;
  private final boolean hasRight;
  private final boolean rightVaries;
  private final boolean curved;
  private final double residualTolerance;

  private RootProgram(
      Program step,
      Program check,
      boolean hasRight,
      boolean rightVaries,
      boolean curved,
      double residualTolerance) {
    this.step = step;
    this.check = check;
    this.hasRight = hasRight;
    this.rightVaries = rightVaries;
    this.curved = curved;
    this.residualTolerance = residualTolerance;
  }

  /**
   * Differentiates and compiles an equation.
   *
   * @param equation the equation
   * @param unknown name of its unknown
   * @param constants names of its constants
   * @param residualTolerance |F| that is taken for zero
   * @param fma whether the machine has fused multiply-add
   * @return the program
   */
  public static RootProgram of(
      Equation equation,
      String unknown,
      List<String> constants,
      double residualTolerance,
      boolean fma) {
    Expression left = Simplifier.simplify(equation.left());
    Expression right = Simplifier.simplify(equation.right());
    if (isZero(right) && left.op() == Op.SUB) {
      right = left.arguments().get(1);
      left = left.arguments().get(0);
    }
    Expression leftSlope = Derivatives.derivative(left, unknown);
    Expression rightSlope = Derivatives.derivative(right, unknown);
    Expression leftCurvature = Derivatives.derivative(leftSlope, unknown);
    Expression rightCurvature = Derivatives.derivative(rightSlope, unknown);
    Expression residual = isZero(right) ? left : left.minus(right);
    Expression size = sizeOfTerms(List.of(left, right));
    Expression bound = RoundingBound.of(residual);
    ProgramInputs inputs =
        new ProgramInputs(List.of(), List.of(), List.copyOf(constants), List.of(unknown));
    ProgramCompiler.Options options = ProgramCompiler.Options.defaults().withFma(fma);
    Program newton =
        ProgramCompiler.compile(List.of(left, right, leftSlope, rightSlope, size), inputs, options);
    Program halley =
        ProgramCompiler.compile(
            List.of(left, right, leftSlope, rightSlope, size, leftCurvature, rightCurvature),
            inputs,
            options);
    Program check =
        ProgramCompiler.compile(
            List.of(left, right, leftSlope, rightSlope, bound, leftCurvature, rightCurvature),
            inputs,
            options);
    boolean curved = cost(halley) <= CHEAP * cost(newton);
    return new RootProgram(
        curved ? halley : newton,
        check,
        !isZero(right),
        !isZero(rightSlope),
        curved,
        residualTolerance);
  }

  private static boolean isZero(Expression e) {
    return e.op() == Op.CONSTANT && e.value() == 0;
  }

  /** Σ|term| of the sums that the expressions are. */
  private static Expression sizeOfTerms(List<Expression> sums) {
    Deque<Expression> open = new ArrayDeque<>(sums);
    List<Expression> terms = new ArrayList<>();
    while (!open.isEmpty()) {
      Expression e = open.poll();
      boolean isSum = e.op() == Op.ADD || e.op() == Op.SUB || e.op() == Op.NEG;
      if (isSum && open.size() + terms.size() < MOST_TERMS) {
        open.addAll(e.arguments());
      } else if (!isZero(e)) {
        terms.add(e);
      }
    }
    Expression size = Expression.constant(0);
    for (Expression term : terms) {
      size = size.plus(Expression.of(Op.ABS, term));
    }
    return Simplifier.simplify(size);
  }

  /** What is computed for each x. */
  private static int cost(Program program) {
    int cost = 0;
    for (int id = program.start(Dependence.POINT); id < program.end(Dependence.POINT); id++) {
      cost +=
          switch (program.instruction(id).opcode()) {
            case PROBLEM_COLUMN, ADD, SUB, MUL, DIV, NEG, FMA, RECIPROCAL, SQRT, ABS -> 1;
            case MIN, MAX, SIGN, LT, LE, GT, GE, EQ, NE, WHERE -> 1;
            default -> FUNCTION;
          };
    }
    return cost;
  }

  /** What a step evaluates. */
  Program step() {
    return step;
  }

  /** What a check evaluates. */
  Program check() {
    return check;
  }

  /**
   * Whether steps are Halley's.
   *
   * @return false for Newton's
   */
  public boolean curved() {
    return curved;
  }

  /** Whether the right side is anything but 0. */
  boolean hasRight() {
    return hasRight;
  }

  /** Whether the right side depends on the unknown. */
  boolean rightVaries() {
    return rightVaries;
  }

  double residualTolerance() {
    return residualTolerance;
  }

  /** Equal for programs of which the same code is made. */
  String key() {
    return step.contentKey()
        + " "
        + check.contentKey()
        + " "
        + hasRight
        + " "
        + rightVaries
        + " "
        + curved
        + " "
        + residualTolerance;
  }
}
