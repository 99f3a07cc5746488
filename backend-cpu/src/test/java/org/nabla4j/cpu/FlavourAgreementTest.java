package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.LevenbergMarquardt;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Precision;
import org.nabla4j.result.BatchFit;

/** The scalar and the vector flavour do the same rounded operations. */
class FlavourAgreementTest {

  private record Case(FitModel model, Precision precision) {}

  static Stream<Case> cases() {
    List<FitModel> models = new ArrayList<>(FitModel.all());
    models.add(FitModel.exponentials(8));
    return models.stream()
        .flatMap(m -> Stream.of(Precision.values()).map(precision -> new Case(m, precision)));
  }

  private static void check(LeastSquaresProblem problem, String what) {
    Execution one = Execution.defaults().withParallelism(1);
    LevenbergMarquardt method = LevenbergMarquardt.defaults();
    BatchFit scalar =
        KernelContract.solve(KernelContract.CPU, KernelPreference.SCALAR, problem, method, one);
    BatchFit vector =
        KernelContract.solve(KernelContract.CPU, KernelPreference.VECTOR, problem, method, one);
    assertTrue(scalar.convergedCount() > 0.9 * scalar.problems(), scalar.toString());
    for (int i = 0; i < scalar.problems(); i++) {
      KernelContract.assertSame(scalar, i, vector, i, what);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameBits(Case c) {
    check(c.model().problem(0, 53, 27, c.precision()).build(), c.toString());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameBitsWithEverythingOwn(Case c) {
    FitModel m = c.model();
    double[][] y = m.y(100, 21, 27);
    double[][] x = new double[y.length][];
    double[][] logarithms = new double[y.length][];
    for (int i = 0; i < y.length; i++) {
      x[i] = m.x(27);
      logarithms[i] = y[i].clone();
      for (int k = 0; k < 27; k++) {
        logarithms[i][k] = Math.exp(0.1 * y[i][k]);
      }
    }
    check(
        LeastSquaresProblem.builder(
                FormulaModel.of(
                    Expression.symbol("y").log().times(10),
                    Formula.parse(m.formula()).expression(),
                    m.parameters(),
                    List.of("x", "y")))
            .column("x", KernelContract.own(x, c.precision()))
            .column("y", KernelContract.own(logarithms, c.precision()))
            .starts(Column.shared(m.start()))
            .build(),
        "own x, log(y), " + c);
  }
}
