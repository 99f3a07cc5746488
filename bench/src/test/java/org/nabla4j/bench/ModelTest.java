package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

/** Models by hand against their formulas. */
class ModelTest {

  @ParameterizedTest
  @EnumSource(Problems.Kind.class)
  void agreesWithItsFormula(Problems.Kind kind) {
    BenchProblem problem = Problems.easy(kind, 2);
    Formula formula = Formula.parse(problem.formula());
    List<String> parameters = new ArrayList<>(formula.symbols());
    parameters.removeAll(problem.columns());
    assertEquals(problem.parameters(), parameters.size());
    List<Expression> gradient = Derivatives.gradient(formula.expression(), parameters);

    double[] theta = problem.start(1);
    double[] values = new double[problem.points()];
    double[][] jacobian = new double[values.length][theta.length];
    problem.model().evaluate(theta, problem.x(), values, jacobian);

    Map<String, Double> at = new HashMap<>();
    for (int j = 0; j < theta.length; j++) {
      at.put(parameters.get(j), theta[j]);
    }
    for (int k = 0; k < values.length; k++) {
      for (int c = 0; c < problem.columns().size(); c++) {
        at.put(problem.columns().get(c), problem.x()[c][k]);
      }
      assertClose(formula.expression().evaluate(at), values[k]);
      for (int j = 0; j < theta.length; j++) {
        assertClose(gradient.get(j).evaluate(at), jacobian[k][j]);
      }
    }
  }

  private static void assertClose(double expected, double actual) {
    assertEquals(expected, actual, 1e-12 * Math.abs(expected) + 1e-300);
  }
}
