package org.nabla4j.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.expression.Functions;
import org.nabla4j.program.ProgramCompiler.Options;

/** Residuals and rows of the Jacobian: right values, and no more work than is needed. */
class LeastSquaresProgramTest {
  private static final String DECAY = "a*exp(-b*x)+c";
  private static final String GAUSSIAN = "a*exp(-0.5*((x-m)/s)^2)+c";
  private static final String GAUSSIAN_2D = "a*exp(-((x-m)^2+(z-n)^2)/(2*s^2))+c";
  private static final String HAHN1 = "(b1+b2*x+b3*x^2+b4*x^3)/(1+b5*x+b6*x^2+b7*x^3)";

  /** A model with start values and data points of the collection that it comes from. */
  private record Case(
      String name, String model, List<List<Double>> parameters, List<List<Double>> points) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Models of the NIST Statistical Reference Datasets for nonlinear regression, with both start
   * values and a few (x, y) of each.
   */
  static Stream<Case> nist() {
    return Stream.of(
        new Case(
            "BoxBOD",
            "b1*(1-exp(-b2*x))",
            List.of(List.of(1.0, 1.0), List.of(100.0, 0.75)),
            List.of(List.of(1.0, 109.0), List.of(5.0, 191.0), List.of(10.0, 224.0))),
        new Case(
            "Chwirut1",
            "exp(-b1*x)/(b2+b3*x)",
            List.of(List.of(0.1, 0.01, 0.02), List.of(0.15, 0.008, 0.010)),
            List.of(List.of(0.5, 92.9), List.of(0.75, 60.8), List.of(5.0, 9.0))),
        new Case(
            "DanWood",
            "b1*x^b2",
            List.of(List.of(1.0, 5.0), List.of(0.7, 4.0)),
            List.of(List.of(1.309, 2.138), List.of(1.471, 3.421), List.of(1.565, 4.34))),
        new Case(
            "Eckerle4",
            "(b1/b2) * exp(-0.5*((x-b3)/b2)^2)",
            List.of(List.of(1.0, 10.0, 500.0), List.of(1.5, 5.0, 450.0)),
            List.of(List.of(436.5, 0.0065895), List.of(448.5, 0.2902366))),
        new Case(
            "Gauss1",
            "b1*exp( -b2*x ) + b3*exp( -(x-b4)^2 / b5^2 ) + b6*exp( -(x-b7)^2 / b8^2 )",
            List.of(
                List.of(97.0, 0.009, 100.0, 65.0, 20.0, 70.0, 178.0, 16.5),
                List.of(94.0, 0.0105, 99.0, 63.0, 25.0, 71.0, 180.0, 20.0)),
            List.of(List.of(1.0, 97.62227), List.of(63.0, 148.2647), List.of(187.0, 74.50327))),
        new Case(
            "Hahn1",
            HAHN1,
            List.of(
                List.of(10.0, -1.0, 0.05, -0.00001, -0.05, 0.001, -0.000001),
                List.of(1.0, -0.1, 0.005, -0.000001, -0.005, 0.0001, -0.0000001)),
            List.of(List.of(24.41, 0.591), List.of(223.73, 14.93), List.of(813.05, 21.085))),
        new Case(
            "Lanczos3",
            "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)",
            List.of(List.of(1.2, 0.3, 5.6, 5.5, 6.5, 7.6), List.of(0.5, 0.7, 3.6, 4.2, 4.0, 6.3)),
            List.of(List.of(0.0, 2.5134), List.of(0.3, 0.7679), List.of(0.9, 0.1138))),
        new Case(
            "MGH09",
            "b1*(x^2+x*b2) / (x^2+x*b3+b4)",
            List.of(List.of(25.0, 39.0, 41.5, 39.0), List.of(0.25, 0.39, 0.415, 0.39)),
            List.of(List.of(4.0, 0.1957), List.of(1.0, 0.1735), List.of(0.125, 0.0456))),
        new Case(
            "MGH10",
            "b1 * exp(b2/(x+b3))",
            List.of(List.of(2.0, 400000.0, 25000.0), List.of(0.02, 4000.0, 250.0)),
            List.of(List.of(50.0, 34780.0), List.of(70.0, 16370.0), List.of(110.0, 4427.0))),
        new Case(
            "Misra1b",
            "b1 * (1-(1+b2*x/2)^(-2))",
            List.of(List.of(500.0, 0.0001), List.of(300.0, 0.0002)),
            List.of(List.of(77.6, 10.07), List.of(477.3, 55.05))),
        new Case(
            "Misra1c",
            "b1 * (1-(1+2*b2*x)^(-.5))",
            List.of(List.of(500.0, 0.0001), List.of(600.0, 0.0002)),
            List.of(List.of(77.6, 10.07), List.of(477.3, 55.05))),
        new Case(
            "Rat42",
            "b1 / (1+exp(b2-b3*x))",
            List.of(List.of(100.0, 1.0, 0.1), List.of(75.0, 2.5, 0.07)),
            List.of(List.of(9.0, 8.93), List.of(21.0, 18.59), List.of(79.0, 67.08))),
        new Case(
            "Roszman1",
            "b1 - b2*x - atan(b3/(x-b4))/pi",
            List.of(
                List.of(0.1, -0.00001, 1000.0, -100.0), List.of(0.2, -0.000005, 1200.0, -150.0)),
            List.of(List.of(-4868.68, 0.252429), List.of(-996.61, 0.506641))),
        new Case(
            "Thurber",
            "(b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3)",
            List.of(
                List.of(1000.0, 1000.0, 400.0, 40.0, 0.7, 0.3, 0.03),
                List.of(1300.0, 1500.0, 500.0, 75.0, 1.0, 0.4, 0.05)),
            List.of(List.of(-3.067, 80.574), List.of(0.119, 1327.543), List.of(2.049, 1376.0))));
  }

  @ParameterizedTest
  @MethodSource("nist")
  void rowIsTheGradientOfTheResidual(Case model) {
    for (boolean fma : new boolean[] {true, false}) {
      for (boolean stream : new boolean[] {true, false}) {
        check(model, null, Options.defaults().withFma(fma).withStream(stream));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("nist")
  void lossScalesResidualAndRow(Case model) {
    LossFunction cauchy =
        new LossFunction() {
          @Override
          public Expression rho(Expression s) {
            return Functions.log1p(s);
          }

          @Override
          public Expression weight(Expression s) {
            return Expression.constant(1).dividedBy(s.plus(1));
          }
        };
    check(model, cauchy, Options.defaults());
  }

  private static void check(Case model, LossFunction loss, Options options) {
    int p = model.parameters.get(0).size();
    List<String> names = new ArrayList<>();
    for (int j = 1; j <= p; j++) {
      names.add("b" + j);
    }
    Expression residual = parse(model.model).minus(Expression.symbol("y"));
    List<Expression> gradient = Derivatives.gradient(residual, names);
    Expression cost = residual.times(residual).times(0.5);
    Expression factor = Expression.constant(1);
    if (loss != null) {
      cost = loss.rho(residual.times(residual)).times(0.5);
      factor = loss.weight(residual.times(residual)).sqrt();
    }
    ProgramInputs inputs = new ProgramInputs(names, List.of(), List.of("x"), List.of("y"));
    LeastSquaresProgram program = LeastSquaresProgram.of(residual, inputs, loss, options);
    Interpreter interpreter = new Interpreter(program.program());
    double[] outputs = new double[program.program().outputs().length];
    for (List<Double> start : model.parameters) {
      for (List<Double> point : model.points) {
        Map<String, Double> values = new HashMap<>(Map.of("x", point.get(0), "y", point.get(1)));
        double[] theta = new double[p];
        for (int j = 0; j < p; j++) {
          theta[j] = start.get(j);
          values.put(names.get(j), theta[j]);
        }
        interpreter.evaluate(
            theta,
            new double[0],
            new double[] {point.get(0)},
            new double[] {point.get(1)},
            outputs);
        assertClose(
            "residual", residual.times(factor), values, interpreter.value(program.residual()));
        assertEquals(loss == null, program.cost() < 0);
        if (loss != null) {
          assertClose("cost", cost, values, interpreter.value(program.cost()));
        }
        for (int j = 0; j < p; j++) {
          assertClose(
              "derivative by " + names.get(j),
              gradient.get(j).times(factor),
              values,
              value(interpreter, program.scale()[j]) * value(interpreter, program.basis()[j]));
        }
      }
    }
    for (int scale : program.scale()) {
      assertTrue(scale < 0 || program.program().dependence(scale).isPointInvariant());
    }
  }

  private static double value(Interpreter interpreter, int id) {
    return id < 0 ? 1.0 : interpreter.value(id);
  }

  private static void assertClose(
      String what, Expression expression, Map<String, Double> values, double actual) {
    BoundedEvaluation expected = new BoundedEvaluation(expression, values);
    // The bound must mean something.
    assertTrue(
        expected.error < 1e-9 + 1e-9 * Math.abs(expected.value),
        () -> what + " of " + expression + ": " + expected.value + " ± " + expected.error);
    assertEquals(expected.value, actual, expected.error, () -> what + " of " + expression);
  }

  private static Expression parse(String formula) {
    return Formula.parse(formula).expression();
  }

  // ------------------------------------------------------------ operation counts

  private static LeastSquaresProgram compile(
      String model, String parameters, String columns, Options options) {
    return LeastSquaresProgram.of(
        parse(model).minus(Expression.symbol("y")),
        new ProgramInputs(
            List.of(parameters.split(" ")), List.of(), List.of(columns.split(" ")), List.of("y")),
        null,
        options);
  }

  /** How often each arithmetic operation occurs in one dependence class. */
  private static Map<Opcode, Integer> count(Program program, Dependence dependence) {
    Map<Opcode, Integer> counts = new EnumMap<>(Opcode.class);
    for (int id = program.start(dependence); id < program.end(dependence); id++) {
      Opcode opcode = program.instruction(id).opcode();
      if (opcode.arity() > 0) {
        counts.merge(opcode, 1, Integer::sum);
      }
    }
    return counts;
  }

  @Test
  void decayTakesTwoMultiplicationsBesidesExpAndResidual() {
    LeastSquaresProgram decay = compile(DECAY, "a b c", "x", Options.defaults());
    assertEquals(
        Map.of(Opcode.MUL, 2, Opcode.EXP2, 1, Opcode.SUB, 1, Opcode.FMA, 1),
        count(decay.program(), Dependence.POINT),
        decay.program()::toString);
    assertEquals(
        Map.of(Opcode.MUL, 1, Opcode.NEG, 1), count(decay.program(), Dependence.PARAMETER));
    assertEquals(Map.of(), count(decay.program(), Dependence.SHARED));
    int[] basis = decay.basis();
    int[] scale = decay.scale();
    assertEquals(Opcode.EXP2, decay.program().instruction(basis[0]).opcode());
    assertEquals(Opcode.MUL, decay.program().instruction(basis[1]).opcode());
    assertEquals(-1, basis[2]);
    assertEquals(-1, scale[0]);
    assertEquals(Opcode.NEG, decay.program().instruction(scale[1]).opcode());
    assertEquals(-1, scale[2]);
    assertEquals(-1, decay.cost());
  }

  @Test
  void gaussianNeedsNoDivisionPerPoint() {
    LeastSquaresProgram gaussian = compile(GAUSSIAN, "a m s c", "x", Options.defaults());
    assertEquals(
        Map.of(Opcode.SUB, 2, Opcode.MUL, 4, Opcode.EXP2, 1, Opcode.FMA, 1),
        count(gaussian.program(), Dependence.POINT),
        gaussian.program()::toString);
    assertEquals(1, count(gaussian.program(), Dependence.PARAMETER).get(Opcode.RECIPROCAL));
  }

  @Test
  void gaussianIn2dSharesItsBases() {
    Map<Opcode, Integer> expected =
        Map.of(Opcode.SUB, 3, Opcode.MUL, 5, Opcode.EXP2, 1, Opcode.FMA, 2);
    LeastSquaresProgram gaussian = compile(GAUSSIAN_2D, "a m n s c", "x z", Options.defaults());
    assertEquals(
        expected, count(gaussian.program(), Dependence.POINT), gaussian.program()::toString);
    LeastSquaresProgram other =
        compile("a*exp(-0.5*(((x-m)/s)^2+((z-n)/s)^2))+c", "a m n s c", "x z", Options.defaults());
    assertEquals(gaussian.program().contentKey(), other.program().contentKey());
  }

  @Test
  void rationalFunctionDividesOnceAndSharesPowers() {
    LeastSquaresProgram hahn = compile(HAHN1, "b1 b2 b3 b4 b5 b6 b7", "x", Options.defaults());
    assertEquals(
        Map.of(Opcode.FMA, 6, Opcode.RECIPROCAL, 1, Opcode.MUL, 7, Opcode.SUB, 1),
        count(hahn.program(), Dependence.POINT),
        hahn.program()::toString);
    assertEquals(Map.of(Opcode.MUL, 2), count(hahn.program(), Dependence.SHARED));
  }

  @Test
  void powerLawTakesItsLogarithmOncePerBatch() {
    LeastSquaresProgram power = compile("b1*x^b2", "b1 b2", "x", Options.defaults());
    Map<Opcode, Integer> point = count(power.program(), Dependence.POINT);
    assertEquals(1, point.get(Opcode.POW), power.program()::toString);
    assertEquals(null, point.get(Opcode.LOG), power.program()::toString);
    assertEquals(1, count(power.program(), Dependence.SHARED).get(Opcode.LOG));
  }

  @Test
  void nothingIsHoistedFromColumnsInTheStreamLayout() {
    LeastSquaresProgram hahn =
        compile(HAHN1, "b1 b2 b3 b4 b5 b6 b7", "x", Options.defaults().withStream(true));
    Program program = hahn.program();
    assertEquals(program.start(Dependence.SHARED), program.end(Dependence.SHARED));
    assertTrue(program.columnsVary());
  }

  @Test
  void withoutFmaThereIsNone() {
    LeastSquaresProgram decay = compile(DECAY, "a b c", "x", Options.defaults().withFma(false));
    assertEquals(
        Map.of(Opcode.MUL, 3, Opcode.EXP2, 1, Opcode.SUB, 1, Opcode.ADD, 1),
        count(decay.program(), Dependence.POINT),
        decay.program()::toString);
  }

  @Test
  void weightIsPartOfTheBases() {
    ProgramInputs inputs =
        new ProgramInputs(List.of("a", "b", "c"), List.of(), List.of("x", "w"), List.of("y"));
    LeastSquaresProgram decay =
        LeastSquaresProgram.of(parse("(" + DECAY + "-y)*w"), inputs, null, Options.defaults());
    assertEquals(
        Map.of(Opcode.MUL, 4, Opcode.EXP2, 1, Opcode.SUB, 1, Opcode.FMA, 1),
        count(decay.program(), Dependence.POINT),
        decay.program()::toString);
    // The derivative by c is the weight itself.
    Instruction weight = decay.program().instruction(decay.basis()[2]);
    assertEquals(Instruction.input(Opcode.SHARED_COLUMN, 1), weight);
  }

  @Test
  void parameterThatDoesNotOccurHasAScaleOfZero() {
    LeastSquaresProgram program = compile("a*x", "a unused", "x", Options.defaults());
    assertEquals(-1, program.basis()[1]);
    assertEquals(Instruction.constant(0.0), program.program().instruction(program.scale()[1]));
  }

  @Test
  void removableSingularityOfADerivativeIsRemoved() {
    LeastSquaresProgram program = compile("log(a*x)", "a", "x", Options.defaults());
    assertArrayEquals(new int[] {-1}, program.basis());
    assertEquals(Opcode.RECIPROCAL, program.program().instruction(program.scale()[0]).opcode());
  }

  @Test
  void symbolThatIsNoInputIsNamed() {
    IllegalArgumentException thrown =
        assertThrows(
            IllegalArgumentException.class, () -> compile("a*t", "a", "x", Options.defaults()));
    assertTrue(thrown.getMessage().contains("'t'"), thrown.getMessage());
  }

  @Test
  void rowsNeedNotBeDerivatives() {
    ProgramInputs inputs = new ProgramInputs(List.of("a"), List.of(), List.of("x"), List.of());
    Expression a = Expression.symbol("a");
    Expression x = Expression.symbol("x");
    LeastSquaresProgram least =
        LeastSquaresProgram.ofRow(
            a.times(x), List.of(x, x.times(x), a), inputs, null, Options.defaults());
    assertEquals(3, least.basis().length);
    Interpreter interpreter = new Interpreter(least.program());
    interpreter.evaluate(
        new double[] {3}, new double[0], new double[] {5}, new double[0], new double[9]);
    assertEquals(15, interpreter.value(least.residual()));
    double[] row = {5, 25, 3};
    for (int j = 0; j < 3; j++) {
      double basis = least.basis()[j] < 0 ? 1 : interpreter.value(least.basis()[j]);
      double scale = least.scale()[j] < 0 ? 1 : interpreter.value(least.scale()[j]);
      assertEquals(row[j], basis * scale);
    }
    assertEquals(
        "row has 0 entries, expected at least one for each of [a]",
        assertThrows(
                IllegalArgumentException.class,
                () -> LeastSquaresProgram.ofRow(a, List.of(), inputs, null, Options.defaults()))
            .getMessage());
  }
}
