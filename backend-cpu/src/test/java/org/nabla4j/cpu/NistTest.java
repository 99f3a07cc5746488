package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.CurveFit;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;

/** The NIST Statistical Reference Datasets through the front door, with default options. */
class NistTest {

  /** Digits that every parameter must have in common with the certified value. */
  private static final double PARAMETER_DIGITS = 8;

  /** Digits that every standard deviation must have. */
  private static final double DEVIATION_DIGITS = 6;

  /** √ftol: a single parameter could then reduce the cost by the tolerance at most. */
  private static final double LARGEST_COSINE = 1.22e-4;

  /** Starts for each data set and spread. */
  private static final int FAR_STARTS = 100;

  static Stream<Arguments> fits() {
    return NistProblem.NAMES.stream()
        .flatMap(
            name ->
                Stream.of(KernelPreference.SCALAR, KernelPreference.VECTOR)
                    .flatMap(
                        kernel -> IntStream.of(1, 2).mapToObj(s -> Arguments.of(name, kernel, s))));
  }

  private static double digits(double value, double certified) {
    double error = Math.abs(value / certified - 1);
    return error == 0 ? 16 : -Math.log10(error);
  }

  @ParameterizedTest(name = "{0} {1} start {2}")
  @MethodSource("fits")
  void certifiedValuesAreFound(String name, KernelPreference kernel, int start) {
    NistProblem problem = NistProblem.read(name);
    FitResult fit =
        problem
            .fit(problem.start(start))
            .execution(Execution.defaults().withKernel(kernel))
            .fit(problem.x(), problem.y());
    String expected = kernel == KernelPreference.VECTOR ? "vector" : "scalar";
    assertTrue(fit.kernel().startsWith(expected), fit.kernel());
    assertTrue(fit.converged(), fit::statusMessage);
    List<String> parameters = problem.parameters();
    for (int j = 0; j < parameters.size(); j++) {
      double value = fit.parameter(parameters.get(j));
      double error = fit.standardError(parameters.get(j));
      String which = parameters.get(j) + " = " + value + " ± " + error + ", " + fit.statusMessage();
      assertTrue(digits(value, problem.certified()[j]) >= PARAMETER_DIGITS, which);
      // Lanczos1 has data of 14 digits and no noise: its deviations are rounding of the data
      if (!name.equals("Lanczos1")) {
        assertTrue(digits(error, problem.deviations()[j]) >= DEVIATION_DIGITS, which);
      }
    }
  }

  static List<String> names() {
    return NistProblem.NAMES;
  }

  /** From far starts a fit may fail, or find another minimum, but must not claim what is wrong. */
  @ParameterizedTest
  @MethodSource("names")
  void noFitThatClaimsSuccessIsWrong(String name) {
    NistProblem problem = NistProblem.read(name);
    double[] certified = problem.certified();
    List<String> names = problem.parameters();
    List<String> order = CurveFit.of(problem.formula()).columns("x").parameters();
    double rounding = 1e-20 * Arrays.stream(problem.y()).map(y -> y * y).sum();
    int seed = 5 + name.hashCode();
    Random random = new Random(seed);
    for (double spread : new double[] {3, 10}) {
      double[][] starts = new double[FAR_STARTS][certified.length];
      double[][] rows = new double[FAR_STARTS][];
      Arrays.fill(rows, problem.y());
      for (double[] start : starts) {
        for (int j = 0; j < start.length; j++) {
          double center = certified[names.indexOf(order.get(j))];
          start[j] = center * Math.pow(spread, 2 * random.nextDouble() - 1);
        }
      }
      BatchFit fits = CurveFit.of(problem.formula()).starts(starts).fitBatch(problem.x(), rows);
      for (int i = 0; i < FAR_STARTS; i++) {
        double excess = Math.abs(fits.chiSquared(i) - problem.squares());
        if (fits.converged(i) && excess > 1e-6 * problem.squares() + rounding) {
          int index = i;
          double[] theta = names.stream().mapToDouble(n -> fits.parameter(index, n)).toArray();
          double cosine = largestCosine(problem, theta);
          assertTrue(
              cosine <= LARGEST_COSINE,
              () ->
                  "seed "
                      + seed
                      + ", spread "
                      + spread
                      + ", start "
                      + Arrays.toString(starts[index])
                      + ": cosine "
                      + cosine
                      + ", "
                      + fits.get(index));
        }
      }
    }
  }

  /** Largest cosine between the residuals and a column of the Jacobian, by an interpreter. */
  private static double largestCosine(NistProblem problem, double[] theta) {
    Formula formula = Formula.parse(problem.formula());
    List<String> names = problem.parameters();
    List<Expression> outputs = new ArrayList<>();
    outputs.add(formula.expression());
    outputs.addAll(Derivatives.gradient(formula.expression(), names));
    Program program =
        ProgramCompiler.compile(
            outputs,
            new ProgramInputs(names, List.of(), List.of("x"), List.of()),
            ProgramCompiler.Options.defaults());
    Interpreter interpreter = new Interpreter(program);
    int p = names.size();
    double[] row = new double[1 + p];
    double[] products = new double[p];
    double[] squares = new double[p];
    double residualSquares = 0;
    double[] x = problem.x();
    double[] y = problem.y();
    for (int i = 0; i < x.length; i++) {
      interpreter.evaluate(theta, new double[0], new double[] {x[i]}, new double[0], row);
      double r = row[0] - y[i];
      residualSquares += r * r;
      for (int j = 0; j < p; j++) {
        products[j] += r * row[1 + j];
        squares[j] += row[1 + j] * row[1 + j];
      }
    }
    double largest = 0;
    for (int j = 0; j < p; j++) {
      largest = Math.max(largest, Math.abs(products[j]) / Math.sqrt(squares[j] * residualSquares));
    }
    return largest;
  }
}
