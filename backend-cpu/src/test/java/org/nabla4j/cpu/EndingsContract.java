package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.GaussNewton;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.objective.SigmaKind;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.Status;

/** Problems at the edge of what can be solved, and how a solve is watched, stopped and shared. */
abstract class EndingsContract extends KernelContract {

  EndingsContract(KernelPreference flavour) {
    super(flavour);
  }

  private static LeastSquaresProblem.Builder formula(
      String prediction, List<String> parameters, double[] x, double[][] y, Precision precision) {
    return LeastSquaresProblem.builder(
            FormulaModel.of(
                Formula.parse("y").expression(),
                Formula.parse(prediction).expression(),
                parameters,
                List.of("x", "y")))
        .column("x", common(x, precision))
        .column("y", own(y, precision));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void onePointOneParameter(Precision precision) {
    BatchFit fits =
        solve(
            formula("a*x", List.of("a"), new double[] {2}, new double[][] {{4}, {6}}, precision)
                .starts(Column.shared(1))
                .sigma(Column.shared(0.5), SigmaKind.ABSOLUTE)
                .build());
    for (int i = 0; i < 2; i++) {
      assertTrue(fits.converged(i), fits.statusMessage(i));
      assertEquals(2 + i, fits.parameter(i, 0), 1e-6);
      assertEquals(0.25, fits.standardError(i, 0), 1e-6);
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void asManyPointsAsParameters(Precision precision) {
    FitModel model = FitModel.DECAY;
    BatchFit fits = solve(model.problem(0, 11, 3, precision).build());
    for (int i = 0; i < 11; i++) {
      assertTrue(fits.converged(i), fits.statusMessage(i));
      assertEquals(0, fits.cost(i), precision == Precision.SINGLE ? 1e-10 : 1e-24);
      assertEquals(0, fits.degreesOfFreedom(i));
      assertFalse(fits.standardError(i, 0) >= 0, "no error is known without degrees of freedom");
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void fewerPointsThanParameters(Precision precision) {
    for (int n = 1; n < 3; n++) {
      BatchFit fits = solve(FitModel.DECAY.problem(0, 11, n, precision).build());
      for (int i = 0; i < 11; i++) {
        assertEquals(Status.TOO_FEW_POINTS, fits.status(i));
        assertEquals(FitModel.DECAY.start()[1], fits.parameter(i, 1), 1e-7);
        assertTrue(Double.isNaN(fits.standardError(i, 1)));
      }
    }
  }

  @Test
  void dataThatTheModelMeetsExactly() {
    double[] x = {0, 1, 2, 3, 4};
    double[][] y = new double[13][5];
    for (int i = 0; i < y.length; i++) {
      for (int k = 0; k < 5; k++) {
        y[i][k] = i + 2 * x[k];
      }
    }
    BatchFit lines =
        solve(
            formula("a + b*x", List.of("a", "b"), x, y, Precision.DOUBLE)
                .starts(Column.shared(1, 2))
                .build());
    assertEquals(Status.CONVERGED_EXACT, lines.status(1), "the start is the answer");
    for (int i = 0; i < y.length; i++) {
      assertTrue(lines.converged(i), lines.statusMessage(i));
      assertEquals(i, lines.parameter(i, 0), 1e-12);
      assertEquals(2, lines.parameter(i, 1), 1e-12);
    }
    double[][] zeros = new double[9][5];
    BatchFit nothing =
        solve(
            formula("a*x", List.of("a"), x, zeros, Precision.DOUBLE)
                .starts(Column.shared(1))
                .build());
    for (int i = 0; i < zeros.length; i++) {
      assertEquals(Status.CONVERGED_EXACT, nothing.status(i), nothing.statusMessage(i));
      assertEquals(0, nothing.parameter(i, 0));
    }
  }

  @Test
  void exactDecays() {
    FitModel exact =
        new FitModel(
            "exact",
            "a*exp(-b*x) + c",
            List.of("a", "b", "c"),
            new double[] {2, 0.8, 0.5},
            new double[] {1, 0.5, 0.2},
            0,
            6,
            0);
    BatchFit fits = solve(exact.problem(0, 21, 20, Precision.DOUBLE).build());
    for (int i = 0; i < 21; i++) {
      assertTrue(fits.converged(i), fits.statusMessage(i));
      assertEquals(0, fits.cost(i), 1e-27);
      double[] theta = fits.parameters(i);
      double[] y = exact.y(i, 1, 20)[0];
      double[] x = exact.x(20);
      for (int k = 0; k < 20; k++) {
        assertEquals(y[k], theta[0] * Math.exp(-theta[1] * x[k]) + theta[2], 1e-13);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void parametersThatDataDoNotTell(Precision precision) {
    double[] x = {0, 1, 2, 3, 4, 5};
    double[][] y = {{1, 2, 3.1, 4, 5, 6.2}, {2, 2.1, 3, 3.7, 5, 5}, {0, 0.1, 0, 0.2, 0, 0.1}};
    for (String prediction :
        new String[] {"a + b", "a*x + b*x", "a*b*x", "a*x + 0*b", "a*x + b*(x - x)"}) {
      BatchFit fits =
          solve(
              formula(prediction, List.of("a", "b"), x, y, precision)
                  .starts(Column.shared(1, 0.5))
                  .build());
      for (int i = 0; i < y.length; i++) {
        assertEquals(Status.SINGULAR, fits.status(i), prediction + ": " + fits.statusMessage(i));
      }
    }
  }

  @Test
  void oneSingularProblemAmongOthers() {
    FitModel model = FitModel.GAUSSIAN;
    double[][] y = model.y(0, 17, 25);
    BatchFit clean = solve(model.problem(model.x(25), y, Precision.DOUBLE).build());
    double[][] start = new double[17][];
    Arrays.fill(start, model.start());
    // far outside the data: neither position nor width has any influence
    start[8] = new double[] {1, 500, 0.1, 0};
    BatchFit fits =
        solve(
            model
                .problem(model.x(25), y, Precision.DOUBLE)
                .starts(Column.perProblem(start))
                .build());
    for (int i = 0; i < 17; i++) {
      if (i == 8) {
        assertFalse(fits.converged(i), fits.statusMessage(i));
      } else {
        assertSame(clean, i, fits, i, "beside a singular problem");
      }
    }
  }

  @Test
  void limitOfEvaluations() {
    FitModel model = FitModel.GAUSSIAN;
    LeastSquaresProblem problem = model.problem(0, 13, 25, Precision.DOUBLE).build();
    for (int limit : new int[] {1, 2, 3}) {
      BatchFit fits = solve(problem, LevenbergMarquardt.defaults().withMaxEvaluations(limit));
      for (int i = 0; i < 13; i++) {
        assertEquals(Status.ITERATION_LIMIT, fits.status(i));
        assertEquals(limit, fits.evaluations(i));
        assertTrue(fits.cost(i) > 0);
      }
      BatchFit undamped = solve(problem, GaussNewton.defaults().withMaxEvaluations(limit));
      assertEquals(13, undamped.statusCounts().get(Status.ITERATION_LIMIT));
    }
    // the cost never rises from one limit to the next
    double[] before = new double[13];
    Arrays.fill(before, Double.POSITIVE_INFINITY);
    for (int limit = 1; limit < 8; limit++) {
      BatchFit fits = solve(problem, LevenbergMarquardt.defaults().withMaxEvaluations(limit));
      for (int i = 0; i < 13; i++) {
        assertTrue(fits.cost(i) <= before[i] * (1 + 1e-12), "limit " + limit + ", problem " + i);
        before[i] = fits.cost(i);
      }
    }
  }

  @Test
  void cancellationKeepsWhatIsDone() {
    FitModel model = FitModel.DECAY;
    int batch = 40_000;
    double[][] rows = model.y(0, 50, 20);
    double[][] y = new double[batch][];
    for (int i = 0; i < batch; i++) {
      y[i] = rows[i % 50];
    }
    LeastSquaresProblem problem = model.problem(model.x(20), y, Precision.DOUBLE).build();
    Cancellation cancellation = new Cancellation();
    AtomicLong last = new AtomicLong();
    BatchFit fits =
        solve(
            problem,
            LevenbergMarquardt.defaults(),
            execution()
                .withParallelism(3)
                .withCancellation(cancellation)
                .withListener(
                    (done, total) -> {
                      last.set(done);
                      if (done > 2000) {
                        Thread other = new Thread(cancellation::cancel);
                        other.start();
                        join(other);
                      }
                    }));
    BatchFit few = solve(model.problem(model.x(20), rows, Precision.DOUBLE).build());
    int finished = 0;
    for (int i = 0; i < batch; i++) {
      if (fits.status(i) == Status.CANCELLED) {
        // the best so far, or nothing where a fit had not begun; never an error bar
        assertTrue(Double.isNaN(fits.standardError(i, 0)));
        assertTrue(!Double.isInfinite(fits.parameter(i, 0)));
      } else {
        assertSame(few, i % 50, fits, i, "before the cancellation");
        finished++;
      }
    }
    assertTrue(finished > 2000 && finished < batch, finished + " finished");
    assertEquals(batch - finished, fits.statusCounts().get(Status.CANCELLED));
    assertEquals(finished, last.get(), "the last report is what was done");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void cancelledBeforeItBegins() {
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    BatchFit fits =
        solve(
            FitModel.DECAY.problem(0, 100, 20, Precision.DOUBLE).build(),
            LevenbergMarquardt.defaults(),
            execution().withCancellation(cancellation));
    assertEquals(100, fits.statusCounts().get(Status.CANCELLED));
  }

  @Test
  void progressOfASingleFitIsItsEvaluations() {
    LeastSquaresProblem problem = FitModel.DECAY.problem(0, 1, 20, Precision.DOUBLE).build();
    List<List<Long>> seen = new ArrayList<>();
    BatchFit fits =
        solve(
            problem,
            LevenbergMarquardt.defaults().withMaxEvaluations(250),
            execution().withListener((done, total) -> seen.add(List.of(done, total))));
    assertTrue(fits.converged(0), fits.statusMessage(0));
    assertEquals(List.of((long) fits.evaluations(0), 250L), seen.get(seen.size() - 1));
  }

  @Test
  void progressRisesToTheTotal() {
    FitModel model = FitModel.DECAY;
    LeastSquaresProblem problem = model.problem(0, 3000, 20, Precision.DOUBLE).build();
    for (int threads : new int[] {1, 3}) {
      List<Long> seen = Collections.synchronizedList(new ArrayList<>());
      solve(
          problem,
          LevenbergMarquardt.defaults(),
          execution()
              .withParallelism(threads)
              .withListener(
                  (done, total) -> {
                    assertEquals(3000, total);
                    seen.add(done);
                  }));
      assertTrue(seen.size() > 3, seen.toString());
      assertEquals(3000, seen.get(seen.size() - 1));
      for (int i = 1; i < seen.size(); i++) {
        assertTrue(seen.get(i - 1) <= seen.get(i), threads + " threads: " + seen);
      }
    }
  }

  @Test
  void threadsOfTheCaller() {
    AtomicInteger tasks = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      LeastSquaresProblem problem = FitModel.DECAY.problem(0, 500, 20, Precision.DOUBLE).build();
      BatchFit fits =
          solve(
              problem,
              LevenbergMarquardt.defaults(),
              execution()
                  .withExecutor(
                      task -> {
                        tasks.incrementAndGet();
                        pool.execute(task);
                      },
                      3));
      assertEquals(2, tasks.get());
      BatchFit expected = solve(problem);
      for (int i = 0; i < 500; i++) {
        assertSame(expected, i, fits, i, "own pool");
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void failuresOfListenersReachTheCaller() {
    LeastSquaresProblem problem = FitModel.DECAY.problem(0, 3000, 20, Precision.DOUBLE).build();
    IllegalStateException thrown =
        org.junit.jupiter.api.Assertions.assertThrows(
            IllegalStateException.class,
            () ->
                solve(
                    problem,
                    LevenbergMarquardt.defaults(),
                    execution()
                        .withParallelism(2)
                        .withListener(
                            (done, total) -> {
                              throw new IllegalStateException("listener");
                            })));
    assertEquals("listener", thrown.getMessage());
  }

  @Test
  void manySolvesAtOnce() throws Exception {
    List<FitModel> models = new ArrayList<>(FitModel.all());
    models.add(FitModel.exponentials(6));
    List<BatchFit> expected = new ArrayList<>();
    List<LeastSquaresProblem> problems = new ArrayList<>();
    for (FitModel model : models) {
      problems.add(model.problem(0, 150, 25, Precision.DOUBLE).build());
      expected.add(solve(problems.get(problems.size() - 1)));
    }
    // a new backend, so that all compile at the same time
    CpuBackend backend = new CpuBackend();
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Callable<BatchFit>> calls = new ArrayList<>();
      for (LeastSquaresProblem problem : problems) {
        calls.add(
            () ->
                solve(
                    backend,
                    flavour(),
                    problem,
                    LevenbergMarquardt.defaults(),
                    execution().withParallelism(2)));
      }
      for (int round = 0; round < 3; round++) {
        List<Future<BatchFit>> answers = pool.invokeAll(calls);
        for (int k = 0; k < answers.size(); k++) {
          BatchFit fits = answers.get(k).get();
          for (int i = 0; i < 150; i++) {
            assertSame(expected.get(k), i, fits, i, models.get(k) + " among others");
          }
        }
      }
    } finally {
      pool.shutdownNow();
      backend.close();
    }
  }

  @Test
  void aClosedBackendCanBeOpenedAgain() {
    LeastSquaresProblem problem = FitModel.SINE.problem(0, 50, 25, Precision.DOUBLE).build();
    BatchFit expected = solve(problem);
    for (int round = 0; round < 3; round++) {
      try (CpuBackend backend = new CpuBackend()) {
        BatchFit fits =
            solve(backend, flavour(), problem, LevenbergMarquardt.defaults(), execution());
        for (int i = 0; i < 50; i++) {
          assertSame(expected, i, fits, i, "round " + round);
        }
      }
    }
  }
}
