package org.nabla4j.cpu.minimize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** A function with its derivatives that runs a search and counts what the search needs. */
final class TestFunction {

  private static final double[] NONE = {};

  private final int p;
  private final Interpreter interpreter;
  private final double[] outputs;
  private int evaluations;
  private int products;

  private TestFunction(Expression f, List<String> parameters) {
    p = parameters.size();
    List<Expression> all = new ArrayList<>();
    all.add(f);
    all.addAll(Derivatives.gradient(f, parameters));
    Derivatives.hessian(f, parameters).forEach(all::addAll);
    ProgramInputs inputs = new ProgramInputs(parameters, List.of(), List.of(), List.of());
    interpreter =
        new Interpreter(ProgramCompiler.compile(all, inputs, ProgramCompiler.Options.defaults()));
    outputs = new double[1 + p + p * p];
  }

  /** A formula of x1 to xp. */
  static TestFunction of(String formula, int p) {
    return new TestFunction(
        Formula.parse(formula).expression(),
        IntStream.rangeClosed(1, p).mapToObj(j -> "x" + j).toList());
  }

  /** Answers what the search needs, once. */
  void answer(Search search) {
    interpreter.evaluate(search.point(), NONE, NONE, NONE, outputs);
    double[] gradient = new double[p];
    double[] hessian = new double[p * p];
    System.arraycopy(outputs, 1, gradient, 0, p);
    System.arraycopy(outputs, 1 + p, hessian, 0, p * p);
    switch (search.need()) {
      case VALUE -> search.tell(outputs[0], null, null);
      case GRADIENT -> search.tell(outputs[0], gradient, null);
      case HESSIAN -> search.tell(outputs[0], gradient, hessian);
      case PRODUCT -> {
        double[] v = search.direction();
        double[] product = new double[p];
        for (int i = 0; i < p; i++) {
          for (int j = 0; j < p; j++) {
            product[i] += hessian[i * p + j] * v[j];
          }
        }
        products++;
        evaluations--;
        search.tell(Double.NaN, product, null);
      }
      case NOTHING -> throw new IllegalStateException("the search has ended");
    }
    evaluations++;
  }

  /** f at a point. */
  double value(double[] theta) {
    interpreter.evaluate(theta, NONE, NONE, NONE, outputs);
    return outputs[0];
  }

  /** The gradient at a point. */
  double[] gradient(double[] theta) {
    interpreter.evaluate(theta, NONE, NONE, NONE, outputs);
    return Arrays.copyOfRange(outputs, 1, 1 + p);
  }

  /** The Hessian at a point. */
  double[] hessian(double[] theta) {
    interpreter.evaluate(theta, NONE, NONE, NONE, outputs);
    return Arrays.copyOfRange(outputs, 1 + p, 1 + p + p * p);
  }

  /** Runs a search to its end. */
  <S extends Search> S run(S search) {
    while (search.need() != Search.Need.NOTHING) {
      answer(search);
    }
    return search;
  }

  /** How often f was evaluated. */
  int evaluations() {
    return evaluations;
  }

  /** How often a product with the Hessian was asked for. */
  int products() {
    return products;
  }
}
