package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Op;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * The programs that compute φ and its derivatives, each derived and compiled when first asked for.
 *
 * <p>φ has p parameters; a program for Hessians has p(p+1)/2 outputs more, so a method that does
 * not ask for it never pays for it. Thread-safe.
 */
final class FormulaPrograms {

  private final Expression expression;
  private final List<String> parameters;
  private final List<String> constants;
  private final List<String> columns;
  private List<Expression> gradient;
  private Program valueProgram;
  private Program gradientProgram;
  private Program hessianProgram;
  private Program productProgram;

  FormulaPrograms(
      Expression expression,
      List<String> parameters,
      List<String> constants,
      List<String> columns) {
    this.expression = expression;
    this.parameters = parameters;
    this.constants = constants;
    this.columns = columns;
  }

  /** φ. */
  synchronized Program value() {
    if (valueProgram == null) {
      valueProgram = compile(List.of(expression), List.of());
    }
    return valueProgram;
  }

  /** φ, then ∇φ. */
  synchronized Program gradient() {
    if (gradientProgram == null) {
      List<Expression> outputs = new ArrayList<>();
      outputs.add(expression);
      outputs.addAll(derivatives());
      gradientProgram = compile(outputs, List.of());
    }
    return gradientProgram;
  }

  /** φ, ∇φ, then the lower triangle of the Hessian by rows. */
  synchronized Program hessian() {
    if (hessianProgram == null) {
      List<Expression> outputs = new ArrayList<>();
      outputs.add(expression);
      outputs.addAll(derivatives());
      for (int i = 0; i < parameters.size(); i++) {
        outputs.addAll(Derivatives.gradient(derivatives().get(i), parameters.subList(0, i + 1)));
      }
      hessianProgram = compile(outputs, List.of());
    }
    return hessianProgram;
  }

  /**
   * H·v = ∇(∇φ·v), whose cost is a small multiple of that of φ: H is never formed. The p components
   * of v are problem constants after the others.
   */
  synchronized Program product() {
    if (productProgram == null) {
      List<String> directions = directions();
      Expression slope = null;
      for (int j = 0; j < parameters.size(); j++) {
        Expression v = Expression.symbol(directions.get(j));
        Expression term = Expression.of(Op.MUL, derivatives().get(j), v);
        slope = slope == null ? term : Expression.of(Op.ADD, slope, term);
      }
      productProgram = compile(Derivatives.gradient(slope, parameters), directions);
    }
    return productProgram;
  }

  private List<Expression> derivatives() {
    if (gradient == null) {
      gradient = Derivatives.gradient(expression, parameters);
    }
    return gradient;
  }

  /** Names for the components of v that nothing else has. */
  private List<String> directions() {
    Set<String> taken = new HashSet<>(parameters);
    taken.addAll(constants);
    taken.addAll(columns);
    List<String> names = new ArrayList<>();
    for (int next = 0; names.size() < parameters.size(); next++) {
      String name = "v" + next;
      if (!taken.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /**
   * Without fused multiply-add, which is slow where the machine has none. Every column counts as
   * the problem's own: nothing is computed ahead for shared ones.
   */
  private Program compile(List<Expression> outputs, List<String> directions) {
    List<String> known = new ArrayList<>(constants);
    known.addAll(directions);
    return ProgramCompiler.compile(
        outputs,
        new ProgramInputs(parameters, known, List.of(), columns),
        ProgramCompiler.Options.defaults().withFma(false));
  }
}
