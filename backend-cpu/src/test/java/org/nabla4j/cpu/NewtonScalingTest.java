package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.Minimize;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Minimum;

/** Newton-Raphson in whatever units x and f are counted: in a batch as alone. */
class NewtonScalingTest {

  private static final double[] UNITS_OF_X = {1e-8, 1e-5, 1e-2, 1, 1e2, 1e4, 1e8};
  private static final double[] UNITS_OF_F = {1e-8, 1e-4, 1, 1e4, 1e8};
  private static final double[][] STARTS = {
    {0, 0}, {0.5, 0.5}, {3, -2}, {-1.2, 1}, {10, 10}, {1, 1}
  };

  /**
   * A function of u = x1 and v = x2 with one minimum.
   *
   * @param minimum its value there
   * @param convex whether steps lead there from everywhere
   */
  private record Function(String formula, int parameters, double minimum, boolean convex) {

    String in(double unitOfX, double unitOfF) {
      return String.format(Locale.ROOT, "%.0e*(%s)", unitOfF, formula)
          .replace("u", String.format(Locale.ROOT, "(x1/%.0e)", unitOfX))
          .replace("v", String.format(Locale.ROOT, "(x2/%.0e)", unitOfX));
    }
  }

  static Stream<Function> functions() {
    return Stream.of(
        new Function("(u-1)^2", 1, 0, true),
        new Function("exp(u) - 2*u + (v-u)^2", 2, 2 - 2 * Math.log(2), true),
        new Function("cosh(u-1) + (v+2)^2", 2, 1, true),
        new Function("u^4 + (v-1)^2", 2, 0, true),
        new Function("100*(v-u^2)^2 + (1-u)^2", 2, 0, false),
        new Function("sqrt(1+(u-3)^2) + log(1+v^2)", 2, 1, false));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void endsWhereASearchAloneEnds(Function f) {
    for (double unitOfX : UNITS_OF_X) {
      for (double unitOfF : UNITS_OF_F) {
        String formula = f.in(unitOfX, unitOfF);
        double[][] starts = new double[STARTS.length][f.parameters()];
        for (int i = 0; i < starts.length; i++) {
          for (int j = 0; j < f.parameters(); j++) {
            starts[i][j] = STARTS[i][j] * unitOfX;
          }
        }
        Minimize problem = Minimize.of(formula).method(NewtonRaphson.defaults()).backend("cpu");
        BatchMinima batch = problem.starts(starts).runBatch();
        for (int i = 0; i < starts.length; i++) {
          Minimize one = problem.start("x1", starts[i][0]);
          Minimum alone = (f.parameters() > 1 ? one.start("x2", starts[i][1]) : one).run();
          check(f, unitOfF, alone, batch.get(i), formula + " from " + Arrays.toString(starts[i]));
        }
      }
    }
  }

  private static void check(
      Function f, double unitOfF, Minimum alone, Minimum lane, String formula) {
    String where = formula + ": " + alone.status() + " alone, " + lane.status() + " in a batch";
    assertEquals(alone.status().converged(), lane.status().converged(), where);
    if (lane.status().converged()) {
      double least = unitOfF * f.minimum();
      double size = Math.max(1, least);
      assertEquals(alone.value(), lane.value(), 1e-6 * size, where);
      // where f counts in units that are smaller than any tolerance the way may end early
      double most = f.convex() || unitOfF >= 1e-4 ? 2e-12 : 1e-7;
      assertEquals(least, lane.value(), most * size, where);
    }
  }
}
