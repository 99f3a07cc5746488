package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.nabla4j.expression.Expression.constant;
import static org.nabla4j.expression.Expression.symbol;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {
  private static final Expression X = symbol("x");

  @Test
  void equalStructureIsTheSameObject() {
    Expression first = symbol("a").times(X.plus(1).exp());
    Expression second = Functions.symbol("a").times(Functions.exp(X.plus(constant(1))));
    assertSame(first, second);
    assertEquals(first.hashCode(), second.hashCode());
    assertNotSame(X.plus(1), constant(1).plus(X));
    assertNotSame(X.min(1), X.max(1));
  }

  @Test
  void zerosDifferAndNansDoNot() {
    assertNotSame(constant(0.0), constant(-0.0));
    assertSame(constant(Double.NaN), constant(Double.longBitsToDouble(0x7ff8000000000123L)));
    assertSame(constant(Double.NaN), constant(-Double.NaN));
  }

  @ParameterizedTest
  @EnumSource(Op.class)
  void everyOperationAppliesToItsArguments(Op op) {
    if (op.arity() == 0) {
      assertThrows(IllegalArgumentException.class, () -> Expression.of(op));
      assertThrows(IllegalArgumentException.class, () -> ScalarMath.apply(op, 0, 0, 0));
      return;
    }
    double[] values = {0.75, 0.5, -2.5};
    Expression[] arguments = new Expression[op.arity()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = constant(values[i]);
    }
    Expression e = Expression.of(op, arguments);
    assertEquals(op, e.op());
    assertEquals(List.of(arguments), e.arguments());
    double value = ScalarMath.apply(op, values[0], values[1], values[2]);
    assertEquals(value, e.evaluate(Map.of()));
    assertTrue(Double.isFinite(value), op + " has a value here");
  }

  @Test
  void wrongNumberOfArgumentsIsNamed() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Expression.of(Op.ATAN2, X));
    assertEquals("ATAN2 takes 2 arguments, but was given 1", e.getMessage());
    assertThrows(NullPointerException.class, () -> Expression.of(Op.EXP, (Expression) null));
  }

  @Test
  void argumentsAreCopied() {
    Expression[] arguments = {X, constant(1)};
    Expression sum = Expression.of(Op.ADD, arguments);
    arguments[0] = constant(7);
    assertSame(X, sum.arguments().get(0));
    assertThrows(UnsupportedOperationException.class, () -> sum.arguments().set(0, X));
  }

  @Test
  void leavesTellWhatTheyAre() {
    assertEquals("x", X.name());
    assertEquals(2.5, constant(2.5).value());
    assertThrows(IllegalStateException.class, X::value);
    assertThrows(IllegalStateException.class, () -> X.plus(1).name());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1a",
        "a b",
        "a-b",
        "a.b",
        "é",
        "x\n",
        "x\0",
        "exp",
        "ln",
        "pow",
        "where",
        "pi",
        "π",
        "NaN",
        "Infinity",
        "a;System.exit(0)",
        "Ljava/lang/Runtime;",
        "а"
      })
  void whatIsNoNameOfASymbolIsRefused(String name) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> symbol(name));
    assertTrue(e.getMessage().startsWith("symbol name must"), e.getMessage());
    assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), "printable message");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "_", "b1", "α", "Ω_2", "e", "E", "nan", "exp2", "sigma_x"})
  void namesOfSymbols(String name) {
    assertEquals(name, symbol(name).name());
  }

  @Test
  void symbolsComeInTheOrderOfTheText() {
    Expression e = Formula.parse("b*x + a*exp(-c*x) + b").expression();
    assertEquals(List.of("b", "x", "a", "c"), List.copyOf(e.symbols()));
    assertThrows(UnsupportedOperationException.class, () -> e.symbols().add("z"));
  }

  @Test
  void substitutesAllAtOnce() {
    Expression e = Formula.parse("x*y + exp(x)").expression();
    Expression swapped = e.substitute(Map.of("x", symbol("y"), "y", X));
    assertSame(Formula.parse("y*x + exp(y)").expression(), swapped);
    assertSame(e, e.substitute(Map.of("z", X)));
  }

  @Test
  void evaluateNamesTheSymbolWithoutAValue() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> X.plus(1).evaluate(Map.of("y", 1.0)));
    assertEquals(
        "values must have a number for every symbol, but has none for 'x'", e.getMessage());
  }

  @Test
  void fluentFormsAreTheOperations() {
    Expression y = symbol("y");
    assertSame(Formula.parse("x + y - 2").expression(), X.plus(y).minus(2));
    assertSame(Formula.parse("x*y/2").expression(), X.times(y).dividedBy(2));
    assertSame(Formula.parse("-x^y^2").expression(), X.pow(y.pow(2)).negate());
    assertSame(Formula.parse("min(x, y) + max(x, 2)").expression(), X.min(y).plus(X.max(2)));
    assertSame(
        Formula.parse("(x < y)*(x <= 1)*(x > y)*(x >= 1)*(x == y)*(x != 1)").expression(),
        X.lessThan(y)
            .times(X.lessOrEqual(1))
            .times(X.greaterThan(y))
            .times(X.greaterOrEqual(1))
            .times(X.equalTo(y))
            .times(X.notEqualTo(1)));
    assertSame(
        Formula.parse("(x < 1)*(x <= y)*(x > 1)*(x >= y)*(x == 1)*(x != y)").expression(),
        X.lessThan(1)
            .times(X.lessOrEqual(y))
            .times(X.greaterThan(1))
            .times(X.greaterOrEqual(y))
            .times(X.equalTo(1))
            .times(X.notEqualTo(y)));
    assertSame(X.dividedBy(y), Formula.parse("x/y").expression());
    assertSame(X.min(2).times(X.max(y)), Formula.parse("min(x, 2)*max(x, y)").expression());
  }

  @ParameterizedTest
  @EnumSource(Op.class)
  void everyFunctionHasItsMethods(Op op) throws ReflectiveOperationException {
    if (!op.isFunction() && op != Op.POW) {
      return;
    }
    String name = op == Op.POW ? "pow" : op.text();
    Class<?>[] types = new Class<?>[op.arity()];
    Object[] arguments = new Object[op.arity()];
    Expression[] expected = new Expression[op.arity()];
    for (int i = 0; i < types.length; i++) {
      types[i] = Expression.class;
      expected[i] = symbol("v" + i);
      arguments[i] = expected[i];
    }
    assertSame(
        Expression.of(op, expected),
        Functions.class.getMethod(name, types).invoke(null, arguments));
    if (op.arity() == 1) {
      assertSame(Expression.of(op, expected), Expression.class.getMethod(name).invoke(expected[0]));
    }
  }

  @Test
  void comparisonsAsFunctions() {
    Expression y = symbol("y");
    assertSame(X.lessThan(y), Functions.lt(X, y));
    assertSame(X.lessOrEqual(y), Functions.le(X, y));
    assertSame(X.greaterThan(y), Functions.gt(X, y));
    assertSame(X.greaterOrEqual(y), Functions.ge(X, y));
    assertSame(X.equalTo(y), Functions.eq(X, y));
    assertSame(X.notEqualTo(y), Functions.ne(X, y));
    assertSame(constant(2), Functions.constant(2));
  }

  @Test
  @Timeout(120)
  void hundredsOfThousandsOfLevelsDeep() {
    Expression e = X;
    for (int i = 0; i < 300_000; i++) {
      e = e.plus(1);
    }
    assertEquals(300_000.5, e.evaluate(Map.of("x", 0.5)));
    assertEquals(List.of("x"), List.copyOf(e.symbols()));
    assertSame(e, e.substitute(Map.of("x", X)));
  }

  @Test
  @Timeout(120)
  void threadsBuildTheSameObjects() throws Exception {
    int threads = 8;
    int built = 5000;
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<List<Expression>>> results = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Callable<List<Expression>> work =
            () -> {
              start.await();
              List<Expression> made = new ArrayList<>();
              Expression e = symbol("concurrent");
              for (int i = 0; i < built; i++) {
                e = e.times(i).plus(constant(i).sin());
                made.add(e);
              }
              return made;
            };
        results.add(pool.submit(work));
      }
      List<Expression> first = results.get(0).get();
      for (Future<List<Expression>> result : results) {
        List<Expression> other = result.get();
        for (int i = 0; i < built; i++) {
          assertSame(first.get(i), other.get(i));
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  @Timeout(120)
  void whatNobodyHoldsIsCollected() throws InterruptedException {
    Expression kept = symbol("kept").plus(41.25);
    int before = Expression.internedCount();
    for (int i = 0; i < 100_000; i++) {
      symbol("kept").plus(1e9 + i);
    }
    int count = Expression.internedCount();
    for (int attempt = 0; attempt < 100 && count > before + 1000; attempt++) {
      System.gc();
      Thread.sleep(20);
      count = Expression.internedCount();
    }
    assertTrue(count <= before + 1000, count + " entries are left, there were " + before);
    assertSame(kept, symbol("kept").plus(41.25));
  }

  @Test
  @Timeout(120)
  void sameObjectWhileOthersAreCollected() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      // Two threads make and drop the same expressions while the collector runs.
      Callable<Boolean> work =
          () -> {
            for (int round = 0; round < 300; round++) {
              List<Expression> held = new ArrayList<>();
              for (int i = 0; i < 100; i++) {
                held.add(symbol("fleeting").times(i));
              }
              if (round % 50 == 0) {
                System.gc();
              }
              for (int i = 0; i < 100; i++) {
                if (held.get(i) != symbol("fleeting").times(i)) {
                  return false;
                }
              }
            }
            return true;
          };
      Future<Boolean> one = pool.submit(work);
      Future<Boolean> two = pool.submit(work);
      assertTrue(one.get() && two.get());
    } finally {
      pool.shutdownNow();
    }
  }
}
