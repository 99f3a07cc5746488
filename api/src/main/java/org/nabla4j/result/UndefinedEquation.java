package org.nabla4j.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.Equation;
import org.nabla4j.objective.EquationProblem;

/**
 * Finds why equations have no value at a point: the start value or the constant that is to blame,
 * or the part of an equation, or of one of its derivatives, that is not finite there.
 */
final class UndefinedEquation {

  private final EquationProblem problem;
  private final long index;
  private final Map<String, Double> numbers = new LinkedHashMap<>();

  private UndefinedEquation(EquationProblem problem, long index, double[] point) {
    this.problem = problem;
    this.index = index;
    for (int k = 0; k < problem.constantNames().size(); k++) {
      numbers.put(problem.constantNames().get(k), problem.constants().get(k).value(index, 0));
    }
    for (int j = 0; j < point.length; j++) {
      numbers.put(problem.unknowns().get(j), point[j]);
    }
  }

  /**
   * Says why.
   *
   * @param problem the batch
   * @param index the problem that is not finite
   * @param point where the search began
   * @return what is wrong, without a full stop; empty where everything is finite
   */
  static Optional<String> of(EquationProblem problem, long index, double[] point) {
    UndefinedEquation cause = new UndefinedEquation(problem, index, point);
    return cause.inNumbers().or(cause::inEquations);
  }

  private Optional<String> inNumbers() {
    for (Map.Entry<String, Double> entry : numbers.entrySet()) {
      if (!Double.isFinite(entry.getValue())) {
        boolean constant = problem.constantNames().contains(entry.getKey());
        return Optional.of(
            (constant ? "constant " : "start of ")
                + entry.getKey()
                + (problem.problems() == 1 ? "" : " of problem " + index)
                + " is "
                + entry.getValue()
                + ", expected a finite value");
      }
    }
    return Optional.empty();
  }

  private Optional<String> inEquations() {
    List<Equation> equations = problem.equations();
    for (Equation equation : equations) {
      Optional<String> fault = inValueOrSlopes(equation.residual());
      if (fault.isPresent()) {
        // one equation is searched along all of its bracket
        return equations.size() == 1
            ? fault.map(what -> what + ", where the search starts, and beyond")
            : fault.map(what -> "in the equation '" + equation + "' " + what);
      }
    }
    return Optional.empty();
  }

  private Optional<String> inValueOrSlopes(Expression residual) {
    Optional<NonFinitePart> value = NonFinitePart.of(residual, numbers);
    if (value.isPresent()) {
      return value.map(NonFinitePart::toString);
    }
    List<Expression> slopes = Derivatives.gradient(residual, problem.unknowns());
    for (int j = 0; j < slopes.size(); j++) {
      String unknown = problem.unknowns().get(j);
      Optional<NonFinitePart> part = NonFinitePart.of(slopes.get(j), numbers);
      if (part.isPresent()) {
        return Optional.of("in the derivative by " + unknown + " " + part.get());
      }
    }
    return Optional.empty();
  }
}
