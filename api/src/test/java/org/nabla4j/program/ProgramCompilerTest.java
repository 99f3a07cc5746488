package org.nabla4j.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.Functions;
import org.nabla4j.program.ProgramCompiler.Options;

/** The rules of compilation, one at a time. a, b, c are parameters, x and z shared, u and v not. */
class ProgramCompilerTest {
  private static final ProgramInputs INPUTS =
      new ProgramInputs(List.of("a", "b", "c"), List.of("k"), List.of("x", "z"), List.of("u", "v"));

  private static Program compile(String... formulas) {
    return ProgramCompiler.compile(
        Arrays.stream(formulas).map(text -> Formula.parse(text).expression()).toList(),
        INPUTS,
        Options.defaults());
  }

  /** The arithmetic of one class, as in {@code "mul fma"}. */
  private static String operations(Program program, Dependence dependence) {
    List<String> names = new ArrayList<>();
    for (int id = program.start(dependence); id < program.end(dependence); id++) {
      if (program.instruction(id).opcode().arity() > 0) {
        names.add(program.instruction(id).opcode().name().toLowerCase(Locale.ROOT));
      }
    }
    return String.join(" ", names);
  }

  /** The first output, with u as given and everything else 2. */
  private static double at(double u, String formula) {
    double[] output = new double[1];
    new Interpreter(compile(formula))
        .evaluate(
            new double[] {2, 2, 2},
            new double[] {2},
            new double[] {2, 2},
            new double[] {u, 2},
            output);
    return output[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          u*v                   | mul
          u*v*u*v               | mul mul
          a*b*u                 | mul
          2*a*u*3               | mul
          a*x*b*u*z             | mul mul
          u/a                   | mul
          u/4                   | mul
          u/v                   | div
          u/a/v                 | mul div
          1/u/v                 | mul reciprocal
          a - b                 |
          a*u + b               | fma
          b - a*u               | fma
          a + b + u             | add
          a + u + b*c - 3       | add add
          a + b*x + u           | add fma
          b - u*v               | mul sub
          b - u*x               | fma
          a*u - v               | mul sub
          a*u - x               | fma
          -(u - v)              | sub
          -(u + v)              | add neg
          (u - v)*(v - u)       | sub mul neg
          a*u + b*u             | mul
          u*v + u*a             | add mul
          2*u + 2*v             | add mul
          u - v + 2*v           | add
          exp(u)                | exp
          exp(-u)               | neg exp
          exp(-(u - v))         | sub exp
          exp(-a*u)             | mul exp2
          exp(-0.5*u)           | mul exp2
          exp(u/a)              | mul exp2
          exp(a*x)              | mul exp2
          exp(a*u + b)          | fma exp
          u^2                   | mul
          u^3                   | mul mul
          u^8                   | mul mul mul
          u^-1                  | reciprocal
          u^-2                  | reciprocal mul
          u^0.5                 | sqrt
          u^-0.5                | sqrt reciprocal
          u^1.5                 | sqrt mul
          u^1                   |
          u^17                  | pow
          u^0.3                 | pow
          u^a                   | pow
          where(1, u, v*v)      |
          where(0, u, v*v)      | mul
          where(u, v, 1)        | where
          (u*u + 1)/(u*u + 1)   | fma div
          (u - a) - b           | sub sub
          u*v*(u*v + 1)         | fma mul mul
          """)
  void pointLevelOperations(String formula, String operations) {
    Program program = compile(formula);
    assertEquals(
        operations == null ? "" : operations,
        operations(program, Dependence.POINT),
        program::toString);
  }

  @Test
  void parameterWorkIsDoneOncePerEvaluationAndSharedWorkOncePerBatch() {
    Program program = compile("a*exp(b)*x^2*log(z)*u");
    assertEquals("exp mul", operations(program, Dependence.PARAMETER), program::toString);
    assertEquals("log mul mul", operations(program, Dependence.SHARED), program::toString);
    assertEquals("mul mul", operations(program, Dependence.POINT), program::toString);
  }

  @Test
  void problemConstantsAreLikeParameters() {
    assertEquals("mul", operations(compile("u*k*a"), Dependence.POINT));
    assertEquals("mul", operations(compile("u*k*a"), Dependence.PARAMETER));
  }

  @Test
  void productsShareWhatTheyHaveInCommon() {
    assertEquals("mul mul mul", operations(compile("u*v", "u*v*u", "v*u*v"), Dependence.POINT));
    assertEquals("exp mul mul", operations(compile("exp(u)*v*v", "exp(u)*v"), Dependence.POINT));
  }

  @Test
  void differenceOfColumnAndParameterKeepsItsDigits() {
    // 1e9 + 1e-3 is rounded; (x - a) is exact.
    Program program = compile("(x - a) - b", "((x - a) - b)/c");
    double[] outputs = new double[2];
    new Interpreter(program)
        .evaluate(
            new double[] {1e9, 1e-3, 4},
            new double[1],
            new double[] {1e9 + 1, 0},
            new double[2],
            outputs);
    assertEquals(0.999, outputs[0]);
    assertEquals(0.999 / 4, outputs[1]);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0*u", "u - u", "u/u", "u^2/u", "1/u*u", "a*u - a*u", "0*(1/u)", "min(u, u)"})
  void nanStaysNan(String formula) {
    assertTrue(Double.isNaN(at(Double.NaN, formula)), formula);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0*u", "u - u", "u/u", "u^2/u", "1/u*u", "2*u - 2*u", "u*a - a*u"})
  void infinityHasNoDifferenceAndNoQuotient(String formula) {
    assertTrue(Double.isNaN(at(Double.POSITIVE_INFINITY, formula)), formula);
  }

  @ParameterizedTest
  @ValueSource(strings = {"u/u", "u^2/u", "1/u*u", "0/u", "u/(u - u)", "(u - u)/0"})
  void zeroByZeroIsNan(String formula) {
    assertTrue(Double.isNaN(at(0.0, formula)), formula);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          u/0       | 3     | Infinity
          u/0       | -3    | -Infinity
          u*1e-200*1e-200 | 1e300 | 1e-100
          u*1e200*1e200 | 1e-300 | 1e100
          u/1e-320  | 1e-320 | 1
          pow(u, 0) | NaN   | 1
          where(u < 1, 5, 1/0) | 0 | 5
          log(0*u)  | 1     | -Infinity
          """)
  void specialNumbers(String formula, double u, double expected) {
    double actual = at(u, formula);
    assertEquals(expected, actual, 1e-15 * Math.min(Math.abs(expected), 1e300));
  }

  @Test
  void constantsAreFolded() {
    Program program = compile("2*3 + sin(0) + 2^0.5*0", "where(1 < 2, 4, u)");
    assertEquals(2, program.size());
    assertEquals(Instruction.constant(6.0), program.instruction(0));
    assertEquals(Instruction.constant(4.0), program.instruction(1));
  }

  @Test
  void outputsComeInTheOrderAskedFor() {
    Program program = compile("u", "v", "u");
    int[] outputs = program.outputs();
    assertEquals(outputs[0], outputs[2]);
    assertNotEquals(outputs[0], outputs[1]);
    assertEquals(INPUTS, program.inputs());
  }

  @Test
  void writtenDifferentlyTheSameProgram() {
    assertEquals(
        compile("a*exp(-0.5*((x-b)/c)^2)").contentKey(),
        compile("exp((b-x)*(x-b)/(2*c*c))*a").contentKey());
  }

  @Test
  void optionsAreValues() {
    Options options = Options.defaults();
    assertTrue(options.fma());
    assertFalse(options.stream());
    assertEquals(new Options(false, true), options.withFma(false).withStream(true));
  }

  @Test
  void nullsAreRefusedByName() {
    NullPointerException thrown =
        assertThrows(
            NullPointerException.class, () -> ProgramCompiler.compile(List.of(), null, null));
    assertEquals("inputs", thrown.getMessage());
  }

  // ------------------------------------------------------------------- size

  private static final Expression X = Expression.symbol("x");
  private static final Expression B = Expression.symbol("b");

  private static Program inTime(List<Expression> outputs, ProgramInputs inputs) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(60), () -> ProgramCompiler.compile(outputs, inputs, Options.defaults()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sum", "product", "doubling", "squaring", "horner", "nested", "prefix"})
  void deepExpressionsTakeLinearTimeAndNoStack(String shape) {
    Expression e = X;
    int depth = 10_000;
    List<Expression> outputs = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      e =
          switch (shape) {
            case "sum" -> e.plus(B.times(i).sin());
            case "product" -> e.times(X.plus(i));
            case "doubling" -> e.plus(e);
            case "squaring" -> e.times(e);
            case "horner" -> e.times(B).plus(X);
            case "nested" -> e.times(B).plus(X).sin();
            case "prefix" -> e.times(X.plus(i));
            default -> throw new IllegalArgumentException(shape);
          };
      if (shape.equals("prefix")) {
        outputs.add(e);
      }
    }
    outputs.add(e);
    Program program = inTime(outputs, INPUTS);
    assertTrue(program.size() <= 4 * depth, () -> "size " + program.size());
  }

  /** Powers that would be too large together leave one product whole within the other. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "A*(-0.25)*(A*(u + 1)*(u + 7)/0.5)",
        "A*(-0.25)*((A*u + A)*(A*u + 7)/0.5)",
        "A*(-0.25)/((u + 1)*(u + 7)*4/A)",
        "(2*A*u)^2"
      })
  void numbersInFactorsThatStayWholeCount(String shape) {
    String formula = shape.replace("A", "((a*a)^4*(a*a))^4");
    for (double u : new double[] {0.5, 2, 3}) {
      double expected = Formula.parse(formula).expression().evaluate(Map.of("a", 2.0, "u", u));
      assertEquals(expected, at(u, formula), 1e-13 * Math.abs(expected), formula);
    }
  }

  @Test
  void hessianOfThreeHundredParametersCompiles() {
    List<String> names = IntStream.range(0, 300).mapToObj(i -> "p" + i).toList();
    Expression f = Expression.constant(0);
    for (int i = 0; i < 300; i += 2) {
      Expression decay = Functions.exp(Expression.symbol("p" + (i + 1)).negate().times(X));
      f = f.plus(Expression.symbol("p" + i).times(decay));
    }
    Expression objective = f.minus(Expression.symbol("u")).pow(2);
    List<Expression> outputs = new ArrayList<>();
    outputs.add(objective);
    outputs.addAll(Derivatives.gradient(objective, names));
    List<List<Expression>> hessian = Derivatives.hessian(objective, names);
    for (int i = 0; i < 300; i++) {
      outputs.addAll(hessian.get(i).subList(0, i + 1));
    }
    Program program =
        inTime(outputs, new ProgramInputs(names, List.of(), List.of("x"), List.of("u")));
    assertEquals(1 + 300 + 300 * 301 / 2, program.outputs().length);
    // At most two operations for each entry of the Hessian.
    assertTrue(program.size() < 100_000, () -> "size " + program.size());
  }
}
