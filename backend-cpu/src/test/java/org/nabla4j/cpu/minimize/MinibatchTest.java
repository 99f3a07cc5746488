package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.nabla4j.Minimize;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.StepRule;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.SummedObjective;
import org.nabla4j.result.Minimum;
import org.nabla4j.result.Status;

/** Gradient descent that sees a part of a sum at a time. */
class MinibatchTest {

  private static final int TERMS = 103;

  /** Σ ½(a + b·x_k - y_k)². */
  private static final class Line implements SummedObjective {

    private final double[] x = new double[TERMS];
    private final double[] y = new double[TERMS];

    Line(double noise) {
      Random random = new Random(3);
      for (int k = 0; k < TERMS; k++) {
        x[k] = 2 * random.nextDouble() - 1;
        y[k] = 3 - 2 * x[k] + noise * random.nextGaussian();
      }
    }

    @Override
    public List<String> parameters() {
      return List.of("a", "b");
    }

    @Override
    public int terms() {
      return TERMS;
    }

    @Override
    public void values(Points points, double[] values) {
      gradients(points, values, new double[2 * points.count()]);
    }

    @Override
    public void gradients(Points points, double[] values, double[] gradients) {
      int[] all = new int[TERMS];
      Arrays.setAll(all, k -> k);
      gradients(points, all, 0, TERMS, values, gradients);
    }

    @Override
    public void gradients(
        Points points, int[] selection, int from, int to, double[] values, double[] gradients) {
      double a = points.theta()[0];
      double b = points.theta()[1];
      Arrays.fill(gradients, 0, 2, 0);
      values[0] = 0;
      for (int i = from; i < to; i++) {
        int k = selection[i];
        double r = a + b * x[k] - y[k];
        values[0] += 0.5 * r * r;
        gradients[0] += r;
        gradients[1] += r * x[k];
      }
    }

    /** Answers what a search needs, once. */
    void answer(GradientDescentSearch search) {
      double[] value = new double[1];
      double[] gradient = new double[2];
      Points point = Points.of(search.point());
      if (search.selection() == null) {
        gradients(point, value, gradient);
      } else {
        gradients(
            point,
            search.selection(),
            search.selectionFrom(),
            search.selectionTo(),
            value,
            gradient);
      }
      search.tell(value[0], gradient, null);
    }

    /** Runs a search to its end; all points on the way. */
    List<double[]> run(GradientDescentSearch search) {
      List<double[]> path = new ArrayList<>();
      while (search.need() != Search.Need.NOTHING) {
        path.add(search.point().clone());
        answer(search);
      }
      return path;
    }
  }

  private static GradientDescentSearch search(StepRule rule, int size, long seed) {
    return new GradientDescentSearch(
        GradientDescent.defaults()
            .withStepRule(rule)
            .withMinibatch(size, seed)
            .withMaxIterations(20_000),
        new double[2],
        null,
        null,
        TERMS);
  }

  private static final StepRule[] RULES = {
    StepRule.fixed(0.01),
    StepRule.momentum(0.005, 0.5),
    StepRule.nesterov(0.003),
    StepRule.adam(0.05)
  };

  @Test
  void findsTheMinimumThatAllTermsShare() {
    for (StepRule rule : RULES) {
      GradientDescentSearch search = search(rule, 10, 1);
      new Line(0).run(search);
      assertSame(Status.CONVERGED_GRADIENT, search.status(), rule.toString());
      assertArrayEquals(new double[] {3, -2}, search.best(), 1e-6, rule.toString());
    }
  }

  @Test
  void comesCloseToAMinimumThatTermsDisagreeAbout() {
    Line line = new Line(0.5);
    GradientDescentSearch exact =
        new GradientDescentSearch(GradientDescent.defaults(), new double[2], null, null);
    line.run(exact);
    for (StepRule rule : RULES) {
      GradientDescentSearch search = search(rule, 10, 1);
      line.run(search);
      assertTrue(
          search.value() <= exact.value() * (1 + 1e-4),
          () -> rule + " " + search.status() + " " + search.value());
    }
  }

  @Test
  void everyEpochSeesEveryTermOnce() {
    Line line = new Line(0.5);
    GradientDescentSearch search = search(StepRule.fixed(1e-4), 10, 1);
    List<int[]> orders = new ArrayList<>();
    for (int epoch = 0; epoch < 3; epoch++) {
      assertNull(search.selection());
      line.answer(search);
      int[] seen = new int[TERMS];
      int next = 0;
      for (int batch = 0; batch < 11; batch++) {
        int from = search.selectionFrom();
        int to = search.selectionTo();
        assertEquals(Math.min(from + 10, TERMS), to);
        for (int i = from; i < to; i++) {
          seen[next++] = search.selection()[i];
        }
        line.answer(search);
      }
      assertEquals(TERMS, next);
      orders.add(seen);
      int[] sorted = seen.clone();
      Arrays.sort(sorted);
      for (int k = 0; k < TERMS; k++) {
        assertEquals(k, sorted[k]);
      }
    }
    assertFalse(Arrays.equals(orders.get(0), orders.get(1)));
    assertFalse(Arrays.equals(orders.get(1), orders.get(2)));
    assertEquals(33, search.iterations());
  }

  @Test
  void stepsAreScaledToTheWholeSum() {
    Line line = new Line(0);
    GradientDescentSearch search = search(StepRule.fixed(0.001), 10, 1);
    line.answer(search);
    int[] selection = search.selection().clone();
    line.answer(search);
    double[] gradient = new double[2];
    line.gradients(Points.of(0, 0), selection, 0, 10, new double[1], gradient);
    for (int j = 0; j < 2; j++) {
      assertEquals(-0.001 * TERMS / 10 * gradient[j], search.point()[j], 1e-12);
    }
  }

  @Test
  void theSameSeedGivesTheSamePath() {
    Line line = new Line(0);
    List<double[]> path = line.run(search(StepRule.adam(0.05), 8, 7));
    List<double[]> again = line.run(search(StepRule.adam(0.05), 8, 7));
    List<double[]> other = line.run(search(StepRule.adam(0.05), 8, 8));
    assertEquals(path.size(), again.size());
    for (int i = 0; i < path.size(); i++) {
      assertArrayEquals(path.get(i), again.get(i));
    }
    assertFalse(Arrays.equals(path.get(20), other.get(20)));
  }

  @Test
  void aBatchOfAllTermsIsGradientDescent() {
    Line line = new Line(0.5);
    GradientDescentSearch batches = search(StepRule.fixed(0.005), 1000, 1);
    GradientDescentSearch plain = search(StepRule.fixed(0.005), 0, 1);
    line.run(batches);
    line.run(plain);
    assertEquals(plain.status(), batches.status());
    assertArrayEquals(plain.best(), batches.best(), 1e-9);
  }

  @Test
  void theLimitEndsAnEpochAndTheWholeSumIsKnown() {
    Line line = new Line(0.5);
    GradientDescentSearch search =
        new GradientDescentSearch(
            GradientDescent.defaults()
                .withStepRule(StepRule.fixed(1e-3))
                .withMinibatch(10, 1)
                .withMaxIterations(17),
            new double[2],
            null,
            null,
            TERMS);
    line.run(search);
    assertSame(Status.ITERATION_LIMIT, search.status());
    assertEquals(17, search.iterations());
    double[] value = new double[1];
    line.values(Points.of(search.best()), value);
    assertEquals(value[0], search.value());
  }

  @Test
  void bounds() {
    GradientDescentSearch search =
        new GradientDescentSearch(
            GradientDescent.defaults().withStepRule(StepRule.fixed(0.01)).withMinibatch(10, 1),
            new double[2],
            new double[] {-1, -1},
            new double[] {4, 4},
            TERMS);
    Line line = new Line(0);
    while (search.need() != Search.Need.NOTHING) {
      for (double x : search.point()) {
        assertTrue(x >= -1 && x <= 4);
      }
      line.answer(search);
    }
    assertEquals(-1, search.best()[1]);
  }

  /** A logistic regression, whose log-likelihood is a formula over data. */
  @Test
  void aFormulaOverDataThroughTheFrontDoor() {
    Random random = new Random(9);
    double[] x = new double[400];
    double[] y = new double[400];
    for (int k = 0; k < 400; k++) {
      x[k] = 4 * random.nextDouble() - 2;
      y[k] = random.nextDouble() < 1 / (1 + Math.exp(-(0.5 + 1.5 * x[k]))) ? 1 : 0;
    }
    Minimize likelihood =
        Minimize.of("log(1 + exp(a + b*x)) - y*(a + b*x)")
            .data("x", x)
            .data("y", y)
            .start(0, 0)
            .backend("cpu");
    Minimum exact = likelihood.run();
    Minimum batches =
        likelihood
            .method(
                GradientDescent.defaults()
                    .withStepRule(StepRule.adam(0.02))
                    .withMinibatch(20, 4)
                    .withMaxIterations(4000))
            .run();
    assertTrue(exact.converged());
    assertEquals(exact.value(), batches.value(), 1e-3 * exact.value());
    assertEquals(exact.parameter("b"), batches.parameter("b"), 0.02);
  }

  @Test
  void aSumStaysASumWhenAParameterIsFixed() {
    Minimum minimum =
        Minimize.of(new Line(0))
            .start(0, -2)
            .fix("b")
            .method(
                GradientDescent.defaults()
                    .withStepRule(StepRule.fixed(0.01))
                    .withMinibatch(10, 1)
                    .withMaxIterations(20_000))
            .run();
    assertEquals(Status.CONVERGED_GRADIENT, minimum.status(), minimum.toString());
    assertArrayEquals(new double[] {3, -2}, minimum.parameters(), 1e-6);
  }

  @Test
  void saysWhatMinibatchesNeed() {
    GradientDescent method = GradientDescent.defaults().withMinibatch(10, 1);
    IllegalArgumentException rule =
        assertThrows(
            IllegalArgumentException.class,
            () -> new GradientDescentSearch(method, new double[2], null, null, TERMS));
    assertTrue(rule.getMessage().startsWith("stepRule = BarzilaiBorwein"), rule.getMessage());
    for (StepRule searching :
        new StepRule[] {StepRule.backtracking(), StepRule.strongWolfe(), StepRule.nesterov()}) {
      assertThrows(
          IllegalArgumentException.class, () -> search(searching, 10, 1), searching.toString());
    }
    IllegalArgumentException sum =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new GradientDescentSearch(
                    method.withStepRule(StepRule.fixed(1)), new double[2], null, null));
    assertEquals(
        "minibatchSize = 10, expected 0: the objective is not a SummedObjective", sum.getMessage());
  }
}
