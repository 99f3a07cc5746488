package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * A model y = f(x) with the parameters that make data of it, the start of the fit, and the range of
 * x. Data of a problem depend on its number alone.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record FitModel(
    String name,
    String formula,
    List<String> parameters,
    double[] truth,
    double[] start,
    double from,
    double to,
    double noise) {

  static final FitModel LINEAR =
      of("linear", "a + b*x", "a b", new double[] {1, 2}, new double[] {0.5, 1}, 0, 5);
  static final FitModel DECAY =
      of(
          "decay",
          "a*exp(-b*x) + c",
          "a b c",
          new double[] {2, 0.8, 0.5},
          new double[] {1, 0.5, 0.2},
          0,
          6);
  static final FitModel GAUSSIAN =
      of(
          "Gaussian",
          "a*exp(-(x-m)^2/(2*s^2)) + d",
          "a m s d",
          new double[] {3, 0.2, 0.7, 0.5},
          new double[] {2.5, 0, 1, 0.3},
          -3,
          3);
  static final FitModel RATIONAL =
      of(
          "rational",
          "(a + b*x)/(1 + c*x)",
          "a b c",
          new double[] {1, 2, 0.5},
          new double[] {0.8, 1.5, 0.3},
          0,
          6);
  static final FitModel SINE =
      of(
          "sine",
          "a*sin(w*x + f) + d",
          "a w f d",
          new double[] {1.5, 2, 0.4, 0.3},
          new double[] {1.2, 1.9, 0.6, 0.1},
          0,
          6);
  static final FitModel POWER =
      of("power law", "a*x^b", "a b", new double[] {1.3, 1.6}, new double[] {1, 1}, 0.5, 4);
  static final FitModel LOGISTIC =
      of(
          "logistic",
          "a/(1 + exp(-b*(x - c)))",
          "a b c",
          new double[] {4, 1.5, 0.5},
          new double[] {3.5, 1, 0.1},
          -3,
          3);

  private static FitModel of(
      String name,
      String formula,
      String parameters,
      double[] truth,
      double[] start,
      double from,
      double to) {
    return new FitModel(
        name, formula, List.of(parameters.split(" ")), truth, start, from, to, 0.02);
  }

  /** The models of the names above. */
  static List<FitModel> all() {
    return List.of(LINEAR, DECAY, GAUSSIAN, RATIONAL, SINE, POWER, LOGISTIC);
  }

  /** A sum of decays exp(-bx), or for more than 5 parameters of bells exp(-b(x-k)²). */
  static FitModel exponentials(int p) {
    List<String> names = new ArrayList<>();
    StringBuilder formula = new StringBuilder();
    double[] truth = new double[p];
    double[] start = new double[p];
    for (int j = 0; j < p; j += 2) {
      int k = j / 2;
      formula.append(j == 0 ? "" : " + ").append("a").append(k);
      names.add("a" + k);
      truth[j] = 2 - 0.1 * k;
      start[j] = 1.8;
      if (j + 1 < p) {
        names.add("b" + k);
        formula.append("*exp(-b").append(k);
        formula.append(p > 5 ? "*(x-" + k + ")^2)" : "*x)");
        truth[j + 1] = p > 5 ? 3 + 0.2 * k : 0.3 * Math.pow(8, k);
        start[j + 1] = truth[j + 1] * 1.2;
      }
    }
    return new FitModel(
        p + " exponentials", formula.toString(), names, truth, start, 0, p > 5 ? p / 2 : 5, 0.01);
  }

  /** The points of x. */
  double[] x(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = n == 1 ? from : from + (to - from) * i / (n - 1);
    }
    return x;
  }

  /** Data of the problems first, first + 1, … */
  double[][] y(int first, int problems, int n) {
    double[] x = x(n);
    ProgramInputs inputs = new ProgramInputs(parameters, List.of(), List.of("x"), List.of());
    Expression f = Formula.parse(formula).expression();
    Program program =
        ProgramCompiler.compile(List.of(f), inputs, ProgramCompiler.Options.defaults());
    Interpreter interpreter = new Interpreter(program);
    double[][] y = new double[problems][n];
    double[] theta = new double[truth.length];
    double[] value = new double[1];
    for (int i = 0; i < problems; i++) {
      Random random = new Random(77L * (first + i) + name.hashCode());
      for (int j = 0; j < theta.length; j++) {
        theta[j] = truth[j] * (1 + 0.08 * (2 * random.nextDouble() - 1));
      }
      for (int k = 0; k < n; k++) {
        interpreter.evaluate(theta, new double[0], new double[] {x[k]}, new double[0], value);
        y[i][k] = value[0] + noise * random.nextGaussian();
      }
    }
    return y;
  }

  /** The residual model with response y. */
  FormulaModel model() {
    return FormulaModel.of(
        Expression.symbol("y"), Formula.parse(formula).expression(), parameters, List.of("x", "y"));
  }

  /** A problem with these data, shared x, and the start above. */
  LeastSquaresProblem.Builder problem(double[] x, double[][] y, Precision precision) {
    return LeastSquaresProblem.builder(model())
        .column("x", KernelContract.common(x, precision))
        .column("y", KernelContract.own(y, precision))
        .starts(Column.shared(start));
  }

  LeastSquaresProblem.Builder problem(int first, int problems, int n, Precision precision) {
    return problem(x(n), y(first, problems, n), precision);
  }

  @Override
  public String toString() {
    return name;
  }
}
