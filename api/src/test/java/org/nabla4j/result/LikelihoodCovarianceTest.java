package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.objective.CodedObjective;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;

class LikelihoodCovarianceTest {

  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private static FormulaObjective formula(String text, String... parameters) {
    return FormulaObjective.of(Formula.parse(text).expression(), List.of(parameters));
  }

  private static MinimizationProblem.Builder problem(Objective objective, double... starts) {
    return MinimizationProblem.builder(objective)
        .negativeLogLikelihood(true)
        .starts(Column.shared(starts));
  }

  /** A result whose minimum is where the problem starts. */
  private static BatchMinima.Builder ended(MinimizationProblem problem) {
    BatchMinima.Builder builder =
        BatchMinima.builder(problem, NewtonRaphson.defaults(), "test", "none");
    for (long i = 0; i < problem.problems(); i++) {
      builder.freeParameters(i, problem.freeStart(i));
      builder.outcome(i, Status.CONVERGED_GRADIENT, 0, 0, 1, 1);
    }
    return builder;
  }

  @Test
  void itIsTheInverseOfTheHessian() {
    // H = [[4, 2, 0], [2, 1e8, 1], [0, 1, 3e-6]]
    FormulaObjective f = formula("2*a^2 + 2*a*b + 5e7*b^2 + b*c + 1.5e-6*c^2", "a", "b", "c");
    Minimum minimum = ended(problem(f, 0, 0, 0).build()).build().get(0);
    double[][] covariance = minimum.covariance();
    double[][] hessian = f.hessian(0, 0, 0);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double sum = 0;
        for (int k = 0; k < 3; k++) {
          sum += hessian[i][k] * covariance[k][j];
        }
        assertEquals(i == j ? 1 : 0, sum, 1e-9, i + " " + j);
      }
      assertEquals(Math.sqrt(covariance[i][i]), minimum.standardErrors()[i]);
    }
    assertEquals(Optional.empty(), minimum.covarianceFailure());
    assertEquals(List.of("a", "b", "c"), List.copyOf(minimum.standardErrorsToMap().keySet()));
  }

  @Test
  void boundsThatHoldAreLeftOut() {
    FormulaObjective f = formula("(a-1)^2 + a*b + (b+2)^2", "a", "b");
    MinimizationProblem lower =
        problem(f, 1, 0).bounds(new double[] {-9, 0}, new double[] {9, INFINITE}).build();
    Minimum minimum = ended(lower).build().get(0);
    assertEquals(Math.sqrt(0.5), minimum.standardError("a"), 1e-15);
    assertTrue(Double.isNaN(minimum.standardError("b")));
    assertTrue(Double.isNaN(minimum.covariance()[0][1]));
    MinimizationProblem upper =
        problem(f, -9, 4).bounds(new double[] {-99, -9}, new double[] {-9, 4}).build();
    minimum = ended(upper).build().get(0);
    // f still falls where a would rise, and where b would fall
    assertTrue(Double.isNaN(minimum.standardError("a")));
    assertEquals(Math.sqrt(0.5), minimum.standardError("b"), 1e-15);
  }

  private static void assertNone(String reason, BatchMinima.Builder builder) {
    Minimum minimum = builder.build().get(0);
    assertEquals(Optional.of(reason), minimum.covarianceFailure());
    for (double error : minimum.standardErrors()) {
      assertTrue(Double.isNaN(error));
    }
    assertTrue(minimum.toString().contains("no standard errors: " + reason), minimum.toString());
  }

  @Test
  void everyReasonIsTold() {
    assertNone(
        "the Hessian is not positive definite",
        ended(problem(formula("a*b", "a", "b"), 0, 0).build()));
    assertNone(
        "the Hessian is not positive definite",
        ended(problem(formula("a^2 + b^2 + 2*a*b", "a", "b"), 0, 0).build()));
    assertNone("the Hessian is not finite", ended(problem(formula("sqrt(a)^3", "a"), 0).build()));
    assertNone(
        "bounds hold all parameters",
        ended(
            problem(formula("a", "a"), 0)
                .bounds(new double[] {0}, new double[] {INFINITE})
                .build()));
    assertNone(
        "there are constraints",
        ended(
            problem(formula("a^2", "a"), 0)
                .constraints(List.of(Constraint.parse("a >= 0")))
                .build()));
    assertNone(
        "the objective has no derivatives",
        ended(problem(CodedObjective.of(List.of("a"), p -> p[0] * p[0]), 0).build()));
    BatchMinima.Builder limit = ended(problem(formula("a^2", "a"), 0).build());
    limit.outcome(0, Status.ITERATION_LIMIT, 1, 0, 1, 1);
    assertNone("the search did not converge", limit);
    MinimizationProblem unsaid =
        MinimizationProblem.builder(formula("a^2", "a")).starts(Column.shared(0.0)).build();
    Minimum minimum = ended(unsaid).build().get(0);
    assertThrows(IllegalStateException.class, minimum::covariance);
    assertThrows(IllegalStateException.class, () -> minimum.standardError("a"));
  }

  @Test
  void whatIsCancelledHasNone() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    MinimizationProblem problem = problem(formula("a^2", "a"), 0).build();
    BatchMinima.Builder builder = ended(problem);
    builder.covariances(
        problem.freeObjective(), Execution.defaults().withCancellation(cancellation));
    assertNone("the search was cancelled before they were computed", builder);
    BatchMinima.Builder never =
        BatchMinima.builder(problem, NewtonRaphson.defaults(), "test", "none");
    assertNone("the search was cancelled before they were computed", never);
  }

  @Test
  void batchesHaveOneEachOnAnyNumberOfThreads() {
    int batch = 101;
    double[] k = new double[batch];
    for (int i = 0; i < batch; i++) {
      k[i] = i - 1;
    }
    FormulaObjective f =
        FormulaObjective.of(
                Formula.parse("k*a^2/2").expression(), List.of("a"), List.of("k"), List.of())
            .constant("k", Column.perProblem(k, 1));
    MinimizationProblem problem = problem(f, 0).build();
    BatchMinima.Builder builder = ended(problem);
    builder.covariances(f, Execution.defaults().withParallelism(3));
    BatchMinima minima = builder.build();
    for (int i = 0; i < batch; i++) {
      assertEquals(k[i] <= 0, minima.covarianceFailure(i).isPresent());
      double[] expected = {k[i] > 0 ? Math.sqrt(1 / k[i]) : Double.NaN};
      assertArrayEquals(expected, minima.standardErrors(i), 1e-15);
    }
  }
}
