package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.Minimize;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Minimum;

/** The front door with the searches of the CPU backend behind it. */
class FrontDoorTest {

  private static final String ROSENBROCK = "100*(x2-x1^2)^2 + (1-x1)^2";

  static List<MinimizationMethod> methods() {
    return List.of(
        NewtonRaphson.defaults(),
        LimitedMemoryBfgs.defaults(),
        ConjugateGradient.defaults(),
        GradientDescent.defaults(),
        NelderMead.defaults());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodMinimisesRosenbrock(MinimizationMethod method) {
    Minimum minimum = Minimize.of(ROSENBROCK).start(-1.2, 1).method(method).backend("cpu").run();
    assertTrue(minimum.converged(), minimum.toString());
    assertEquals(1, minimum.parameter("x1"), 1e-3, minimum.toString());
    assertEquals(1, minimum.parameter("x2"), 2e-3, minimum.toString());
    assertEquals(0, minimum.value(), 1e-6);
    assertEquals("cpu", minimum.backend());
    assertEquals("interpreter, double", minimum.kernel());
    assertTrue(minimum.evaluations() >= minimum.iterations() / 2, minimum.toString());
  }

  @Test
  void theReportTellsWhatWasFound() {
    Minimum minimum = Minimize.of(ROSENBROCK).start(-1.2, 1).run();
    String report = minimum.toString();
    System.out.println(report);
    assertTrue(report.startsWith("minimise 100*(x2 - x1^2)^2"), report);
    assertTrue(report.contains("converged: relative gradient"), report);
    assertTrue(report.contains("backend cpu (interpreter, double)"), report);
    assertSame(NewtonRaphson.class, minimum.method().getClass());
  }
}
