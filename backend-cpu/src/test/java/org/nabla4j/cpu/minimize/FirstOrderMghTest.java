package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.NelderMead;
import org.nabla4j.result.Status;

/**
 * The problems of Moré, Garbow and Hillstrom from their standard starts, with default options.
 * SciPy 1.17's L-BFGS-B with the same gradient tolerance and no other (ftol=0, gtol=1e-6) ends at
 * the lowest minimum of 22 and at some minimum of 23 of the 25, after 1487 evaluations.
 */
class FirstOrderMghTest {

  /** What a method has come to. */
  private static final class Tally {
    private final Set<String> notLowest = new TreeSet<>();
    private final Set<String> notLocal = new TreeSet<>();
    private final Set<String> notConverged = new TreeSet<>();
    private int evaluations;

    Tally(int mostParameters, Function<double[], Search> method) {
      List<MghProblem> problems = MghProblem.read("/mgh/problems.txt");
      assertEquals(25, problems.size());
      for (MghProblem problem : problems) {
        int p = problem.parameters().size();
        if (p > mostParameters) {
          continue;
        }
        TestFunction function = TestFunction.of(problem.formula(), p);
        Search search = function.run(method.apply(problem.start()));
        evaluations += function.evaluations();
        if (!problem.isMinimum(search.value())) {
          notLowest.add(problem.toString());
        }
        if (!problem.isLocalMinimum(search.value())) {
          notLocal.add(problem.toString());
        }
        if (!search.status().converged()) {
          notConverged.add(problem + " " + search.status());
        }
        if (search.status() == Status.CONVERGED_GRADIENT) {
          double relative =
              new Convergence(LimitedMemoryBfgs.defaults(), null, null)
                  .relativeGradient(search.value(), search.best(), search.gradient());
          assertTrue(relative <= 1e-6, () -> problem + " " + relative);
        }
      }
    }

    void assertEvaluations(int most) {
      assertTrue(evaluations <= most, () -> "evaluations: " + evaluations);
    }
  }

  @Test
  void limitedMemoryBfgs() {
    Tally tally =
        new Tally(
            100,
            start -> new LimitedMemoryBfgsSearch(LimitedMemoryBfgs.defaults(), start, null, null));
    // The start lies in the basin of the other minimum.
    assertEquals(Set.of("Freudenstein and Roth"), tally.notLowest);
    assertEquals(Set.of(), tally.notLocal);
    assertEquals(Set.of(), tally.notConverged);
    tally.assertEvaluations(2400);
  }

  @Test
  void conjugateGradients() {
    Tally tally =
        new Tally(
            100,
            start -> new ConjugateGradientSearch(ConjugateGradient.defaults(), start, null, null));
    // Osborne 1 has a valley so flat that the gradient is small 3e-5 above the minimum.
    assertEquals(Set.of("Freudenstein and Roth", "Meyer", "Osborne 1"), tally.notLowest);
    assertEquals(Set.of("Meyer", "Osborne 1"), tally.notLocal);
    assertEquals(Set.of("Meyer ITERATION_LIMIT"), tally.notConverged);
  }

  @Test
  void gradientDescent() {
    Tally tally =
        new Tally(
            100,
            start ->
                new GradientDescentSearch(
                    GradientDescent.defaults().withMaxIterations(5000), start, null, null));
    // Valleys too narrow for a method without curvature.
    assertEquals(Set.of("Meyer", "Osborne 1", "Penalty I", "Powell badly scaled"), tally.notLocal);
  }

  @Test
  void nelderMead() {
    Tally tally =
        new Tally(4, start -> new NelderMeadSearch(NelderMead.defaults(), start, null, null));
    assertEquals(Set.of("Freudenstein and Roth"), tally.notLowest);
    assertEquals(Set.of(), tally.notLocal);
    assertEquals(Set.of(), tally.notConverged);
    tally.assertEvaluations(12_000);
  }
}
