package org.nabla4j.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;

/** Value and gradient of a formula of many inputs together cost at most five times its value. */
class GradientCostTest {

  private static final int INPUTS = 1000;

  /** What the gradient may cost in the simplest operations that there are. */
  private static final double MOST = 5;

  private static Expression x(int i) {
    return Expression.symbol("x" + i);
  }

  private static Expression sum(int terms, IntFunction<Expression> term) {
    return IntStream.range(0, terms).mapToObj(term).reduce(Expression::plus).orElseThrow();
  }

  /** Made of x0 by a step for each further input. */
  private static Expression chain(Step step) {
    Expression e = x(0);
    for (int i = 1; i < INPUTS; i++) {
      e = step.apply(e, i);
    }
    return e;
  }

  private interface Step {
    Expression apply(Expression e, int i);
  }

  /** Formulas of a thousand inputs, of different build. */
  enum Shape {
    ROSENBROCK(
        () ->
            sum(
                INPUTS - 1,
                i ->
                    x(i + 1)
                        .minus(x(i).pow(2))
                        .pow(2)
                        .times(100)
                        .plus(Expression.constant(1).minus(x(i)).pow(2)))),
    SUM_OF_PRODUCTS(() -> sum(INPUTS - 1, i -> x(i).times(x(i + 1)))),
    SUM_OF_LONG_PRODUCTS(
        () -> sum(INPUTS - 3, i -> x(i).times(x(i + 1)).times(x(i + 2)).times(x(i + 3)))),
    PRODUCT(() -> chain((e, i) -> e.times(x(i)))),
    QUOTIENTS(() -> chain((e, i) -> e.dividedBy(x(i)))),
    DEEP(() -> chain((e, i) -> x(i).times(e.sin()))),
    HORNER(() -> chain((e, i) -> x(i).plus(x(i - 1).times(e)))),
    LOGISTIC_MAP(() -> chain((e, i) -> e.times(x(i).minus(e)))),
    LOG_SUM_EXP(() -> sum(INPUTS, i -> x(i).exp()).log()),
    SOFTMAX(
        () -> {
          Expression all = sum(INPUTS, i -> x(i).exp());
          return sum(INPUTS, i -> x(i).exp().dividedBy(all).times(i + 1.0));
        }),
    NORM(() -> sum(INPUTS, i -> x(i).pow(2)).sqrt()),
    GRIEWANK(
        () -> {
          Expression product = chain((e, i) -> e.times(x(i).dividedBy(Math.sqrt(i + 1)).cos()));
          return sum(INPUTS, i -> x(i).pow(2)).dividedBy(4000).minus(product).plus(1);
        }),
    MAXIMUM(() -> chain((e, i) -> e.max(x(i)))),
    PIECES(() -> sum(INPUTS, i -> Functions.where(x(i).greaterThan(0), x(i).pow(2), x(i).abs())));

    @SuppressWarnings("ImmutableEnumChecker") // Each is a lambda without state.
    private final Supplier<Expression> maker;

    Shape(Supplier<Expression> maker) {
      this.maker = maker;
    }
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void gradientIsCheap(Shape shape) {
    List<String> names = IntStream.range(0, INPUTS).mapToObj(i -> "x" + i).toList();
    ProgramInputs inputs = new ProgramInputs(names, List.of(), List.of(), List.of());
    Expression f = shape.maker.get();
    List<Expression> gradient = Derivatives.gradient(f, names);
    List<Expression> outputs = new ArrayList<>(gradient);
    outputs.add(f);
    ProgramCompiler.Options options = ProgramCompiler.Options.defaults();
    Program value = ProgramCompiler.compile(List.of(f), inputs, options);
    Program both = ProgramCompiler.compile(outputs, inputs, options);
    double ratio = operations(both) / (double) operations(value);
    assertTrue(ratio <= MOST, shape + ": " + ratio);

    // And it is the gradient.
    double[] theta = new double[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      theta[i] = 1 + 0.001 * Math.sin(7.0 * i);
    }
    double[] results = new double[outputs.size()];
    double[] none = {};
    new Interpreter(both).evaluate(theta, none, none, none, results);
    double[] before = new double[1];
    double[] after = new double[1];
    Interpreter interpreter = new Interpreter(value);
    for (int i = 0; i < INPUTS; i += 83) {
      double kept = theta[i];
      double h = 1e-6;
      theta[i] = kept - h;
      interpreter.evaluate(theta, none, none, none, before);
      theta[i] = kept + h;
      interpreter.evaluate(theta, none, none, none, after);
      theta[i] = kept;
      double scale = Math.max(1, Math.abs(results[INPUTS]));
      assertEquals((after[0] - before[0]) / (2 * h), results[i], 1e-5 * scale, shape + " " + i);
    }
  }

  /** Instructions that compute: neither constants nor inputs. */
  private static int operations(Program program) {
    int count = 0;
    for (int id = 0; id < program.size(); id++) {
      count += program.instruction(id).opcode().arity() > 0 ? 1 : 0;
    }
    return count;
  }
}
