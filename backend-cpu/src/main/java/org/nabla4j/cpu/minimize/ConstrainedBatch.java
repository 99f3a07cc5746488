package org.nabla4j.cpu.minimize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.constrained.ConstrainedResult;
import org.nabla4j.cpu.constrained.ConstrainedSolver;
import org.nabla4j.cpu.constrained.SearchListener;
import org.nabla4j.method.ConstrainedMethod;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Status;

/** Minimises the problems of a batch under constraints, one after the other on each thread. */
final class ConstrainedBatch extends BatchRun {

  private final Evaluator evaluator;

  /** Where each constraint stands when equalities come first. */
  private final int[] places;

  private final List<FormulaObjective> ordered;
  private final int equalities;

  ConstrainedBatch(
      MinimizationProblem problem,
      Objective objective,
      ConstrainedMethod method,
      Execution execution,
      BatchMinima.Builder results) {
    super(problem, method, execution, results);
    evaluator = new Evaluator(problem, objective, method);
    results.kernel(evaluator.description());
    int m = problem.constraints().size();
    places = new int[m];
    ordered = new ArrayList<>();
    for (boolean equality : new boolean[] {true, false}) {
      for (int k = 0; k < m; k++) {
        if (problem.constraints().get(k).isEquality() == equality) {
          places[k] = ordered.size();
          ordered.add(problem.constraintFunctions().get(k));
        }
      }
    }
    equalities = (int) problem.constraints().stream().filter(c -> c.isEquality()).count();
  }

  @Override
  void work() {
    int p = problem.freeCount();
    ConstrainedEvaluations function = new ConstrainedEvaluations(evaluator, ordered, equalities, p);
    for (long index = take(); index >= 0; index = take()) {
      function.begin(index);
      solve(index, function);
      report(0);
    }
  }

  private void solve(long index, ConstrainedEvaluations function) {
    double[] start = problem.freeStart(index);
    if (!Arrays.stream(start).allMatch(Double::isFinite)) {
      results.freeParameters(index, start);
      results.outcome(index, Status.NON_FINITE, Double.NaN, Double.NaN, 0, 0);
      ended(0);
      return;
    }
    SearchListener listener =
        isWatched()
            ? (iteration, theta, value, violation, norm) ->
                stepped(index, iteration, theta, value, norm, violation)
            : null;
    ConstrainedResult result;
    try {
      result =
          ConstrainedSolver.solve(
              function, start, lower, upper, method, execution().cancellation(), listener);
    } catch (Abandoned e) {
      double[] last = function.iterate();
      results.freeParameters(index, last == null ? start : last);
      results.outcome(index, Status.CANCELLED, Double.NaN, function.iterateValue(), 0, 0);
      ended(0);
      return;
    }
    results.freeParameters(index, result.parameters());
    keepMultipliers(index, function, result);
    results.outcome(
        index,
        result.status(),
        result.statusValue(),
        result.value(),
        result.iterations(),
        evaluator.evaluations(index, result.evaluations()));
    ended(result.iterations());
  }

  /** Keeps them with the norm of ∇f − Σ λ∇g − lower + upper. */
  private void keepMultipliers(
      long index, ConstrainedEvaluations function, ConstrainedResult result) {
    int p = problem.freeCount();
    int m = places.length;
    double[] gradient = new double[p];
    double[] jacobian = new double[m * p];
    try {
      function.gradients(result.parameters(), gradient, jacobian);
    } catch (Abandoned e) {
      return;
    }
    double[] found = result.multipliers();
    double[] multipliers = new double[m];
    for (int k = 0; k < m; k++) {
      multipliers[k] = found[places[k]];
    }
    double[] bounds = result.lowerMultipliers();
    double[] upperMultipliers = result.upperMultipliers();
    double norm = 0;
    for (int j = 0; j < p; j++) {
      bounds[j] -= upperMultipliers[j];
      double left = gradient[j] - bounds[j];
      for (int i = 0; i < m; i++) {
        left -= found[i] * jacobian[i * p + j];
      }
      norm = Math.hypot(norm, left);
    }
    results.stationarity(index, gradient, multipliers, bounds, norm);
  }
}
