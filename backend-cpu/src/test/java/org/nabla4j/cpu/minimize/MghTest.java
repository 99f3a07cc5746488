package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.algebra.SymmetricEigen;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Status;

/** The problems of Moré, Garbow and Hillstrom (1981) from their standard starts, with defaults. */
class MghTest {

  private static final List<MghProblem> PROBLEMS = MghProblem.read("/mgh/problems.txt");

  static Stream<Arguments> searches() {
    return PROBLEMS.stream()
        .flatMap(
            problem -> Stream.of(TestMethod.values()).map(method -> Arguments.of(method, problem)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("searches")
  void endsAtALocalMinimiser(TestMethod method, MghProblem problem) {
    TestFunction f = TestFunction.of(problem.formula(), problem.start().length);
    Search search = f.run(method.search(problem.start(), null, null));
    assertTrue(
        problem.isLocalMinimum(search.value()),
        () -> search.value() + " is no minimum, " + search.status());
    double relative =
        new Convergence(NewtonRaphson.defaults(), null, null)
            .relativeGradient(search.value(), search.best(), search.gradient());
    // Rounding of f can end a search before its gradient is small; the value is right all the same.
    double small = search.status() == Status.CONVERGED_GRADIENT ? 1e-6 : 1e-3;
    boolean honest = relative <= small || search.status() == Status.NO_PROGRESS;
    assertTrue(honest, () -> "relative gradient " + relative + ", " + search.status());
    if (method != TestMethod.NEWTON_CG) {
      assertTrue(search.status().converged(), () -> search.status() + " " + relative);
      assertTrue(isFlatOrConvex(f, search), "not a minimiser to second order");
    }
  }

  /** No negative eigenvalue of the Hessian in equilibrated scales. */
  private static boolean isFlatOrConvex(TestFunction f, Search search) {
    int p = search.best().length;
    double[] hessian = f.hessian(search.best());
    SymmetricScaling scaling = new SymmetricScaling(p);
    scaling.update(hessian);
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        hessian[i * p + j] /= scaling.scale()[i] * scaling.scale()[j];
      }
    }
    SymmetricEigen eigen = new SymmetricEigen(p);
    eigen.decompose(hessian, p);
    return eigen.value(0) >= -1e-9 * Math.abs(eigen.value(p - 1));
  }

  private static int evaluations(TestMethod method) {
    int total = 0;
    for (MghProblem problem : PROBLEMS) {
      TestFunction f = TestFunction.of(problem.formula(), problem.start().length);
      f.run(method.search(problem.start(), null, null));
      total += f.evaluations();
    }
    return total;
  }

  private static long reached(TestMethod method) {
    return PROBLEMS.stream()
        .filter(
            problem -> {
              TestFunction f = TestFunction.of(problem.formula(), problem.start().length);
              Search search = f.run(method.search(problem.start(), null, null));
              return problem.isMinimum(search.value());
            })
        .count();
  }

  private static long reachedBySciPy(Predicate<MghProblem> reached) {
    return PROBLEMS.stream().filter(reached).count();
  }

  @Test
  void newtonNeedsFewerEvaluationsThanSciPyAndFindsAsManyMinima() {
    int peer = PROBLEMS.stream().mapToInt(MghProblem::trustExactEvaluations).sum();
    int own = evaluations(TestMethod.NEWTON);
    assertTrue(own < peer, () -> own + " evaluations, trust-exact " + peer);
    long found = reached(TestMethod.NEWTON);
    long peers = reachedBySciPy(MghProblem::trustExactReached);
    assertTrue(found >= peers, () -> found + " minima, trust-exact " + peers);
  }

  @Test
  void bfgsNeedsFewerEvaluationsThanSciPyAndFindsAsManyMinima() {
    int peer = PROBLEMS.stream().mapToInt(MghProblem::bfgsEvaluations).sum();
    int own = evaluations(TestMethod.BFGS);
    assertTrue(own < peer, () -> own + " evaluations, SciPy's BFGS " + peer);
    long found = reached(TestMethod.BFGS);
    long peers = reachedBySciPy(MghProblem::bfgsReached);
    assertTrue(found >= peers, () -> found + " minima, SciPy's BFGS " + peers);
  }

  @Test
  void theFileIsWhole() {
    assertEquals(25, PROBLEMS.size());
    assertFalse(PROBLEMS.get(0).isMinimum(1));
  }
}
