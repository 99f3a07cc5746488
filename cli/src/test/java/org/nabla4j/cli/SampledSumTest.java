package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.Points;

class SampledSumTest {

  private static FormulaObjective sum(int rows) {
    Random random = new Random(3);
    double[] t = new double[rows];
    double[] y = new double[rows];
    for (int k = 0; k < rows; k++) {
      t[k] = 5.0 * k / rows;
      y[k] = 2 * Math.exp(-0.7 * t[k]) + 0.1 * random.nextGaussian();
    }
    return FormulaObjective.of(
            Formula.parse("(y - a*exp(-b*t))^2").expression(),
            List.of("a", "b"),
            List.of(),
            List.of("t", "y"))
        .data("t", Column.shared(t))
        .data("y", Column.shared(y));
  }

  private static double value(org.nabla4j.objective.Objective f, double a, double b) {
    double[] values = new double[1];
    f.values(Points.of(a, b), values);
    return values[0];
  }

  @Test
  void someRowsTellTheSum() {
    FormulaObjective all = sum(200_000);
    SampledSum some = SampledSum.of(all, 4000, new double[] {2, 0.7});
    assertEquals(4000, some.rows());
    assertEquals(all.parameters(), some.parameters());
    double least = value(all, 2, 0.7);
    assertEquals(least, value(some, 2, 0.7), 1e-9 * least);
    // as high as it really is above the anchor, to a few of a hundred
    for (double[] theta : new double[][] {{2.1, 0.7}, {2, 0.8}, {1.5, 0.5}, {3, 2}, {0, 0}}) {
      double height = value(all, theta[0], theta[1]) - least;
      double drawn = value(some, theta[0], theta[1]) - least;
      assertEquals(height, drawn, 0.05 * height);
    }
    // the gradient at the anchor is that of the whole
    double[] gradient = new double[2];
    all.gradients(Points.of(2, 0.7), new double[1], gradient);
    double step = 1e-5;
    double slope = (value(some, 2 + step, 0.7) - value(some, 2 - step, 0.7)) / (2 * step);
    assertEquals(gradient[0], slope, 1e-3 * Math.max(1, Math.abs(gradient[0])));
  }

  @Test
  void anAnchorWithoutAValueIsNone() {
    FormulaObjective all =
        FormulaObjective.of(
                Formula.parse("log(a)*t").expression(), List.of("a"), List.of(), List.of("t"))
            .data("t", Column.shared(1, 2, 3, 4));
    SampledSum some = SampledSum.of(all, 2, new double[] {-1});
    double[] values = new double[1];
    some.values(Points.of(Math.E), values);
    assertTrue(values[0] >= 2 * (1 + 3) && values[0] <= 2 * (2 + 4), "" + values[0]);
  }
}
