package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.Minimize;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.method.AugmentedLagrangian;
import org.nabla4j.method.Bfgs;
import org.nabla4j.method.ConjugateGradient;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.MinimizationMethod;
import org.nabla4j.method.NelderMead;
import org.nabla4j.method.NewtonConjugateGradient;
import org.nabla4j.method.NewtonRaphson;
import org.nabla4j.method.SequentialQuadraticProgramming;
import org.nabla4j.method.StepRule;
import org.nabla4j.result.BatchMinima;
import org.nabla4j.result.Minimum;
import org.nabla4j.result.Status;

/** Minimisation of sums over data rows that generated kernels evaluate. */
class SumMinimizationTest {

  private static final int ROWS = 30_011;

  private final double[] x = new double[ROWS];
  private final double[] y = new double[ROWS];

  SumMinimizationTest() {
    SplittableRandom random = new SplittableRandom(8);
    for (int k = 0; k < ROWS; k++) {
      x[k] = 4 * random.nextDouble() - 2;
      y[k] = random.nextDouble() < 1 / (1 + Math.exp(-(0.5 - 1.5 * x[k]))) ? 1 : 0;
    }
  }

  /** The mean over the rows, so that steps of gradient methods have a size of about 1. */
  private Minimize logistic() {
    return Minimize.of("(log(1 + exp(a + b*x)) - y*(a + b*x))/n")
        .constant("n", ROWS)
        .data("x", x)
        .data("y", y)
        .start(0, 0);
  }

  private static Execution execution(KernelPreference kernel, int threads) {
    return Execution.defaults().withKernel(kernel).withParallelism(threads);
  }

  private static Stream<MinimizationMethod> methods() {
    return Stream.of(
        NewtonRaphson.defaults(),
        NewtonConjugateGradient.defaults(),
        Bfgs.defaults(),
        LimitedMemoryBfgs.defaults(),
        ConjugateGradient.defaults(),
        GradientDescent.defaults(),
        GradientDescent.defaults()
            .withStepRule(StepRule.adam(0.02))
            .withMinibatch(500, 1)
            .withMaxIterations(600),
        NelderMead.defaults(),
        SequentialQuadraticProgramming.defaults(),
        AugmentedLagrangian.defaults());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyMethodRunsOnKernelsOfBothFlavours(MinimizationMethod method) {
    Minimize search = logistic().method(method);
    Minimum scalar = search.execution(execution(KernelPreference.SCALAR, 1)).run();
    assertTrue(scalar.kernel().startsWith("scalar double"), scalar.kernel());
    Minimum vector = search.execution(execution(KernelPreference.VECTOR, 2)).run();
    assertTrue(vector.kernel().startsWith("vector "), vector.kernel());
    assertArrayEquals(scalar.parameters(), vector.parameters(), "flavours or threads differ");
    assertEquals(scalar.value(), vector.value());
    assertEquals(scalar.evaluations(), vector.evaluations());
    assertEquals(0.5, scalar.parameter("a"), 0.1, scalar.toString());
    assertEquals(-1.5, scalar.parameter("b"), 0.1, scalar.toString());
    assertTrue(scalar.toString().contains("backend cpu (scalar double"), scalar.toString());
    if (scalar.converged()) {
      double slope = 0;
      for (int k = 0; k < ROWS; k++) {
        double eta = scalar.parameter("a") + scalar.parameter("b") * x[k];
        slope += (1 / (1 + Math.exp(-eta)) - y[k]) / ROWS;
      }
      assertEquals(0, slope, 1e-4);
    }
  }

  @Test
  void aProblemComesOutTheSameInCompany() {
    double[][] both = {y, y.clone()};
    for (int k = 0; k < ROWS; k++) {
      both[1][k] = k % 3 == 0 ? 1 : 0;
    }
    for (MinimizationMethod method : List.of(Bfgs.defaults(), NelderMead.defaults())) {
      Minimize one = logistic().method(method).execution(execution(KernelPreference.SCALAR, 2));
      BatchMinima two = one.data("y", both).runBatch();
      assertArrayEquals(one.run().parameters(), two.parameters(0));
      assertArrayEquals(one.data("y", both[1]).run().parameters(), two.parameters(1));
    }
  }

  @Test
  void whatIsFixedOrBoundedStaysSo() {
    Minimize search = logistic().execution(execution(KernelPreference.SCALAR, 2));
    Minimum fixed = search.start("a", 0.25).fix("a").run();
    assertEquals(0.25, fixed.parameter("a"));
    assertTrue(fixed.converged() && fixed.kernel().startsWith("scalar"), fixed.toString());
    Minimum bounded = search.bounds("b", -1, 0).run();
    assertEquals(-1, bounded.parameter("b"));
    assertTrue(bounded.converged(), bounded.toString());
    Minimum constrained = search.subjectTo("a + b = 0").run();
    assertEquals(0, constrained.parameter("a") + constrained.parameter("b"), 1e-9);
    assertTrue(constrained.converged(), constrained.toString());
  }

  @Test
  void fewRowsAreLeftToTheInterpreter() {
    Minimize search = logistic().data("x", Arrays.copyOf(x, 99)).data("y", Arrays.copyOf(y, 99));
    assertEquals("interpreter, double", search.run().kernel());
    Minimum vector = search.execution(execution(KernelPreference.VECTOR, 2)).run();
    assertTrue(vector.kernel().startsWith("vector "), vector.kernel());
    assertArrayEquals(search.run().parameters(), vector.parameters(), 1e-9);
  }

  @Test
  void aRowOfNaNEndsTheSearchAtItsStart() {
    y[777] = Double.NaN;
    Minimum minimum = logistic().execution(execution(KernelPreference.VECTOR, 2)).run();
    assertSame(Status.NON_FINITE, minimum.status());
    assertTrue(minimum.kernel().startsWith("vector "), minimum.kernel());
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void aNetworkLearnsByLimitedMemoryBfgs(KernelPreference kernel) {
    int hidden = 16;
    int rows = 2000;
    StringBuilder text = new StringBuilder("(z - c");
    for (int h = 0; h < hidden; h++) {
      text.append(String.format(" - w%d*tanh(b%d + u%d*x + v%d*y)", h, h, h, h));
    }
    Random random = new Random(4);
    double[] first = random.doubles(rows, -1, 1).toArray();
    double[] second = random.doubles(rows, -1, 1).toArray();
    double[] truth = new double[rows];
    double spread = 0;
    for (int k = 0; k < rows; k++) {
      truth[k] = Math.sin(3 * first[k]) * second[k];
      spread += truth[k] * truth[k] / rows;
    }
    Minimize search =
        Minimize.of(text + ")^2/" + rows).data("x", first).data("y", second).data("z", truth);
    double[] start = new double[search.parameters().size()];
    assertEquals(65, start.length);
    Arrays.setAll(start, j -> random.nextGaussian());
    Minimum minimum =
        search
            .start(start)
            .method(LimitedMemoryBfgs.defaults().withMaxIterations(150))
            .execution(execution(kernel, 2))
            .run();
    assertTrue(minimum.value() < 0.02 * spread, minimum.value() + " of " + spread);
    String flavour = kernel == KernelPreference.SCALAR ? "scalar" : "vector";
    assertTrue(minimum.kernel().startsWith(flavour), minimum.kernel());
  }

  /** A pool that turns the switch when it is asked for the n-th thread, amid an evaluation. */
  private static Executor cancelling(Cancellation cancellation, int n) {
    AtomicInteger asked = new AtomicInteger();
    return task -> {
      if (asked.incrementAndGet() == n) {
        cancellation.cancel();
      }
    };
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aSearchThatIsCancelledAmidAnEvaluationKeepsWhatItHas(MinimizationMethod method) {
    for (int n : new int[] {1, 4}) {
      Cancellation cancellation = new Cancellation();
      List<double[]> steps = new ArrayList<>();
      Minimum minimum =
          logistic()
              .method(method)
              .execution(
                  Execution.defaults()
                      .withKernel(KernelPreference.SCALAR)
                      .withCancellation(cancellation)
                      .withExecutor(cancelling(cancellation, n), 2))
              .listener((problem, iteration, theta, value, norm) -> steps.add(theta.clone()))
              .negativeLogLikelihood()
              .run();
      assertTrue(cancellation.isCancelled());
      assertSame(Status.CANCELLED, minimum.status(), n + " " + minimum);
      if (n == 1) {
        assertArrayEquals(new double[2], minimum.parameters());
        assertTrue(Double.isNaN(minimum.value()), minimum.toString());
      } else {
        assertTrue(Double.isFinite(minimum.value()), minimum.toString());
        assertTrue(minimum.value() <= Math.log(2) + 1e-12, minimum.toString());
      }
      assertTrue(Double.isNaN(minimum.standardError("a")));
      assertTrue(minimum.covarianceFailure().orElseThrow().contains("cancelled"));
    }
  }
}
