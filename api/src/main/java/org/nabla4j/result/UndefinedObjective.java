package org.nabla4j.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * Finds why an objective, its gradient or a constraint has no value at a point: the start value,
 * the constant or the datum that is to blame, or the part of the formula that is not finite there.
 * Looked for only when somebody asks, since it reads the problem's data again.
 */
final class UndefinedObjective {

  private static final int CHUNK = 1024;
  private static final double[] NONE = {};

  private final MinimizationProblem problem;
  private final long index;
  private final double[] theta;

  /** What parameters and constants stand for. */
  private final Map<String, Double> numbers = new LinkedHashMap<>();

  private UndefinedObjective(MinimizationProblem problem, long index, double[] theta) {
    this.problem = problem;
    this.index = index;
    this.theta = theta;
    numbers.putAll(numbers(problem, index, theta));
  }

  /**
   * The numbers that parameters and constants stand for.
   *
   * @param problem the batch
   * @param index which of its problems
   * @param theta its parameters
   * @return numbers by name
   */
  static Map<String, Double> numbers(MinimizationProblem problem, long index, double[] theta) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (int j = 0; j < theta.length; j++) {
      numbers.put(problem.parameters().get(j), theta[j]);
    }
    if (problem.objective() instanceof FormulaObjective formula) {
      for (String name : formula.constants()) {
        numbers.put(name, formula.constantValues(name).orElseThrow().value(index, 0));
      }
    }
    return numbers;
  }

  /**
   * Says why.
   *
   * @param problem the batch
   * @param index the problem that is not finite
   * @param theta where it is not
   * @return what is wrong, without a full stop; empty where everything is finite
   */
  static Optional<String> of(MinimizationProblem problem, long index, double[] theta) {
    UndefinedObjective cause = new UndefinedObjective(problem, index, theta);
    return cause
        .inNumbers()
        .or(cause::inConstraints)
        .or(
            () ->
                problem.objective() instanceof FormulaObjective formula
                    ? cause.inFormula(formula)
                    : cause.inCode());
  }

  private Optional<String> inNumbers() {
    for (Map.Entry<String, Double> entry : numbers.entrySet()) {
      if (!Double.isFinite(entry.getValue())) {
        boolean parameter = problem.parameters().contains(entry.getKey());
        return Optional.of(
            (parameter ? "start of " : "constant ")
                + entry.getKey()
                + (problem.problems() == 1 ? "" : " of problem " + index)
                + " is "
                + entry.getValue()
                + ", expected a finite value");
      }
    }
    return Optional.empty();
  }

  private Optional<String> inConstraints() {
    for (Constraint constraint : problem.constraints()) {
      Optional<String> fault =
          inValueOrSlopes(constraint.function(), numbers)
              .map(what -> "in the constraint '" + constraint + "' " + what);
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  /** A part of an expression, or of its first derivatives, that is not finite. */
  private Optional<String> inValueOrSlopes(Expression function, Map<String, Double> at) {
    Optional<String> value = NonFinitePart.of(function, at).map(NonFinitePart::toString);
    if (value.isPresent()) {
      return value;
    }
    List<String> free = problem.freeParameters();
    List<Expression> slopes = Derivatives.gradient(function, free);
    for (int k = 0; k < free.size(); k++) {
      Optional<NonFinitePart> part = NonFinitePart.of(slopes.get(k), at);
      if (part.isPresent()) {
        return Optional.of("in the derivative by " + free.get(k) + " " + part.get());
      }
    }
    return Optional.empty();
  }

  private Optional<String> inFormula(FormulaObjective formula) {
    if (formula.columns().isEmpty()) {
      return inValueOrSlopes(formula.expression(), numbers);
    }
    List<String> names = formula.columns();
    List<Column> columns =
        names.stream().map(name -> formula.columnValues(name).orElseThrow()).toList();
    List<Expression> outputs = new ArrayList<>(List.of(formula.expression()));
    outputs.addAll(Derivatives.gradient(formula.expression(), problem.freeParameters()));
    List<String> known = List.copyOf(numbers.keySet());
    Interpreter interpreter =
        new Interpreter(
            ProgramCompiler.compile(
                outputs,
                new ProgramInputs(known, List.of(), List.of(), names),
                ProgramCompiler.Options.defaults().withFma(false)));
    double[] given = numbers.values().stream().mapToDouble(Double::doubleValue).toArray();
    double[][] values = new double[columns.size()][CHUNK];
    double[] row = new double[columns.size()];
    double[] results = new double[outputs.size()];
    for (long from = 0; from < formula.points(); from += CHUNK) {
      int count = (int) Math.min(CHUNK, formula.points() - from);
      for (int c = 0; c < row.length; c++) {
        columns.get(c).read(index, from, count, values[c], 0);
      }
      for (int k = 0; k < count; k++) {
        for (int c = 0; c < row.length; c++) {
          row[c] = values[c][k];
        }
        interpreter.evaluate(given, NONE, NONE, row, results);
        for (double result : results) {
          if (!Double.isFinite(result)) {
            Map<String, Double> all = new LinkedHashMap<>(numbers);
            for (int c = 0; c < row.length; c++) {
              all.put(names.get(c), row[c]);
            }
            long point = from + k;
            return inValueOrSlopes(formula.expression(), all)
                .map(what -> what + ", in point " + point);
          }
        }
      }
    }
    return Optional.of("each point has a value, and their sum overflows");
  }

  private Optional<String> inCode() {
    StringBuilder place = new StringBuilder();
    for (int j = 0; j < Math.min(theta.length, Report.SHOWN); j++) {
      place.append(j == 0 ? "" : ", ");
      place.append(problem.parameters().get(j)).append(" = ").append(theta[j]);
    }
    return Optional.of(
        "the value or a derivative that the code computes is not finite at "
            + place
            + (theta.length > Report.SHOWN ? ", ..." : ""));
  }
}
