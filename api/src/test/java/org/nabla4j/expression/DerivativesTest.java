package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nabla4j.expression.Expression.constant;
import static org.nabla4j.expression.Expression.symbol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.statistics.Statistics;
import org.hipparchus.analysis.differentiation.DerivativeStructure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DerivativesTest {
  private static final List<String> SYMBOLS = List.of("x", "y", "z");

  private static Expression parse(String text) {
    return Formula.parse(text).expression();
  }

  /** Checks value, gradient and Hessian against Hipparchus; false if the point is no fair test. */
  private static boolean matches(Expression e, Map<String, Double> point, double tolerance) {
    TaylorEvaluator reference = new TaylorEvaluator(SYMBOLS, 2);
    DerivativeStructure expected = reference.evaluate(e, point);
    if (!reference.wasTame()) {
      return false;
    }
    assertClose(expected.getValue(), e.evaluate(point), tolerance, e, point);
    List<Expression> gradient = Derivatives.gradient(e, SYMBOLS);
    List<List<Expression>> hessian = Derivatives.hessian(e, SYMBOLS);
    for (int i = 0; i < SYMBOLS.size(); i++) {
      int[] orders = new int[SYMBOLS.size()];
      orders[i]++;
      double first = expected.getPartialDerivative(orders);
      assertClose(first, gradient.get(i).evaluate(point), tolerance, e, point);
      for (int j = 0; j < SYMBOLS.size(); j++) {
        orders[j]++;
        double second = expected.getPartialDerivative(orders);
        assertClose(second, hessian.get(i).get(j).evaluate(point), tolerance, e, point);
        assertSame(hessian.get(i).get(j), hessian.get(j).get(i));
        orders[j]--;
      }
    }
    return true;
  }

  private static void assertClose(
      double expected, double actual, double tolerance, Expression e, Map<String, Double> point) {
    double scale = Math.max(1, Math.abs(expected));
    assertEquals(expected, actual, tolerance * scale, () -> e + " at " + point);
  }

  @ParameterizedTest
  @EnumSource(
      value = Op.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CONSTANT", "SYMBOL"})
  void everyRule(Op op) {
    // Arguments that move with all symbols, in the domain of every function; lgamma's is x > 0.
    List<Expression> inner =
        List.of(parse("0.3 + x*y/4 + z^2/9"), parse("y*z/3 - x/5 + 0.6"), parse("sin(x) + y + z"));
    Expression e = Expression.of(op, inner.subList(0, op.arity()).toArray(new Expression[0]));
    Random random = new Random(op.arity());
    int checked = 0;
    for (int trial = 0; trial < 50; trial++) {
      Map<String, Double> point = new HashMap<>();
      for (String symbol : SYMBOLS) {
        point.put(symbol, 0.1 + random.nextDouble());
      }
      checked += matches(e, point, 1e-10) ? 1 : 0;
    }
    assertTrue(checked >= 25, op + ": " + checked + " points were fair");
  }

  private static int fair;
  private static int tried;

  @Property(tries = 3000)
  void randomExpressions(@ForAll long seed, @ForAll @IntRange(min = 1, max = 16) int operations) {
    Random random = new Random(~seed);
    Expression e =
        new RandomExpressions(
                seed, SYMBOLS, RandomExpressions.operations(), 0.5, 1, 2, -1, -3, 0.1, 4)
            .next(operations);
    Map<String, Double> point = new HashMap<>();
    for (String symbol : SYMBOLS) {
      point.put(symbol, 0.2 + 1.5 * random.nextDouble());
    }
    boolean wasFair = matches(e, point, 1e-7);
    tried++;
    fair += wasFair ? 1 : 0;
    Statistics.collect(wasFair ? "compared" : "not tame");
  }

  @AfterContainer
  static void enoughWereCompared() {
    assertTrue(fair >= tried / 4, fair + " of " + tried + " expressions were compared");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b1*(1 - exp(-b2*x)) | b2 | b1*exp(-b2*x)*x",
        "x^2 | x | 2*x",
        "x^3 | x | 3*x^2",
        "exp(x) | x | exp(x)",
        "sqrt(x) | x | 0.5/sqrt(x)",
        "cbrt(x) | x | 0.3333333333333333/(cbrt(x)*cbrt(x))",
        "log(x) | x | 1/x",
        "tanh(x) | x | 1 - tanh(x)*tanh(x)",
        "logistic(x) | x | logistic(x)*(1 - logistic(x))",
        "softplus(x) | x | logistic(x)",
        "abs(x) | x | sign(x)",
        "max(x, y) | y | where(x >= y, 0, 1)",
        "where(x < y, x*2, y) | x | where(x < y, 2, 0)",
        "x*y | z | 0",
        "a/x | x | -(1/x*(a/x))",
        "sign(x) + (x < 3) | x | 0",
        "x + x | x | 2",
        "-x | x | -1",
        "lgamma(x) | x | digamma(x)",
      })
  void shapesOfResults(String text, String symbol, String derivative) {
    assertEquals(derivative, Derivatives.derivative(parse(text), symbol).toString());
  }

  @Test
  void powersAreRightAtZero() {
    Expression power = parse("x^y");
    Expression byBase = Derivatives.derivative(power, "x");
    Expression byExponent = Derivatives.derivative(power, "y");
    Map<String, Double> atZero = Map.of("x", 0.0, "y", 1.5);
    assertEquals(0, byBase.evaluate(atZero));
    assertEquals(0, byExponent.evaluate(atZero));
    assertEquals(0, Derivatives.derivative(byExponent, "y").evaluate(atZero));
    assertEquals(1, byBase.evaluate(Map.of("x", 0.0, "y", 1.0)));
    assertEquals(2, second(power, "x").evaluate(Map.of("x", 0.0, "y", 2.0)));
    assertEquals(-6, byBase.evaluate(Map.of("x", -3.0, "y", 2.0)));
    // Weibull growth at its origin.
    Expression weibull = parse("a*(1 - exp(-(x/l)^k))");
    Map<String, Double> origin = Map.of("a", 2.0, "x", 0.0, "l", 3.0, "k", 1.5);
    for (Expression partial : Derivatives.gradient(weibull, List.of("a", "l", "k"))) {
      assertEquals(0, Math.abs(partial.evaluate(origin)));
    }
  }

  private static Expression second(Expression e, String symbol) {
    return Derivatives.derivative(Derivatives.derivative(e, symbol), symbol);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "where(x > 0, x^a, 0) | -1 | 0",
        "where(x > 0, a*log(x), a*x) | 0 | 0",
        "where(x < 30, a*log(1 + exp(x)), a*x) | 1000 | 1000",
        "where(x > 1, a*sqrt(x - 1), a^3) | -5 | 12",
        "where(x > 0, where(x > 1, log(a*x - 3), a/x), a*x) | 0 | 0",
        "exp(where(x == 0, 1, sin(a*x)/x)) | 0 | 0",
        "max(a*x, sqrt(a - 2)) | 5 | 5",
        "min(-1, sqrt(a - 2)*x) | 1 | 0",
        "where(x == x, a*x, 0) | NaN | 0",
      })
  void aBranchNotTakenHasNoInfluence(String text, double x, double expected) {
    Expression derivative = Derivatives.derivative(parse(text), "a");
    assertEquals(expected, derivative.evaluate(Map.of("a", 2.0, "x", x)));
  }

  @Test
  void atTiesTheFirstArgumentCounts() {
    Map<String, Double> tie = Map.of("x", 1.0, "y", 1.0);
    assertEquals(1, Derivatives.derivative(parse("min(x, y)"), "x").evaluate(tie));
    assertEquals(0, Derivatives.derivative(parse("max(x, y)"), "y").evaluate(tie));
    assertEquals(0, Derivatives.derivative(parse("abs(x - y)"), "x").evaluate(tie));
  }

  @Test
  void nonFiniteDerivativesStayWhatTheyAre() {
    Map<String, Double> zero = Map.of("x", 0.0);
    assertEquals(
        Double.POSITIVE_INFINITY, Derivatives.derivative(parse("sqrt(x)"), "x").evaluate(zero));
    assertEquals(
        Double.POSITIVE_INFINITY, Derivatives.derivative(parse("cbrt(x)"), "x").evaluate(zero));
    assertEquals(Double.NaN, Derivatives.derivative(parse("x*NaN"), "x").evaluate(zero));
    assertEquals(
        Double.NEGATIVE_INFINITY, Derivatives.derivative(parse("1/x"), "x").evaluate(zero));
  }

  @Test
  void jacobianIsRowsOfGradients() {
    List<Expression> rows = List.of(parse("x*y"), parse("x + z^2"), constant(3));
    List<List<Expression>> jacobian = Derivatives.jacobian(rows, SYMBOLS);
    assertEquals("[[y, x, 0], [1, 0, 2*z], [0, 0, 0]]", jacobian.toString());
    assertThrows(UnsupportedOperationException.class, () -> jacobian.get(0).set(0, constant(1)));
  }

  @Test
  void symbolsMayBeAskedForTwice() {
    assertEquals(
        "[2*x, 0, 2*x]", Derivatives.gradient(parse("x^2"), List.of("x", "q", "x")).toString());
  }

  @Test
  void subexpressionsAreSharedWithTheValue() {
    Expression e = parse("a*exp(-b*x)");
    List<Expression> gradient = Derivatives.gradient(e, List.of("a", "b"));
    List<Expression> all = new ArrayList<>(gradient);
    all.add(e);
    long exponentials =
        new Topology(all).nodes().stream().filter(node -> node.op() == Op.EXP).count();
    assertEquals(1, exponentials);
  }

  @Test
  @Timeout(120)
  void gradientOfThousandsOfSymbolsIsLinear() {
    int p = 5000;
    List<String> symbols = new ArrayList<>();
    Map<String, Double> point = new HashMap<>();
    Expression sum = constant(0);
    for (int i = 0; i < p; i++) {
      Expression symbol = symbol("p" + i);
      symbols.add(symbol.name());
      point.put(symbol.name(), i / 1000.0);
      sum = sum.plus(symbol.negate().exp().times(symbol)).plus(symbol.max(1).sin());
    }
    Expression e = sum.tanh();
    List<Expression> gradient = Derivatives.gradient(e, symbols);
    List<Expression> all = new ArrayList<>(gradient);
    all.add(e);
    int size = new Topology(List.of(e)).size();
    int together = new Topology(all).size();
    assertTrue(together < 4 * size, "value " + size + " nodes, with gradient " + together);
    double slope = 1 - Math.pow(e.evaluate(point), 2);
    double p2 = 2.0;
    assertEquals(
        slope * (Math.exp(-p2) * (1 - p2) + Math.cos(p2)),
        gradient.get(2000).evaluate(point),
        1e-12);
  }

  @Test
  @Timeout(120)
  void deepSumsAndTowersDoNotOverflowTheStack() {
    Expression sum = symbol("x");
    Expression tower = symbol("x");
    for (int i = 0; i < 100_000; i++) {
      sum = sum.plus(symbol("x").times(i));
      tower = tower.sin();
    }
    assertEquals(
        1 + 99_999.0 * 100_000 / 2, Derivatives.derivative(sum, "x").evaluate(Map.of("x", 1.0)));
    double expected = 1;
    double value = 0.3;
    for (int i = 0; i < 100_000; i++) {
      expected *= Math.cos(value);
      value = Math.sin(value);
    }
    double actual = Derivatives.derivative(tower, "x").evaluate(Map.of("x", 0.3));
    assertEquals(expected, actual, 1e-9 * expected);
  }

  @Test
  @Timeout(120)
  void nestedBranchesStayPolynomial() {
    Expression e = symbol("x");
    for (int i = 0; i < 300; i++) {
      e = Functions.where(e.lessThan(i), e.times(e).sqrt(), e.plus(1));
    }
    Expression derivative = Derivatives.derivative(e, "x");
    assertTrue(new Topology(List.of(derivative)).size() < 10_000);
    assertEquals(1, derivative.evaluate(Map.of("x", 0.5)));
  }

  @Test
  @Timeout(120)
  void hessianOfManySymbols() {
    int p = 60;
    List<String> symbols = new ArrayList<>();
    Expression e = constant(1);
    for (int i = 0; i < p; i++) {
      symbols.add("p" + i);
      e = e.plus(symbol("p" + i).times(i + 1.0).pow(2));
    }
    List<List<Expression>> hessian = Derivatives.hessian(e.log(), symbols);
    Map<String, Double> point = new HashMap<>();
    symbols.forEach(name -> point.put(name, 0.01));
    double s = e.evaluate(point);
    for (int i = 0; i < p; i++) {
      for (int j = 0; j < p; j++) {
        double gi = 2 * Math.pow(i + 1, 2) * 0.01;
        double gj = 2 * Math.pow(j + 1, 2) * 0.01;
        double expected = (i == j ? 2 * Math.pow(i + 1, 2) / s : 0) - gi * gj / (s * s);
        assertEquals(
            expected, hessian.get(i).get(j).evaluate(point), 1e-10 * Math.max(1, expected));
      }
    }
  }
}
