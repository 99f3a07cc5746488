package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;

/** The functions that peers are given are the formulas that the library is given. */
class ValleyTest {

  @ParameterizedTest
  @EnumSource(Valley.class)
  void derivativesByHandAreThoseOfTheFormula(Valley valley) {
    int p = valley.parameters();
    List<String> names = IntStream.rangeClosed(1, p).mapToObj(j -> "x" + j).toList();
    Expression f = Formula.parse(valley.formula()).expression();
    List<Expression> gradient = Derivatives.gradient(f, names);
    List<List<Expression>> hessian = Derivatives.hessian(f, names);
    double[] g = new double[p];
    double[][] h = new double[p][p];
    for (double[] x : valley.starts(20)) {
      Map<String, Double> values = new HashMap<>();
      for (int j = 0; j < p; j++) {
        values.put(names.get(j), x[j]);
      }
      valley.gradient(x, g);
      valley.hessian(x, h);
      assertEquals(f.evaluate(values), valley.value(x), 1e-10 * valley.value(x));
      for (int j = 0; j < p; j++) {
        assertEquals(gradient.get(j).evaluate(values), g[j], 1e-9);
        for (int k = 0; k < p; k++) {
          assertEquals(hessian.get(j).get(k).evaluate(values), h[j][k], 1e-9);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MinimizePeer.class)
  void peersFindMinima(MinimizePeer peer) {
    for (Valley valley : Valley.values()) {
      int right = 0;
      double[][] starts = valley.starts(50);
      for (double[] x : starts) {
        assertTrue(peer.minimize(valley, x) > 0);
        right += ValleyAnswers.isRight(valley, x, 1e-3) ? 1 : 0;
      }
      assertTrue(right >= 45, peer + " on " + valley + ": " + right + " of 50");
    }
  }

  @ParameterizedTest
  @EnumSource(Valley.class)
  void onlyMinimaAreRight(Valley valley) {
    double[] minimum = new double[valley.parameters()];
    java.util.Arrays.fill(minimum, 1);
    assertTrue(ValleyAnswers.isRight(valley, minimum, 1e-9));
    double[] elsewhere = minimum.clone();
    elsewhere[0] = 1.1;
    assertFalse(ValleyAnswers.isRight(valley, elsewhere, 1e-6));
    double[] failed = new double[valley.parameters()];
    java.util.Arrays.fill(failed, Double.NaN);
    assertFalse(ValleyAnswers.isRight(valley, failed, 1e-6));
    double[][] answers = {minimum, elsewhere};
    assertThrows(
        IllegalStateException.class,
        () -> ValleyAnswers.require(valley, answers, 1e-6, "a test", 0.1));
  }
}
