package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.NewtonResults.Problem;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.Warmth;
import org.nabla4j.method.NewtonRaphson;

/** Scalar and vector flavour of Newton's method do the same rounded operations. */
class NewtonFlavoursTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x1^4 - x1^2 + x1*x2 + x2^4",
        "exp(x1)*sin(x2) + x1^2 + x2^2/3",
        "log(1+x1^2+x2^2) - 1/(1+(x1-2)^2+x2^2)",
        "abs(x1)^1.5 + tanh(x2)*x1 + x2^2",
        "-x1 + x2^2",
        "x1 - log(x1) + sqrt(x2)"
      })
  void sameBits(String formula) {
    Random random = new Random(1);
    double[][] starts = new double[101][2];
    for (double[] start : starts) {
      start[0] = 3 * random.nextGaussian();
      start[1] = 3 * random.nextGaussian();
    }
    double[] upper = {2.5, 4};
    for (double[] lower : new double[][] {null, {-1, 0.25}}) {
      Problem problem =
          lower == null
              ? Problem.plain(formula, starts)
              : Problem.bounded(formula, starts, lower, upper);
      Execution one = Execution.defaults().withParallelism(1);
      NewtonRaphson method = NewtonRaphson.defaults();
      NewtonResults scalar = NewtonResults.of(problem, method, one, KernelPreference.SCALAR);
      NewtonResults vector = NewtonResults.of(problem, method, one, KernelPreference.VECTOR);
      for (int i = 0; i < scalar.size(); i++) {
        scalar.assertSame(i, vector, i, formula);
      }
    }
  }

  @Test
  void aBatchGoesOnWithTheOtherKernel() {
    Random random = new Random(2);
    double[][] starts = new double[20_000][2];
    for (double[] start : starts) {
      start[0] = random.nextGaussian();
      start[1] = random.nextGaussian();
    }
    Problem problem = Problem.plain("100*(x2-x1^2)^2 + (1-x1)^2", starts);
    NewtonRaphson method = NewtonRaphson.defaults();
    KernelCompiler scalar = KernelCompiler.scalar(false);
    KernelCompiler vector = KernelCompiler.vector(false).orElseThrow();
    NewtonBatch batch = problem.batch(method);
    Warmth warmth = batch.engine(scalar).kernel().warmth();
    // a third of the batch with the one kernel, the rest with the other
    Execution execution =
        Execution.defaults()
            .withParallelism(2)
            .withListener(
                (done, total) -> {
                  if (done > starts.length / 3) {
                    warmth.setHot();
                  }
                });
    NewtonResults results = new NewtonResults(problem);
    String kernel = batch.solve(execution, scalar, () -> vector, results);
    assertEquals(vector.description() + " (scalar while it warmed up)", kernel);
    NewtonResults expected =
        NewtonResults.of(problem, method, Execution.defaults(), KernelPreference.SCALAR);
    for (int i = 0; i < starts.length; i++) {
      expected.assertSame(i, results, i, "two kernels");
    }
  }

  @Test
  void withoutVectorsTheScalarKernelGoesOn() {
    Problem problem = Problem.plain("x1^4 - x1", new double[][] {{1}, {2}, {3}});
    NewtonResults results = new NewtonResults(problem);
    KernelCompiler scalar = KernelCompiler.scalar(false);
    String kernel =
        problem
            .batch(NewtonRaphson.defaults())
            .solve(Execution.defaults(), scalar, () -> null, results);
    assertEquals(scalar.description(), kernel);
    for (int i = 0; i < 3; i++) {
      assertEquals(Math.cbrt(0.25), results.theta[i][0], 1e-6);
    }
  }
}
