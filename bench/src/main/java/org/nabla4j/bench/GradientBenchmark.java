package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the gradient of a formula of a thousand inputs costs beside its value, both interpreted, and
 * how long deriving and compiling them takes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx3g"})
public class GradientBenchmark {

  private static final int INPUTS = 1000;
  private static final double[] NONE = {};

  /** Formulas of different build. */
  public enum Shape {
    /** Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)². */
    ROSENBROCK,
    /** Σ xᵢ xᵢ₊₁. */
    SUM_OF_PRODUCTS,
    /** Π xᵢ. */
    PRODUCT,
    /** x₁ sin(x₂ sin(x₃ …)). */
    DEEP,
    /** log Σ exp xᵢ. */
    LOG_SUM_EXP
  }

  /** The formula. */
  @Param public Shape shape;

  private Expression formula;
  private List<String> names;
  private Interpreter value;
  private Interpreter valueAndGradient;
  private double[] theta;
  private double[] results;

  private static Expression x(int i) {
    return Expression.symbol("x" + i);
  }

  private static Expression sum(int terms, IntFunction<Expression> term) {
    return IntStream.range(0, terms).mapToObj(term).reduce(Expression::plus).orElseThrow();
  }

  private static Expression formula(Shape shape) {
    Expression one = Expression.constant(1);
    return switch (shape) {
      case ROSENBROCK ->
          sum(
              INPUTS - 1,
              i -> x(i + 1).minus(x(i).pow(2)).pow(2).times(100).plus(one.minus(x(i)).pow(2)));
      case SUM_OF_PRODUCTS -> sum(INPUTS - 1, i -> x(i).times(x(i + 1)));
      case PRODUCT ->
          IntStream.range(0, INPUTS)
              .mapToObj(GradientBenchmark::x)
              .reduce(Expression::times)
              .orElseThrow();
      case DEEP ->
          IntStream.range(0, INPUTS)
              .mapToObj(GradientBenchmark::x)
              .reduce((inner, next) -> next.times(inner.sin()))
              .orElseThrow();
      case LOG_SUM_EXP -> sum(INPUTS, i -> x(i).exp()).log();
    };
  }

  /** Derives, compiles and checks: the gradient along a direction is the slope along it. */
  @Setup
  public void prepare() {
    formula = formula(shape);
    names = IntStream.range(0, INPUTS).mapToObj(i -> "x" + i).toList();
    value = new Interpreter(program(List.of(formula)));
    valueAndGradient = compile();
    theta = new double[INPUTS];
    for (int i = 0; i < INPUTS; i++) {
      theta[i] = 1 + 0.001 * Math.sin(7.0 * i);
    }
    results = new double[INPUTS + 1];
    valueAndGradient();
    double slope = 0;
    for (int i = 0; i < INPUTS; i++) {
      slope += results[i];
    }
    double h = 1e-6;
    double difference = (shifted(h) - shifted(-h)) / (2 * h);
    if (!(Math.abs(slope - difference) <= 1e-4 * Math.max(1, Math.abs(slope)))) {
      throw new IllegalStateException("gradient " + slope + ", differences " + difference);
    }
  }

  private double shifted(double h) {
    double[] moved = theta.clone();
    for (int i = 0; i < INPUTS; i++) {
      moved[i] += h;
    }
    double[] result = new double[1];
    value.evaluate(moved, NONE, NONE, NONE, result);
    return result[0];
  }

  private Program program(List<Expression> outputs) {
    return ProgramCompiler.compile(
        outputs,
        new ProgramInputs(names, List.of(), List.of(), List.of()),
        ProgramCompiler.Options.defaults());
  }

  /**
   * Derives the gradient and compiles it with the value.
   *
   * @return the compiled program, ready to run
   */
  @Benchmark
  public Interpreter compile() {
    List<Expression> outputs = new ArrayList<>(Derivatives.gradient(formula, names));
    outputs.add(formula);
    return new Interpreter(program(outputs));
  }

  /**
   * Evaluates the formula.
   *
   * @return its value
   */
  @Benchmark
  public double value() {
    value.evaluate(theta, NONE, NONE, NONE, results);
    return results[0];
  }

  /**
   * Evaluates the formula and its gradient.
   *
   * @return the value
   */
  @Benchmark
  public double valueAndGradient() {
    valueAndGradient.evaluate(theta, NONE, NONE, NONE, results);
    return results[INPUTS];
  }
}
