package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.minimize.Abandoned;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.SummedObjective;
import org.nabla4j.objective.TwiceDifferentiableObjective;

/** Generated kernels of sums over rows against the interpreter, in both flavours. */
class CompiledObjectiveTest {

  private static final KernelCompiler SCALAR = KernelCompiler.scalar(false);
  private static final Supplier<KernelCompiler> VECTORS =
      new Supplier<>() {
        private final KernelCompiler compiler = KernelCompiler.vector(false).orElseThrow();

        @Override
        public KernelCompiler get() {
          return compiler;
        }
      };

  private static final String POISSON = "exp(a + b*x) - y*(a + b*x) + c^2*x^2";

  private static CompiledObjective compiled(FormulaObjective formula, Execution execution) {
    return new CompiledObjective(formula, SCALAR, VECTORS, execution, execution.parallelism());
  }

  private static CompiledObjective compiled(FormulaObjective formula, KernelPreference kernel) {
    return compiled(formula, Execution.defaults().withKernel(kernel).withParallelism(2));
  }

  private static FormulaObjective formula(String text, double[] x, double[] y) {
    return FormulaObjective.of(
            Formula.parse(text).expression(), RandomTerms.PARAMETERS, List.of(), List.of("x", "y"))
        .data("x", Column.shared(x))
        .data("y", Column.shared(y));
  }

  /** f, then ∇f, H, H·v, and f and ∇f again as all functions give them, for each point. */
  private static double[] everything(TwiceDifferentiableObjective f, Points points, double[] v) {
    int b = points.count();
    int p = points.parameters();
    double[] values = new double[b];
    double[] slopes = new double[b * p];
    double[] others = new double[b];
    double[] gradients = new double[b * p];
    double[] again = new double[b];
    double[] gradientsAgain = new double[b * p];
    double[] hessians = new double[b * p * p];
    f.values(points, values);
    f.gradients(points, others, gradients);
    f.hessians(points, again, gradientsAgain, hessians);
    f.hessianProducts(points, v, slopes);
    return IntStream.of(0)
        .boxed()
        .flatMapToDouble(
            i ->
                Arrays.stream(
                        new double[][] {
                          values, gradients, hessians, slopes, others, again, gradientsAgain
                        })
                    .flatMapToDouble(Arrays::stream))
        .toArray();
  }

  @Property(tries = 80, shrinking = ShrinkingMode.OFF)
  void randomFormulasAreSummedUpAsByTheInterpreter(@ForAll long seed) {
    RandomTerms random = new RandomTerms(seed);
    int n = 1 + random.index(40);
    double[] x = random.numbers(n);
    double[] y = random.numbers(n);
    FormulaObjective all =
        FormulaObjective.of(random.draw(), RandomTerms.PARAMETERS, List.of("k"), List.of("x", "y"));
    all = all.constant("k", Column.shared(random.numbers(1)));
    Points points = new Points(random.numbers(6), new long[2], 2, 3);
    double[] v = random.numbers(6);
    double[] size = new double[0];
    for (int i = 0; i < n; i++) {
      FormulaObjective row = all.data("x", Column.shared(x[i])).data("y", Column.shared(y[i]));
      double[] one = everything(row, points, v);
      size = size.length == 0 ? new double[one.length] : size;
      for (int e = 0; e < one.length; e++) {
        size[e] += 1 + Math.abs(one[e]);
      }
    }
    FormulaObjective sum = all.data("x", Column.shared(x)).data("y", Column.shared(y));
    double[] expected = everything(sum, points, v);
    double[] scalar = everything(compiled(sum, KernelPreference.SCALAR), points, v);
    double[] vector = everything(compiled(sum, KernelPreference.VECTOR), points, v);
    for (int e = 0; e < expected.length; e++) {
      assertEquals(expected[e], vector[e], 1e-12 * size[e], "entry " + e + " of " + sum);
    }
    assertArrayEquals(scalar, vector, "flavours differ for " + sum);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 8, 9, 15, 16, 17, 511, 512, 513, 1024, 131_072 + 517, 300_001})
  void awkwardNumbersOfRows(int n) {
    Random random = new Random(n);
    double[] x = random.doubles(n, -1, 1).toArray();
    double[] y = random.doubles(n, 0, 3).toArray();
    FormulaObjective formula = formula(POISSON, x, y);
    Points points = Points.of(0.3, -0.7, 0.2);
    double[] v = {1, -2, 0.5};
    double[] expected = everything(formula, points, v);
    CompiledObjective scalar = compiled(formula, KernelPreference.SCALAR);
    CompiledObjective vector = compiled(formula, KernelPreference.VECTOR);
    double[] found = everything(vector, points, v);
    for (int e = 0; e < expected.length; e++) {
      assertEquals(expected[e], found[e], 2e-15 * 8 * n, "entry " + e);
    }
    assertArrayEquals(everything(scalar, points, v), found);
    assertEquals(n, vector.terms());
    assertTrue(scalar.description().startsWith("scalar double"), scalar.description());
    String kernel = n < KernelCompiler.streamLanes() ? "scalar double" : "vector";
    assertTrue(vector.description().startsWith(kernel), vector.description());
  }

  @Test
  void threadsDoNotChangeABit() {
    SplittableRandom random = new SplittableRandom(5);
    double[] x = random.doubles(400_003, -1, 1).toArray();
    double[] y = random.doubles(400_003, 0, 3).toArray();
    FormulaObjective formula = formula(POISSON, x, y);
    Points points = Points.of(0.3, -0.7, 0.2);
    double[] v = {1, -2, 0.5};
    for (KernelPreference kernel : KernelPreference.values()) {
      Execution one = Execution.defaults().withKernel(kernel).withParallelism(1);
      double[] expected = everything(compiled(formula, one), points, v);
      for (int threads : new int[] {2, 3, 5}) {
        double[] found = everything(compiled(formula, one.withParallelism(threads)), points, v);
        assertArrayEquals(expected, found, kernel + ", threads = " + threads);
      }
    }
  }

  @Test
  void nothingIsLostOverManyRows() {
    // 0.1 is none of the doubles, so that each addition rounds, the same way for a while
    int n = 3_000_000;
    double[] x = new double[n];
    Arrays.fill(x, 0.1);
    CompiledObjective sum = compiled(formula("a*x + b + c*y", x, x), KernelPreference.VECTOR);
    double exact = 0.1 * n; // rounded once
    // what the lanes of one block may lose, however many blocks there are
    assertEquals(exact, sum.value(1, 0, 0), 2e-15 * exact);
    assertArrayEquals(new double[] {exact, n, exact}, sum.gradient(2, 1, 3), 2e-15 * exact);
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void whatIsNotFiniteIsToldAsByTheInterpreter(KernelPreference kernel) {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      for (int place : new int[] {0, 600, 1204}) {
        double[] x = new SplittableRandom(1).doubles(1205, -1, 1).toArray();
        double[] y = x.clone();
        y[place] = bad;
        FormulaObjective formula = formula("(a - y)^2 + b*x + c", x, y);
        CompiledObjective sum = compiled(formula, kernel);
        double[] theta = {1, 2, 3};
        assertEquals(formula.value(theta), sum.value(theta), "f with " + bad + " at " + place);
        assertArrayEquals(formula.gradient(theta), sum.gradient(theta), 1e-12);
        assertFalse(Double.isFinite(sum.gradient(theta)[0]));
        assertEquals(1205, sum.gradient(theta)[2]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void columnsOfEveryKindAreReadRight(KernelPreference kernel) {
    int n = 1111;
    int problems = 3;
    Random random = new Random(2);
    float[][] floats = new float[problems][n];
    double[] flat = new double[problems * n];
    double[][] rows = new double[problems][n];
    for (int i = 0; i < problems; i++) {
      for (int k = 0; k < n; k++) {
        floats[i][k] = random.nextFloat();
        rows[i][k] = floats[i][k];
        flat[i * n + k] = floats[i][k];
      }
    }
    FormulaObjective plain = formula(POISSON, rows[1], rows[1]);
    double[] theta = {0.3, -0.7, 0.2};
    double[] expected = compiled(plain, kernel).gradient(theta);
    List<Column> columns =
        List.of(
            Column.shared(floats[1]),
            Column.perProblem(floats),
            Column.perProblem(rows),
            Column.perProblem(flat, n),
            Column.concatenatePoints(
                List.of(
                    Column.shared(Arrays.copyOf(rows[1], 700)),
                    Column.shared(Arrays.copyOfRange(floats[1], 700, n)))));
    double[] value = new double[1];
    double[] gradient = new double[3];
    for (Column column : columns) {
      SummedObjective sum =
          compiled(plain.data("x", column).data("y", Column.shared(rows[1])), kernel);
      sum.gradients(new Points(theta, new long[] {1}, 1, 3), value, gradient);
      assertArrayEquals(expected, gradient, column.toString());
    }
  }

  @Test
  void constantsAreThoseOfTheProblem() {
    double[] x = new SplittableRandom(1).doubles(900, -1, 1).toArray();
    FormulaObjective formula =
        FormulaObjective.of(
                Formula.parse("(a - k*x)^2").expression(), List.of("a"), List.of("k"), List.of("x"))
            .constant("k", Column.perProblem(new double[] {1, 2, 5}, 1))
            .data("x", Column.shared(x));
    CompiledObjective sum = compiled(formula, KernelPreference.VECTOR);
    Points points = new Points(new double[] {2, -1, 2}, new long[] {2, 0, 1}, 3, 1);
    double[] expected = new double[3];
    double[] found = {7, 7, 7};
    formula.values(points, expected);
    sum.values(points, found);
    assertArrayEquals(expected, found, 1e-14 * expected[0]);
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void someOfTheRowsAreSummedUp(KernelPreference kernel) {
    int n = 5000;
    double[] x = new SplittableRandom(1).doubles(n, -1, 1).toArray();
    float[] y = new float[n];
    Arrays.setAll(x, k -> Math.sin(k));
    for (int k = 0; k < n; k++) {
      y[k] = k % 3;
    }
    FormulaObjective formula = formula(POISSON, x, x).data("y", Column.shared(y));
    CompiledObjective sum = compiled(formula, kernel);
    int[] order = IntStream.range(0, n).map(k -> (int) (k * 2711L % n)).toArray();
    Points point = Points.of(0.3, -0.7, 0.2);
    for (int size : new int[] {0, 1, 7, 8, 33, 513, 2000}) {
      double[] expected = new double[4];
      double[] found = new double[4];
      double[] gradient = new double[3];
      formula.gradients(point, order, 100, 100 + size, expected, gradient);
      System.arraycopy(gradient, 0, expected, 1, 3);
      sum.gradients(point, order, 100, 100 + size, found, gradient);
      System.arraycopy(gradient, 0, found, 1, 3);
      assertArrayEquals(expected, found, 1e-14 * (1 + size), "size = " + size);
    }
    int[] wrong = {3, n};
    assertThrows(
        IndexOutOfBoundsException.class,
        () -> sum.gradients(point, wrong, 0, 2, new double[1], new double[3]));
  }

  @ParameterizedTest
  @EnumSource(names = {"SCALAR", "VECTOR"})
  void aSumThatIsZeroOrConstantNeedsNoRows(KernelPreference kernel) {
    double[] x = new double[37];
    CompiledObjective sum = compiled(formula("2*a + 3*b + c*(x+y)", x, x), kernel);
    double[] theta = {1, 2, 3};
    assertEquals(37 * 8, sum.value(theta));
    assertArrayEquals(new double[] {74, 111, 0}, sum.gradient(theta));
    assertArrayEquals(new double[3][3], sum.hessian(theta));
    double[] product = {1, 1, 1};
    sum.hessianProducts(Points.of(theta), theta, product);
    assertArrayEquals(new double[3], product);
  }

  @Test
  void whatIsCancelledMidwayIsAbandoned() {
    double[] x = new double[1 << 20];
    Cancellation cancellation = new Cancellation();
    // the pool is asked for a second thread once an evaluation has begun
    Execution execution =
        Execution.defaults()
            .withCancellation(cancellation)
            .withKernel(KernelPreference.SCALAR)
            .withExecutor(task -> cancellation.cancel(), 2);
    CompiledObjective sum = compiled(formula(POISSON, x, x), execution);
    assertFalse(cancellation.isCancelled());
    assertThrows(Abandoned.class, () -> sum.value(1, 2, 3));
    assertTrue(cancellation.isCancelled());
  }

  @Test
  void theNumberOfRowsAndOperationsDecides() {
    double[] few = new double[100];
    double[] many = new double[1 << 17];
    FormulaObjective small = formula(POISSON, few, few);
    FormulaObjective large = formula(POISSON, many, many);
    FormulaObjective plain = FormulaObjective.of(Formula.parse("a^2").expression(), List.of("a"));
    assertFalse(CompiledObjective.isWorthwhile(small, KernelPreference.AUTO));
    assertTrue(CompiledObjective.isWorthwhile(large, KernelPreference.AUTO));
    assertTrue(CompiledObjective.isWorthwhile(small, KernelPreference.SCALAR));
    assertTrue(CompiledObjective.isWorthwhile(small, KernelPreference.VECTOR));
    assertFalse(CompiledObjective.isWorthwhile(plain, KernelPreference.VECTOR));
  }

  /** A network of hidden units of two inputs. */
  private static FormulaObjective network(int hidden, int n) {
    StringBuilder text = new StringBuilder("(y - c");
    List<String> names = new ArrayList<>(List.of("c"));
    for (int h = 0; h < hidden; h++) {
      text.append(String.format(" - w%d*tanh(b%d + u%d*x + v%d*z)", h, h, h, h));
      names.addAll(List.of("w" + h, "b" + h, "u" + h, "v" + h));
    }
    FormulaObjective formula =
        FormulaObjective.of(
            Formula.parse(text + ")^2").expression(), names, List.of(), List.of("y", "x", "z"));
    for (String name : formula.columns()) {
      double[] values = new Random(name.hashCode()).doubles(n, -1, 1).toArray();
      formula = formula.data(name, Column.shared(values));
    }
    return formula;
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 18, 60})
  void networksOfManyWeightsAreCutIntoMethods(int hidden) {
    FormulaObjective formula = network(hidden, 700);
    int p = formula.parameters().size();
    double[] theta = new Random(1).doubles(p, -1, 1).toArray();
    double[] v = new Random(2).doubles(p, -1, 1).toArray();
    double[] expected = formula.gradient(theta);
    double[] product = new double[p];
    formula.hessianProducts(Points.of(theta), v, product);
    double[] scalar = null;
    for (KernelPreference kernel : List.of(KernelPreference.SCALAR, KernelPreference.VECTOR)) {
      CompiledObjective sum = compiled(formula, kernel);
      double[] found = sum.gradient(theta);
      assertArrayEquals(expected, found, 1e-11);
      scalar = scalar == null ? found : scalar;
      assertArrayEquals(scalar, found);
      double[] foundProduct = new double[p];
      sum.hessianProducts(Points.of(theta), v, foundProduct);
      assertArrayEquals(product, foundProduct, 1e-10);
      String flavour = kernel == KernelPreference.SCALAR ? "scalar" : "vector";
      assertTrue(sum.description().startsWith(flavour), sum.description());
    }
  }

  @Test
  void aHessianThatIsTooLargeIsLeftToTheInterpreter() {
    FormulaObjective formula = network(18, 40);
    int p = formula.parameters().size();
    double[] theta = new Random(1).doubles(p, -1, 1).toArray();
    CompiledObjective sum = compiled(formula, KernelPreference.SCALAR);
    assertEquals(formula.value(theta), sum.value(theta), 1e-12);
    assertArrayEquals(formula.hessian(theta), sum.hessian(theta));
    String description = sum.description();
    assertTrue(description.startsWith("scalar double"), description);
    assertTrue(description.endsWith(", interpreter for the Hessian"), description);
  }

  @Test
  void vectorsTakeOverWhenTheyAreWarm() {
    double[] x = new SplittableRandom(5).doubles(1 << 17, -1, 1).toArray();
    FormulaObjective formula = formula("log(1 + exp(a + b*x)) - y*(a + b*x) + c^2", x, x);
    double[] theta = {0.3, -0.7, 0.2};
    double[] expected = compiled(formula, KernelPreference.SCALAR).gradient(theta);
    long start = System.nanoTime();
    String description = "";
    while (!description.startsWith("vector") && System.nanoTime() - start < 60e9) {
      CompiledObjective sum = compiled(formula, KernelPreference.AUTO);
      assertArrayEquals(expected, sum.gradient(theta));
      description = sum.description();
    }
    assertTrue(description.startsWith("vector"), description);
  }
}
