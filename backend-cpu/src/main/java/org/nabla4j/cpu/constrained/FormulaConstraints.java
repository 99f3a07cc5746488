package org.nabla4j.cpu.constrained;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * A {@link ConstrainedFunction} of formulas, with exact derivatives. f and all g share what they
 * have in common, and so do all first derivatives, and all elements of the Hessian of the
 * Lagrangian, whose multipliers are inputs of its program.
 *
 * <p>The programs are compiled once; {@link #copy} gives another thread, or another problem, its
 * own function.
 */
public final class FormulaConstraints implements ConstrainedFunction {

  private static final double[] NONE = {};

  /** What all copies of a function share. */
  private static final class Programs {
    private final ProgramInputs inputs;
    private final List<Expression> functions;
    private final int equalities;
    private final Program values;
    private final Program gradients;
    private volatile Program hessian;
    private volatile Program constraintHessian;

    Programs(List<String> parameters, List<String> constants, List<Expression> functions, int e) {
      this.inputs = new ProgramInputs(parameters, constants, List.of(), List.of());
      this.functions = functions;
      this.equalities = e;
      List<Expression> first = new ArrayList<>();
      for (Expression function : functions) {
        first.addAll(Derivatives.gradient(function, parameters));
      }
      this.values = ProgramCompiler.compile(functions, inputs, ProgramCompiler.Options.defaults());
      this.gradients = ProgramCompiler.compile(first, inputs, ProgramCompiler.Options.defaults());
    }

    /** The Hessian of w·f − Σ λg; two threads may compile it at once. */
    Program hessian() {
      if (hessian == null) {
        hessian = compileHessian(true);
      }
      return hessian;
    }

    /** The Hessian of −Σ λg, for where f may be undefined. */
    Program constraintHessian() {
      if (constraintHessian == null) {
        constraintHessian = compileHessian(false);
      }
      return constraintHessian;
    }

    private Program compileHessian(boolean objective) {
      List<String> parameters = inputs.parameters();
      Set<String> taken = new HashSet<>(parameters);
      taken.addAll(inputs.problemConstants());
      List<String> known = new ArrayList<>(inputs.problemConstants());
      Expression lagrangian = Expression.constant(0);
      for (int i = 0; i < functions.size(); i++) {
        String name = "lambda" + i;
        while (!taken.add(name)) {
          name += "_";
        }
        known.add(name);
        Expression term = Expression.symbol(name).times(functions.get(i));
        if (i > 0) {
          lagrangian = lagrangian.minus(term);
        } else if (objective) {
          lagrangian = term;
        }
      }
      List<List<Expression>> second = Derivatives.hessian(lagrangian, parameters);
      List<Expression> triangle = new ArrayList<>();
      for (int i = 0; i < parameters.size(); i++) {
        triangle.addAll(second.get(i).subList(0, i + 1));
      }
      return ProgramCompiler.compile(
          triangle,
          new ProgramInputs(parameters, known, List.of(), List.of()),
          ProgramCompiler.Options.defaults());
    }
  }

  private final Programs programs;
  private final int parameters;
  private final int constraints;
  private final double[] constants;
  private final Interpreter values;
  private final Interpreter gradients;
  private Interpreter hessian;
  private Interpreter constraintHessian;
  private final double[] valueOutputs;
  private final double[] gradientOutputs;
  private final double[] hessianOutputs;
  private final double[] hessianConstants;

  private FormulaConstraints(Programs programs, double[] constants) {
    this.programs = programs;
    this.parameters = programs.inputs.parameters().size();
    this.constraints = programs.functions.size() - 1;
    this.constants = constants;
    this.values = new Interpreter(programs.values);
    this.gradients = new Interpreter(programs.gradients);
    this.valueOutputs = new double[1 + constraints];
    this.gradientOutputs = new double[(1 + constraints) * parameters];
    this.hessianOutputs = new double[parameters * (parameters + 1) / 2];
    this.hessianConstants = Arrays.copyOf(constants, constants.length + 1 + constraints);
  }

  /**
   * Derives and compiles a function without constants.
   *
   * @param objective f
   * @param equalities the g that must be 0
   * @param inequalities the g that must be ≥ 0
   * @param parameters the names of θ, in order
   * @return the function
   * @throws IllegalArgumentException if there are no parameters, or a symbol is not among them
   */
  public static FormulaConstraints of(
      Expression objective,
      List<Expression> equalities,
      List<Expression> inequalities,
      List<String> parameters) {
    return of(objective, equalities, inequalities, parameters, List.of(), NONE);
  }

  /**
   * Derives and compiles a function.
   *
   * @param objective f
   * @param equalities the g that must be 0
   * @param inequalities the g that must be ≥ 0
   * @param parameters the names of θ, in order
   * @param constants the names of known numbers
   * @param constantValues their values; copied
   * @return the function
   * @throws IllegalArgumentException if there are no parameters, if a symbol is neither a parameter
   *     nor a constant, or if there are not as many values as constants
   */
  public static FormulaConstraints of(
      Expression objective,
      List<Expression> equalities,
      List<Expression> inequalities,
      List<String> parameters,
      List<String> constants,
      double[] constantValues) {
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(equalities, "equalities");
    Objects.requireNonNull(inequalities, "inequalities");
    Objects.requireNonNull(parameters, "parameters");
    Objects.requireNonNull(constants, "constants");
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("parameters = [], expected at least one");
    }
    requireConstants(constants.size(), constantValues);
    List<Expression> functions = new ArrayList<>();
    functions.add(objective);
    functions.addAll(equalities);
    functions.addAll(inequalities);
    return new FormulaConstraints(
        new Programs(parameters, constants, functions, equalities.size()), constantValues.clone());
  }

  private static void requireConstants(int expected, double[] values) {
    Objects.requireNonNull(values, "constantValues");
    if (values.length != expected) {
      throw new IllegalArgumentException(
          "constantValues has length " + values.length + ", expected " + expected);
    }
  }

  /**
   * The same function for another problem, or for another thread.
   *
   * @param constantValues its constants; copied
   * @return a function that shares the compiled programs and nothing that changes
   * @throws IllegalArgumentException if there are not as many values as constants
   */
  public FormulaConstraints copy(double... constantValues) {
    requireConstants(constants.length, constantValues);
    return new FormulaConstraints(programs, constantValues.clone());
  }

  @Override
  public int parameters() {
    return parameters;
  }

  @Override
  public int equalities() {
    return programs.equalities;
  }

  @Override
  public int inequalities() {
    return constraints - programs.equalities;
  }

  @Override
  public double values(double[] theta, double[] constraints) {
    values.evaluate(theta, constants, NONE, NONE, valueOutputs);
    System.arraycopy(valueOutputs, 1, constraints, 0, this.constraints);
    return valueOutputs[0];
  }

  @Override
  public void gradients(double[] theta, double[] gradient, double[] jacobian) {
    gradients.evaluate(theta, constants, NONE, NONE, gradientOutputs);
    System.arraycopy(gradientOutputs, 0, gradient, 0, parameters);
    System.arraycopy(gradientOutputs, parameters, jacobian, 0, constraints * parameters);
  }

  @Override
  public void hessian(double[] theta, double weight, double[] multipliers, double[] hessian) {
    Interpreter interpreter;
    if (weight == 0) {
      if (constraintHessian == null) {
        constraintHessian = new Interpreter(programs.constraintHessian());
      }
      interpreter = constraintHessian;
    } else {
      if (this.hessian == null) {
        this.hessian = new Interpreter(programs.hessian());
      }
      interpreter = this.hessian;
    }
    hessianConstants[constants.length] = weight;
    System.arraycopy(multipliers, 0, hessianConstants, constants.length + 1, constraints);
    interpreter.evaluate(theta, hessianConstants, NONE, NONE, hessianOutputs);
    int k = 0;
    for (int i = 0; i < parameters; i++) {
      for (int j = 0; j <= i; j++) {
        hessian[i * parameters + j] = hessianOutputs[k];
        hessian[j * parameters + i] = hessianOutputs[k++];
      }
    }
  }
}
