package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nabla4j.expression.Expression;

/** Losses: scalar against expression, weight against the slope of ρ, values against SciPy 1.17. */
class LossTest {

  private static final List<Loss> LOSSES =
      List.of(
          Loss.linear(),
          Loss.huber(1.345),
          Loss.softL1(0.8),
          Loss.cauchy(2.385),
          Loss.tukey(4.685));

  private static final double[] SQUARES = {0, 1e-12, 0.01, 0.5, 1, 1.8, 1.82, 5, 21.9, 22, 1e4};

  @Test
  void expressionsAgreeWithScalars() {
    Expression s = Expression.symbol("s");
    for (Loss loss : LOSSES) {
      for (double square : SQUARES) {
        Map<String, Double> at = Map.of("s", square);
        double rho = loss.rho(square);
        assertEquals(rho, loss.rho(s).evaluate(at), 1e-14 * rho, loss + " at " + square);
        assertEquals(loss.weight(square), loss.weight(s).evaluate(at), 1e-14, loss.toString());
        double slope = loss.influenceSlope(square);
        assertEquals(slope, loss.influenceSlope(s).evaluate(at), 1e-14, loss + " at " + square);
      }
    }
  }

  @Test
  void weightIsTheSlope() {
    for (Loss loss : LOSSES) {
      for (double square : new double[] {0.01, 0.5, 1, 1.7, 5, 21, 23, 1e4}) {
        double h = 1e-5 * square;
        double slope = (loss.rho(square + h) - loss.rho(square - h)) / (2 * h);
        assertEquals(slope, loss.weight(square), 1e-8, loss + " at " + square);
      }
      assertEquals(0, loss.rho(0.0));
      assertEquals(1, loss.weight(0.0));
    }
  }

  @Test
  void influenceSlopeIsThatOfResidualTimesWeight() {
    for (Loss loss : LOSSES) {
      for (double r : new double[] {-7, -1.3, -0.2, 0.1, 0.7, 1.3, 4, 5, 100}) {
        double h = 1e-5 * Math.abs(r);
        double above = (r + h) * loss.weight((r + h) * (r + h));
        double below = (r - h) * loss.weight((r - h) * (r - h));
        assertEquals(
            (above - below) / (2 * h), loss.influenceSlope(r * r), 1e-8, loss + " at " + r);
      }
      assertEquals(1, loss.influenceSlope(0.0));
      assertTrue(loss.isLinear() || Double.isNaN(loss.influenceSlope(Double.NaN)));
    }
  }

  @Test
  void valuesOfScipy() {
    // C²·rho(z/C²) of scipy.optimize.least_squares with f_scale C.
    assertEquals(4.205997859474434, Loss.huber(1.345).rho(5.0), 1e-14);
    assertEquals(2.5197894678521338, Loss.softL1(0.8).rho(5.0), 1e-14);
    assertEquals(3.587816175831117, Loss.cauchy(2.385).rho(5.0), 1e-12);
  }

  @Test
  void smallResidualsDoNotCancel() {
    for (Loss loss : LOSSES) {
      assertEquals(1e-14, loss.rho(1e-14), 1e-27, loss.toString());
    }
  }

  @Test
  void notANumberStaysSo() {
    for (Loss loss : LOSSES) {
      assertTrue(Double.isNaN(loss.rho(Double.NaN)), loss.toString());
    }
    assertTrue(Double.isNaN(Loss.tukey(1).weight(Double.NaN)));
  }

  @Test
  void equalityIsByShapeAndScale() {
    assertEquals(Loss.huber(1.5), Loss.huber(1.5));
    assertEquals(Loss.huber(1.5).hashCode(), Loss.huber(1.5).hashCode());
    assertNotEquals(Loss.huber(1.5), Loss.huber(1.6));
    assertNotEquals(Loss.huber(1.5), Loss.cauchy(1.5));
    assertEquals("soft_l1(1.5)", Loss.softL1(1.5).toString());
    assertTrue(Loss.linear().isLinear());
  }

  @Test
  void scaleIsChecked() {
    for (double delta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "delta = " + delta + ", expected a finite value > 0",
          assertThrows(IllegalArgumentException.class, () -> Loss.huber(delta)).getMessage());
    }
  }
}
