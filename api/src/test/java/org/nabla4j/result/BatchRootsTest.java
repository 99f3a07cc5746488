package org.nabla4j.result;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nabla4j.data.Column;
import org.nabla4j.method.RootFinding;
import org.nabla4j.objective.Equation;
import org.nabla4j.objective.EquationProblem;

class BatchRootsTest {

  private static BatchRoots roots() {
    EquationProblem problem =
        EquationProblem.builder(List.of(Equation.parse("x^2 = a")), List.of("x"))
            .constant("a", Column.perProblem(new double[] {4, -1, 9}, 1))
            .start("x", Column.perProblem(new double[] {1, 2, 3.5}, 1))
            .build();
    BatchRoots.Builder builder =
        BatchRoots.builder(problem, RootFinding.defaults(), "test", "none").timings(1000, 2000);
    builder.value(0, 0, 2, 1e-16);
    builder.outcome(0, Status.CONVERGED_PARAMETERS, 0, 5, 6);
    builder.value(1, 0, 0.25, Double.NaN);
    builder.outcome(1, Status.NO_PROGRESS, 1.0625, 7, 8);
    return builder.kernel("by hand").build();
  }

  @Test
  void anUnknownIsAParameter() {
    BatchRoots roots = roots();
    BatchResult result = roots;
    assertEquals(List.of("x"), result.parameterNames());
    assertEquals(roots.unknowns(), result.parameterNames());
    assertArrayEquals(roots.values(), result.parameters());
    assertEquals(2, roots.value(0, "x"));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> roots.value(0, "y"));
    assertEquals("no unknown y, expected one of [x]", e.getMessage());
  }

  @Test
  void whatWasNeverBegunIsCancelledAtItsStart() {
    BatchRoots roots = roots();
    assertEquals(Status.CANCELLED, roots.status(2));
    assertEquals(3.5, roots.value(2));
    assertEquals(14, roots.totalEvaluations());
    assertEquals(
        Map.of(Status.CONVERGED_PARAMETERS, 1L, Status.NO_PROGRESS, 1L, Status.CANCELLED, 1L),
        roots.statusCounts());
  }

  @Test
  void summaryCountsWhatWasCancelled() {
    String text = roots().toString();
    assertTrue(text.contains("\n1 of 3 problems have a root, 1 were cancelled, in 2e-6 s ("), text);
    assertTrue(text.contains("/s), 14 evaluations, backend test (by hand)\n"), text);
  }
}
