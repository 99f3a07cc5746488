package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;

/**
 * Bounded and robust fits against SciPy's {@code least_squares}, their standard errors against the
 * formulas of statsmodels' {@code RLM}; the answers, and the script that makes them, are among the
 * resources.
 */
abstract class SciPyAgreementContract extends KernelContract {

  SciPyAgreementContract(KernelPreference flavour) {
    super(flavour);
  }

  /** The lines of one case, by their first word. */
  record Case(Map<String, String> lines) {

    String text(String key) {
      return Objects.requireNonNull(lines.get(key), key);
    }

    double[] numbers(String key) {
      String[] words = text(key).split(" ", -1);
      double[] values = new double[words.length];
      for (int i = 0; i < words.length; i++) {
        values[i] = Double.parseDouble(words[i]);
      }
      return values;
    }

    Loss loss() {
      String[] words = text("loss").split(" ", -1);
      double delta = Double.parseDouble(words[1]);
      return switch (words[0]) {
        case "linear" -> Loss.linear();
        case "huber" -> Loss.huber(delta);
        case "soft_l1" -> Loss.softL1(delta);
        case "cauchy" -> Loss.cauchy(delta);
        case "tukey" -> Loss.tukey(delta);
        default -> throw new IllegalArgumentException(words[0]);
      };
    }

    @Override
    public String toString() {
      return text("case");
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    Map<String, String> lines = new HashMap<>();
    try (InputStream in = SciPyAgreementContract.class.getResourceAsStream("scipy_fits.txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isEmpty()) {
          cases.add(new Case(lines));
          lines = new HashMap<>();
        } else {
          int space = line.indexOf(' ');
          lines.put(line.substring(0, space), line.substring(space + 1));
        }
      }
    }
    assertTrue(cases.size() > 30, cases.size() + " cases");
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inDouble(Case c) {
    check(c, Precision.DOUBLE, 1e-7);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inFloat(Case c) {
    check(c, Precision.SINGLE, 2e-3);
  }

  private void check(Case c, Precision precision, double share) {
    int copies = 9;
    double[][] y = new double[copies][];
    for (int i = 0; i < copies; i++) {
      y[i] = c.numbers("y");
    }
    double[] lower = c.numbers("lower");
    double[] upper = c.numbers("upper");
    BatchFit fits =
        solve(
            LeastSquaresProblem.builder(
                    FormulaModel.of(
                        Expression.symbol("y"),
                        Formula.parse(c.text("formula")).expression(),
                        List.of(c.text("parameters").split(" ", -1)),
                        List.of("x", "y")))
                .column("x", common(c.numbers("x"), precision))
                .column("y", own(y, precision))
                .starts(Column.shared(c.numbers("start")))
                .bounds(lower, upper)
                .loss(c.loss())
                .build());
    double[] theta = c.numbers("theta");
    double cost = c.numbers("cost")[0];
    double[] errors = c.numbers("errors");
    for (int i = 0; i < copies; i++) {
      assertTrue(fits.converged(i), fits.statusMessage(i));
      assertEquals(cost, fits.cost(i), share * cost, "cost");
      for (int j = 0; j < theta.length; j++) {
        double value = fits.parameter(i, j);
        assertEquals(theta[j], value, share * Math.abs(theta[j]), "parameter " + j);
        double error = fits.standardError(i, j);
        assertEquals(errors[j], error, 5 * share * errors[j], "error of parameter " + j);
        assertTrue(lower[j] <= value && value <= upper[j], "bounds of parameter " + j);
        if (theta[j] == lower[j] || theta[j] == upper[j]) {
          assertEquals(theta[j], value, "held parameter " + j);
          assertTrue(fits.get(i).isAtBound(fits.parameterNames().get(j)));
        }
      }
    }
  }
}
