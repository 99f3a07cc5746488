package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.NewtonResults.Problem;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.result.Status;

/** What batched Newton-Raphson must do with every flavour of kernel. */
abstract class NewtonContract {

  private static final String ROSENBROCK = "100*(x2-x1^2)^2 + (1-x1)^2";
  private static final String CAMEL =
      "(4-2.1*x1^2+x1^4/3)*x1^2 + x1*x2 + (4*x2^2-4)*x2^2"; // six minima, saddles, a maximum
  private static final String HIMMELBLAU = "(x1^2+x2-11)^2 + (x1+x2^2-7)^2";
  private static final String WAVES = "sin(x1)*cos(x2) + 0.01*(x1^2+x2^2)";

  private final KernelPreference flavour;

  NewtonContract(KernelPreference flavour) {
    this.flavour = flavour;
  }

  private NewtonResults run(Problem problem) {
    return run(problem, NewtonRaphson.defaults());
  }

  private NewtonResults run(Problem problem, NewtonRaphson method) {
    return run(problem, method, Execution.defaults().withParallelism(1));
  }

  private NewtonResults run(Problem problem, NewtonRaphson method, Execution execution) {
    return NewtonResults.of(problem, method, execution, flavour);
  }

  private static double[][] starts(int problems, int p, double width, long seed) {
    Random random = new Random(seed);
    double[][] starts = new double[problems][p];
    for (double[] start : starts) {
      for (int j = 0; j < p; j++) {
        start[j] = width * (2 * random.nextDouble() - 1);
      }
    }
    return starts;
  }

  static String chain(int p) {
    StringBuilder text = new StringBuilder("0");
    for (int j = 1; j < p; j++) {
      text.append(String.format(" + 100*(x%d-x%d^2)^2 + (1-x%d)^2", j + 1, j, j));
    }
    return text.toString();
  }

  /** A quartic whose Hessian is full and indefinite at 0, another one for each p. */
  private static String quartic(int p) {
    Random random = new Random(p);
    StringBuilder text = new StringBuilder("0");
    for (int j = 1; j <= p; j++) {
      text.append(String.format(java.util.Locale.ROOT, " + x%d^4 + %.3f*x%d", j, 0.2 / j, j));
      for (int k = 1; k <= j; k++) {
        double factor = 2 * random.nextDouble() - 1;
        text.append(String.format(java.util.Locale.ROOT, " + (%.3f)*x%d*x%d", factor, j, k));
      }
    }
    return text.toString();
  }

  /** Asserts that every problem ended in a local minimum, to second order, by other code. */
  private static void assertMinima(Problem problem, NewtonResults results) {
    ReferenceNewton reference = new ReferenceNewton(problem.term(), problem.parameters());
    for (int i = 0; i < results.size(); i++) {
      double[] theta = results.theta[i];
      String where = problem.term() + ", problem " + i + " at " + Arrays.toString(theta);
      assertEquals(Status.CONVERGED_GRADIENT, results.status[i], where);
      double f = reference.value(theta);
      assertEquals(f, results.value[i], 1e-12 * Math.max(1, Math.abs(f)), where);
      double norm = reference.gradient(theta).getNorm();
      assertEquals(norm, results.gradientNorm[i], 1e-9 + 1e-6 * norm, where);
      assertTrue(results.statusValue[i] <= 1e-6, where);
      double size = Math.sqrt(theta.length) * Math.max(1, Math.abs(f));
      assertTrue(norm <= 1e-6 * size, where + ": gradient " + norm);
      double smallest = reference.smallestEigenvalue(theta);
      assertTrue(smallest >= -1e-6, where + ": eigenvalue " + smallest);
      assertEquals(results.evaluations[i] - 1, results.iterations[i], where);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {ROSENBROCK, CAMEL, HIMMELBLAU, WAVES})
  void endsInLocalMinima(String formula) {
    Problem problem = Problem.plain(formula, starts(300, 2, 3, 1));
    assertMinima(problem, run(problem));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 16})
  void longValleys(int p) {
    Problem problem = Problem.plain(chain(p), starts(40, p, 2, 2));
    assertMinima(problem, run(problem));
  }

  static IntStream sizes() {
    return IntStream.rangeClosed(1, NewtonBatch.MAX_PARAMETERS);
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void anyNumberOfParameters(int p) {
    Problem problem = Problem.plain(quartic(p), starts(30, p, 2, p));
    assertMinima(problem, run(problem));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void agreesWithAReferenceWhereThereIsOneMinimum(int p) {
    StringBuilder text = new StringBuilder("0");
    for (int j = 1; j <= p; j++) {
      text.append(String.format(" + exp(x%d/2) - x%d/(%d) + (x%d-x1)^2", j, j, j + 1, j));
    }
    Problem problem = Problem.plain(text.toString(), starts(20, p, 4, 3));
    NewtonResults results = run(problem, NewtonRaphson.defaults().withGradientTolerance(1e-10));
    ReferenceNewton reference = new ReferenceNewton(problem.term(), problem.parameters());
    double[] minimum = reference.minimise(new double[p]);
    for (int i = 0; i < results.size(); i++) {
      assertTrue(results.status[i].converged(), results.status[i].toString());
      for (int j = 0; j < p; j++) {
        assertEquals(minimum[j], results.theta[i][j], 1e-8, "problem " + i + ", p = " + p);
      }
    }
  }

  @Test
  void leavesSaddlesAndMaxima() {
    Map<String, double[]> stationary = new LinkedHashMap<>();
    stationary.put("x1^4 - 2*x1^2 + x2^2", new double[] {0, 0});
    stationary.put("x1^4 + x2^4 + x1*x2*3", new double[] {0, 0});
    stationary.put("x1^4 + x2^4 - x1^2 - 2*x2^2", new double[] {0, 0}); // a maximum
    stationary.put(CAMEL, new double[] {0, 0});
    stationary.put("(x1^2-1)^2 + (x2^2-4)^2", new double[] {1, 0}); // a saddle
    stationary.put("cos(x1)*cos(x2)", new double[] {0, 0});
    stationary.put("(x1-5)^4 - (x1-5)^2 + (x2-1e3)^2*1e6", new double[] {5, 1e3});
    stationary.forEach(
        (formula, start) -> {
          Problem problem = Problem.plain(formula, new double[][] {start, start, start});
          assertMinima(problem, run(problem));
        });
  }

  @Test
  void goesDownFromWhereThereIsNoCurvature() {
    Map<String, double[]> minima = new LinkedHashMap<>();
    minima.put("x1^4 - 6*x1^2", new double[] {1, Math.sqrt(3)});
    minima.put("log(1+exp(x1)) - 0.5*x1", new double[] {-800, 0});
    minima.put("x1*tanh(x1)", new double[] {400, 0});
    minima.forEach(
        (formula, ends) -> {
          double[][] starts = {{ends[0]}, {ends[0]}};
          NewtonResults results = run(Problem.plain(formula, starts));
          for (int i = 0; i < 2; i++) {
            String where = formula + " at " + results.theta[i][0];
            assertEquals(Status.CONVERGED_GRADIENT, results.status[i], where);
            assertEquals(ends[1], Math.abs(results.theta[i][0]), 1e-5, where);
          }
        });
    // the start lies in the basin of a local minimum, and a long step leads beyond
    NewtonResults cubic = run(Problem.plain("x1^3 - 3*x1", new double[][] {{0}, {0}}));
    assertTrue(
        cubic.status[0] == Status.UNBOUNDED
            || (cubic.status[0] == Status.CONVERGED_GRADIENT
                && Math.abs(cubic.theta[0][0] - 1) <= 1e-6),
        cubic.status[0] + " at " + cubic.theta[0][0]);
  }

  @Test
  void aSmallGradientAloneIsNoEnd() {
    // where |f| is large, or a unit of x is small, it is small far from the minimum too
    NewtonResults far = run(Problem.plain("(x1-1e8)^2", new double[][] {{0}, {1}, {-3e8}}));
    NewtonResults above = run(Problem.plain("x1^2 + 1e9", new double[][] {{2}, {-1}, {10}}));
    NewtonResults wide =
        run(Problem.plain("1e10 + 1e3*sqrt(1+x1^2)", new double[][] {{5}, {-5}, {8}}));
    NewtonResults boxed =
        run(
            Problem.bounded(
                "(x1-1e8)^2",
                new double[][] {{0}, {1}, {-3}},
                new double[] {-5},
                new double[] {9}));
    for (int i = 0; i < 3; i++) {
      assertEquals(Status.CONVERGED_GRADIENT, far.status[i]);
      assertEquals(1e8, far.theta[i][0], "problem " + i);
      assertTrue(far.iterations[i] > 0);
      assertEquals(Status.CONVERGED_GRADIENT, above.status[i]);
      assertEquals(0, above.theta[i][0], 1e-6, "problem " + i);
      // H alone gives steps that are too long
      assertEquals(Status.CONVERGED_GRADIENT, wide.status[i]);
      assertEquals(1e10 + 1e3, wide.value[i], 1e-2, "problem " + i + " at " + wide.theta[i][0]);
      assertEquals(Status.CONVERGED_GRADIENT, boxed.status[i]);
      assertEquals(9, boxed.theta[i][0], "problem " + i);
    }
  }

  @Test
  void endsNoWorseThanAlone() {
    NewtonResults wells =
        run(Problem.plain("x1^4 - 6*x1^2 + x2^2", new double[][] {{1, 3}, {1, 3}}));
    NewtonResults bell = run(Problem.plain("-exp(-x1^2)", new double[][] {{5}, {5}}));
    NewtonResults hill = run(Problem.plain("-x1^2", new double[][] {{1e-12}, {1e-12}}));
    for (int i = 0; i < 2; i++) {
      assertEquals(Status.CONVERGED_GRADIENT, wells.status[i]);
      assertEquals(-9, wells.value[i], 1e-9);
      assertEquals(Status.CONVERGED_GRADIENT, bell.status[i], "at " + bell.theta[i][0]);
      assertEquals(-1, bell.value[i], 1e-9);
      assertEquals(Status.UNBOUNDED, hill.status[i], "at " + hill.theta[i][0]);
    }
  }

  @Test
  void whatALaneFindsHardIsSearchedForWithinTheLimit() {
    // a cusp, where every step but a tiny one goes up, and a limit of which lanes get a half
    double[][] starts = {{3, 1}, {2, -1}, {-1.5, 4}};
    for (String formula : List.of("sqrt(abs(x1)) + x2^2", "sqrt(abs(x1)) + cosh(x2)")) {
      NewtonRaphson method = NewtonRaphson.defaults();
      NewtonResults results = run(Problem.plain(formula, starts), method);
      for (int i = 0; i < starts.length; i++) {
        String where = formula + " at " + Arrays.toString(results.theta[i]) + results.status[i];
        assertTrue(results.value[i] <= 1.01, where);
        assertTrue(results.iterations[i] <= method.iterationLimit(2), where);
        assertTrue(results.iterations[i] < results.evaluations[i], where);
        results.assertSame(i, run(Problem.plain(formula, new double[][] {starts[i]})), 0, formula);
      }
    }
  }

  @Test
  void nearSaddlesToo() {
    double[][] starts = starts(200, 2, 1e-9, 5);
    Problem problem = Problem.plain("x1^4 + x2^4 - x1^2 + x1*x2*0.1 + 3*x2^2", starts);
    assertMinima(problem, run(problem));
  }

  @Test
  void stepsBackFromWhereTheObjectiveIsNotDefined() {
    for (String formula :
        List.of(
            "x1 - log(x1) + x2^2",
            "x1*log(x1) + (x2-1)^2",
            "-sqrt(4 - x1^2 - x2^2)",
            "1/x1 + x1 + exp(x2) - x2",
            "-log(x1) - log(3-x1) - log(x2) - log(2-x2)")) {
      double[][] starts = starts(100, 2, 1, 6);
      for (double[] start : starts) {
        start[0] = Math.abs(start[0]) + 1e-3;
        start[1] = Math.abs(start[1]) + 1e-3;
      }
      Problem problem = Problem.plain(formula, starts);
      assertMinima(problem, run(problem));
    }
  }

  @Test
  void aStartThatIsNotDefinedEndsAtOnce() {
    double[][] starts = {
      {-1, 0}, {1, 2}, {Double.NaN, 0}, {1, Double.POSITIVE_INFINITY}, {0, 0}, {2, 2}
    };
    // at 0 the value is finite, its derivatives are not
    Problem problem = Problem.plain("x1 - log(x1+1e-300) + sqrt(x1)*0.1 + x2^2", starts);
    NewtonResults results = run(problem);
    for (int i : new int[] {0, 2, 3, 4}) {
      assertEquals(Status.NON_FINITE, results.status[i], "problem " + i);
      assertEquals(0, results.iterations[i]);
      assertEquals(starts[i][0], results.theta[i][0]);
    }
    assertTrue(results.status[1].converged());
    results.assertSame(
        1,
        run(Problem.plain("x1 - log(x1+1e-300) + sqrt(x1)*0.1 + x2^2", new double[][] {starts[1]})),
        0,
        "beside bad ones");
  }

  @Test
  void boxes() {
    double[][] starts = starts(300, 2, 3, 7);
    for (double[][] box :
        new double[][][] {
          {{-2, -2}, {0.5, 2}},
          {{-0.5, 1}, {3, 4}},
          {{0.25, 0.25}, {0.75, 0.25}},
          {{Double.NEGATIVE_INFINITY, 2}, {Double.POSITIVE_INFINITY, 3}},
          {{-1, Double.NEGATIVE_INFINITY}, {0.9, 0.7}}
        }) {
      for (String formula : List.of(ROSENBROCK, CAMEL, HIMMELBLAU, WAVES, "x1 - 2*x2 + x1*x2")) {
        boolean unbounded = formula.startsWith("x1 - ") && Double.isInfinite(box[0][0] + box[0][1]);
        if (!unbounded) {
          Problem problem = Problem.bounded(formula, starts, box[0], box[1]);
          assertConstrainedMinima(problem, run(problem));
        }
      }
    }
  }

  private static void assertConstrainedMinima(Problem problem, NewtonResults results) {
    ReferenceNewton reference = new ReferenceNewton(problem.term(), problem.parameters());
    for (int i = 0; i < results.size(); i++) {
      double[] theta = results.theta[i];
      String where =
          problem.term()
              + " in "
              + Arrays.toString(problem.lower())
              + Arrays.toString(problem.upper())
              + ", problem "
              + i
              + " at "
              + Arrays.toString(theta)
              + " "
              + results.status[i];
      assertTrue(results.status[i].converged(), where);
      double f = reference.value(theta);
      double[] g = reference.gradient(theta).toArray();
      double squares = 0;
      for (int j = 0; j < theta.length; j++) {
        assertTrue(problem.lower()[j] <= theta[j] && theta[j] <= problem.upper()[j], where);
        boolean held =
            (theta[j] == problem.lower()[j] && g[j] >= 0)
                || (theta[j] == problem.upper()[j] && g[j] <= 0);
        if (!held) {
          assertTrue(
              Math.abs(g[j]) * Math.max(1, Math.abs(theta[j]))
                  <= 1.01e-6 * Math.max(1, Math.abs(f)),
              where + ": gradient " + Arrays.toString(g));
          squares += g[j] * g[j];
        }
      }
      assertEquals(Math.sqrt(squares), results.gradientNorm[i], 1e-8, where);
      // no better point near by
      Random random = new Random(i);
      for (int k = 0; k < 20; k++) {
        double[] near = theta.clone();
        for (int j = 0; j < near.length; j++) {
          double moved = near[j] + 1e-3 * random.nextGaussian();
          near[j] = Math.max(problem.lower()[j], Math.min(problem.upper()[j], moved));
        }
        assertTrue(
            reference.value(near) >= f - 1e-8 * Math.max(1, Math.abs(f)),
            where + ": better at " + Arrays.toString(near));
      }
    }
  }

  @Test
  void aMaximumAtABoundIsLeft() {
    Problem problem =
        Problem.bounded(
            "-x1^2", new double[][] {{0}, {1}, {-0.5}}, new double[] {0}, new double[] {2});
    NewtonResults results = run(problem);
    for (int i = 0; i < 3; i++) {
      assertEquals(2, results.theta[i][0], "problem " + i);
      assertTrue(results.status[i].converged());
      assertEquals(0, results.gradientNorm[i]);
    }
  }

  @Test
  void stopsAtTheLimitOfIterations() {
    double[][] starts = starts(19, 4, 3, 8);
    Problem problem = Problem.plain(chain(4), starts);
    ReferenceNewton reference = new ReferenceNewton(problem.term(), problem.parameters());
    NewtonResults results = run(problem, NewtonRaphson.defaults().withMaxIterations(3));
    for (int i = 0; i < results.size(); i++) {
      assertEquals(Status.ITERATION_LIMIT, results.status[i]);
      assertEquals(3, results.iterations[i]);
      assertEquals(4, results.evaluations[i]);
      assertEquals(3, results.statusValue[i]);
      double f = reference.value(results.theta[i]);
      assertEquals(f, results.value[i], 1e-10 * f);
      assertTrue(f <= reference.value(starts[i]));
    }
  }

  @Test
  void tolerancesOfValueAndParameters() {
    Problem problem = Problem.plain(chain(4), starts(50, 4, 1, 9));
    NewtonRaphson off = NewtonRaphson.defaults().withGradientTolerance(0);
    NewtonResults byValue = run(problem, off.withValueTolerance(1e-3));
    NewtonResults byStep = run(problem, off.withParameterTolerance(1e-2));
    NewtonResults byRounding = run(problem, off);
    for (int i = 0; i < byValue.size(); i++) {
      assertEquals(Status.CONVERGED_COST, byValue.status[i], "problem " + i);
      assertTrue(byValue.statusValue[i] <= 1e-3 && byValue.statusValue[i] >= 0);
      assertEquals(Status.CONVERGED_PARAMETERS, byStep.status[i], "problem " + i);
      assertTrue(byStep.statusValue[i] <= 1e-2 && byStep.statusValue[i] > 0);
      assertTrue(byRounding.status[i].converged(), "problem " + i + byRounding.status[i]);
      assertTrue(byRounding.evaluations[i] >= byStep.evaluations[i]);
      assertTrue(byRounding.gradientNorm[i] <= 1e-9, "problem " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-x1 + x2^2", "x1^3 + x2^2", "x1*x2", "x2^2 - x1^2"})
  void fallsWithoutEnd(String formula) {
    Problem problem = Problem.plain(formula, new double[][] {{-0.5, 1}, {-0.25, 3}, {-2, 0.5}});
    NewtonResults results = run(problem);
    for (int i = 0; i < results.size(); i++) {
      assertEquals(Status.UNBOUNDED, results.status[i], formula + ", problem " + i);
      assertTrue(results.value[i] < -1e300);
    }
  }

  @Test
  void constantsOfEachProblem() {
    int problems = 37;
    double[] centres = new double[problems];
    double[] widths = new double[problems];
    for (int i = 0; i < problems; i++) {
      centres[i] = i - 10.5;
      widths[i] = 1 + i;
    }
    Map<String, Column> constants = new LinkedHashMap<>();
    constants.put("c", Column.perProblem(centres, 1));
    constants.put("w", Column.perProblem(widths, 1));
    constants.put("k", Column.shared(2.0));
    Problem problem =
        new Problem(
            Formula.parse("(x1-c)^2/w + k*cosh(x2-c) + c").expression(),
            List.of("x1", "x2"),
            constants,
            Map.of(),
            Column.shared(1, 1),
            null,
            null,
            problems);
    NewtonResults results = run(problem, NewtonRaphson.defaults().withGradientTolerance(1e-12));
    for (int i = 0; i < problems; i++) {
      assertTrue(results.status[i].converged());
      assertEquals(centres[i], results.theta[i][0], 1e-9);
      assertEquals(centres[i], results.theta[i][1], 1e-6);
      assertEquals(centres[i] + 2, results.value[i], 1e-12 * 40);
    }
  }

  /** Σ log(1 + exp(η)) − y·η with η = b1 + b2·x + b3·z. */
  private static Problem logistic(int problems, int n, boolean ownX) {
    Random random = new Random(problems + n);
    double[][] y = new double[problems][n];
    double[][] x = new double[problems][n];
    double[] z = new double[n];
    for (int k = 0; k < n; k++) {
      z[k] = Math.sin(k);
    }
    for (int i = 0; i < problems; i++) {
      for (int k = 0; k < n; k++) {
        x[i][k] = ownX || i == 0 ? random.nextGaussian() : x[0][k];
        double eta = 0.5 - x[i][k] + 0.3 * z[k];
        y[i][k] = random.nextDouble() < 1 / (1 + Math.exp(-eta)) ? 1 : 0;
      }
    }
    Map<String, Column> columns = new LinkedHashMap<>();
    columns.put("x", ownX ? Column.perProblem(x) : Column.shared(x[0]));
    columns.put("z", Column.shared(z));
    columns.put("y", Column.perProblem(y));
    return new Problem(
        Formula.parse("log(1+exp(b1+b2*x+b3*z)) - y*(b1+b2*x+b3*z)").expression(),
        List.of("b1", "b2", "b3"),
        Map.of(),
        columns,
        Column.shared(0, 0, 0),
        null,
        null,
        problems);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void logisticRegressions(boolean ownX) {
    int n = 61;
    Problem problem = logistic(45, n, ownX);
    NewtonResults results = run(problem, NewtonRaphson.defaults().withGradientTolerance(1e-11));
    double[] x = new double[n];
    double[] z = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < results.size(); i++) {
      assertTrue(results.status[i].converged(), results.status[i].toString());
      problem.columns().get("x").read(i, 0, n, x, 0);
      problem.columns().get("z").read(i, 0, n, z, 0);
      problem.columns().get("y").read(i, 0, n, y, 0);
      double[] b = results.theta[i];
      double[] score = new double[3];
      double f = 0;
      for (int k = 0; k < n; k++) {
        double eta = b[0] + b[1] * x[k] + b[2] * z[k];
        double residual = 1 / (1 + Math.exp(-eta)) - y[k];
        score[0] += residual;
        score[1] += residual * x[k];
        score[2] += residual * z[k];
        f += Math.log1p(Math.exp(eta)) - y[k] * eta;
      }
      assertEquals(f, results.value[i], 1e-11 * n);
      for (double s : score) {
        assertEquals(0, s, 1e-8, "problem " + i);
      }
    }
  }

  @Test
  void sumsOfWhatDoesNotVary() {
    // the second term is the same for all points: n times it
    Problem problem =
        new Problem(
            Formula.parse("(y-a)^2 + b^2 + 3").expression(),
            List.of("a", "b"),
            Map.of(),
            Map.of("y", Column.shared(1, 2, 6)),
            Column.shared(0, 1),
            null,
            null,
            1);
    NewtonResults results = run(problem);
    assertEquals(3, results.theta[0][0], 1e-12);
    assertEquals(0, results.theta[0][1], 1e-12);
    assertEquals(4 + 1 + 9 + 9, results.value[0], 1e-12);
  }

  @Test
  void batchesOfAnySizeOnAnyThreads() {
    double[][] starts = starts(207, 3, 2, 11);
    double[] lower = {-1, -1, -1};
    double[] upper = {2, 0.5, 2};
    for (boolean bounded : new boolean[] {false, true}) {
      NewtonResults[] alone = new NewtonResults[starts.length];
      for (int i = 0; i < starts.length; i++) {
        alone[i] = run(part(starts, i, 1, bounded ? lower : null, bounded ? upper : null));
      }
      for (int size : new int[] {1, 2, 7, 8, 9, 13, 17, 207}) {
        for (int threads : new int[] {1, 2, 5}) {
          int from = starts.length - size;
          NewtonResults results =
              run(
                  part(starts, from, size, bounded ? lower : null, bounded ? upper : null),
                  NewtonRaphson.defaults(),
                  Execution.defaults().withParallelism(threads));
          for (int i = 0; i < size; i++) {
            results.assertSame(i, alone[from + i], 0, size + " problems, " + threads + " threads");
          }
        }
      }
    }
  }

  private static Problem part(
      double[][] starts, int from, int size, double[] lower, double[] upper) {
    return Problem.bounded(chain(3), Arrays.copyOfRange(starts, from, from + size), lower, upper);
  }

  @Test
  void sumsOverDataInBatchesOfAnySize() {
    Problem all = logistic(29, 12, true);
    NewtonResults together = run(all);
    for (int i = 0; i < 29; i++) {
      Map<String, Column> columns = new LinkedHashMap<>();
      for (String name : List.of("x", "z", "y")) {
        double[] values = new double[12];
        all.columns().get(name).read(i, 0, 12, values, 0);
        columns.put(
            name,
            name.equals("z") ? Column.shared(values) : Column.perProblem(new double[][] {values}));
      }
      Problem one =
          new Problem(all.term(), all.parameters(), Map.of(), columns, all.starts(), null, null, 1);
      together.assertSame(i, run(one), 0, "alone");
    }
  }

  @Test
  void tellsHowFarItIs() {
    List<Long> told = new ArrayList<>();
    AtomicLong total = new AtomicLong();
    run(
        Problem.plain(HIMMELBLAU, starts(1000, 2, 3, 12)),
        NewtonRaphson.defaults(),
        Execution.defaults()
            .withParallelism(1)
            .withListener(
                (done, all) -> {
                  told.add(done);
                  total.set(all);
                }));
    assertEquals(1000, total.get());
    assertEquals(1000, told.get(told.size() - 1));
    for (int k = 1; k < told.size(); k++) {
      assertTrue(told.get(k) >= told.get(k - 1));
    }
  }

  @Test
  void cancellationKeepsWhatIsDone() {
    Cancellation cancellation = new Cancellation();
    double[][] starts = starts(5000, 2, 3, 13);
    NewtonResults results =
        run(
            Problem.plain(ROSENBROCK, starts),
            NewtonRaphson.defaults(),
            Execution.defaults()
                .withParallelism(1)
                .withCancellation(cancellation)
                .withListener(
                    (done, all) -> {
                      if (done >= 1000) {
                        cancellation.cancel();
                      }
                    }));
    int converged = 0;
    int cancelled = 0;
    for (int i = 0; i < results.size(); i++) {
      converged += results.hasEnded(i) && results.status[i].converged() ? 1 : 0;
      if (results.hasEnded(i) && results.status[i] == Status.CANCELLED) {
        cancelled++;
        assertTrue(Double.isNaN(results.statusValue[i]));
        assertFalse(Double.isNaN(results.theta[i][0]));
      }
    }
    assertTrue(converged >= 1000 && converged < 5000, converged + " converged");
    assertTrue(cancelled <= 16, cancelled + " cancelled");
  }

  @Test
  void argumentsThatCannotBe() {
    Problem wide = Problem.plain("x1^2", new double[2][NewtonBatch.MAX_PARAMETERS + 1]);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> run(wide))
            .getMessage()
            .contains("expected 1 to 16"));
    Problem few =
        new Problem(
            Formula.parse("x1^2").expression(),
            List.of("x1"),
            Map.of(),
            Map.of("y", Column.perProblem(new double[2][5])),
            Column.shared(1),
            null,
            null,
            3);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> run(few))
            .getMessage()
            .startsWith("column y is double[2, 5], expected 5 points, shared or for 3 problems"));
  }
}
