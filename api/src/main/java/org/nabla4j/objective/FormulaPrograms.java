package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.List;
import org.nabla4j.expression.Expression;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.program.SumTerms;

/**
 * The programs that compute φ and its derivatives, each derived and compiled when first asked for,
 * see {@link SumTerms}. Thread-safe.
 */
final class FormulaPrograms {

  private final List<String> parameters;
  private final List<String> constants;
  private final List<String> columns;
  private final SumTerms terms;
  private Program valueProgram;
  private Program gradientProgram;
  private Program hessianProgram;
  private Program productProgram;

  FormulaPrograms(
      Expression expression,
      List<String> parameters,
      List<String> constants,
      List<String> columns) {
    this.parameters = parameters;
    this.constants = constants;
    this.columns = columns;
    List<String> known = new ArrayList<>(constants);
    known.addAll(columns);
    terms = new SumTerms(expression, parameters, known);
  }

  /** φ. */
  synchronized Program value() {
    if (valueProgram == null) {
      valueProgram = compile(terms.value(), List.of());
    }
    return valueProgram;
  }

  /** φ, then ∇φ. */
  synchronized Program gradient() {
    if (gradientProgram == null) {
      gradientProgram = compile(terms.gradient(), List.of());
    }
    return gradientProgram;
  }

  /** φ, ∇φ, then the lower triangle of the Hessian by rows. */
  synchronized Program hessian() {
    if (hessianProgram == null) {
      hessianProgram = compile(terms.hessian(), List.of());
    }
    return hessianProgram;
  }

  /** H·v, the p components of v being problem constants after the others. */
  synchronized Program product() {
    if (productProgram == null) {
      productProgram = compile(terms.product(), terms.directions());
    }
    return productProgram;
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
