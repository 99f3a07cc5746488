package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.LUDecomposition;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.codegen.Target.Precision;

/** The generated step and covariance against dense linear algebra of another library. */
class StepCodeTest {

  private record Case(Target target, int parameters) {}

  static Stream<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (Target t : LaneCodeTest.targets().toList()) {
      if (t.precision() == Precision.DOUBLE) {
        for (int p : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 16, 17, 18, 31}) {
          all.add(new Case(t, p));
        }
      }
    }
    return all.stream();
  }

  private static StepOptions options(int p, boolean bounded) {
    return new StepOptions(
        p, 0, true, bounded, false, false, 1e-8, 1e-8, 0, 100, false, 0.01 / StepOptions.DECREASE);
  }

  private static RealMatrix positiveDefinite(Random random, int p) {
    RealMatrix j = new Array2DRowRealMatrix(2 * p + 3, p);
    for (int r = 0; r < 2 * p + 3; r++) {
      for (int c = 0; c < p; c++) {
        j.setEntry(r, c, random.nextGaussian());
      }
    }
    return j.transposeMultiply(j);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void firstStepSolvesTheDampedNormalEquations(Case c) {
    int p = c.parameters();
    int lanes = c.target().lanes();
    TileLayout tile = new TileLayout(lanes, p, 0);
    StateLayout state = new StateLayout(tile);
    for (boolean bounded : new boolean[] {false, true}) {
      Procedure step =
          ProcedureClass.define(new StepCode(c.target(), options(p, bounded)).generate());
      assertTrue(step.facts().largestMethod() <= ProcedureAssembler.MAXIMUM_METHOD_SIZE);
      Random random = new Random(p);
      double[] memory = new double[step.facts().tileSize()];
      RealMatrix[] h = new RealMatrix[lanes];
      RealVector[] g = new RealVector[lanes];
      double[][] theta = new double[lanes][p];
      double lambda = 0.01;
      for (int l = 0; l < lanes; l++) {
        h[l] = positiveDefinite(random, p);
        g[l] = new ArrayRealVector(p);
        for (int j = 0; j < p; j++) {
          g[l].setEntry(j, random.nextGaussian());
          theta[l][j] = 100 + random.nextGaussian();
          memory[tile.trial(j) + l] = theta[l][j];
          memory[tile.sum(1 + j, 0) + l] = g[l].getEntry(j);
          memory[state.lower(j) + l] = -1000;
          memory[state.upper(j) + l] = 1000;
          for (int k = 0; k <= j; k++) {
            memory[tile.sum(1 + j, 1 + k) + l] = h[l].getEntry(j, k);
          }
        }
        memory[tile.sum(0, 0) + l] = 50;
      }
      step.run(memory, memory, memory, 0, 0);
      for (int l = 0; l < lanes; l++) {
        RealMatrix a = h[l].copy();
        for (int j = 0; j < p; j++) {
          a.addToEntry(j, j, lambda * h[l].getEntry(j, j));
        }
        RealVector delta = new LUDecomposition(a).getSolver().solve(g[l].mapMultiply(-1));
        double predicted = -g[l].dotProduct(delta) - 0.5 * delta.dotProduct(h[l].operate(delta));
        assertEquals(25, memory[state.cost() + l]);
        assertEquals(1, memory[state.evaluations() + l]);
        assertEquals(0, memory[state.outcome() + l]);
        assertEquals(predicted, memory[state.predicted() + l], 1e-9 * Math.abs(predicted));
        for (int j = 0; j < p; j++) {
          assertEquals(theta[l][j], memory[state.theta(j) + l]);
          assertEquals(
              theta[l][j] + delta.getEntry(j), memory[tile.trial(j) + l], 1e-10, c.toString());
        }
      }
      assertEquals(0, memory[state.signal()]);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void covarianceIsTheInverse(Case c) {
    int p = c.parameters();
    int lanes = c.target().lanes();
    int triangle = p * (p + 1) / 2;
    Procedure procedure = ProcedureClass.define(new CovarianceCode(c.target(), p).generate());
    double[] memory = new double[procedure.facts().tileSize()];
    Random random = new Random(p);
    RealMatrix[] h = new RealMatrix[lanes];
    for (int l = 0; l < lanes; l++) {
      h[l] = positiveDefinite(random, p);
      for (int j = 0; j < p; j++) {
        for (int k = 0; k <= j; k++) {
          memory[(j * (j + 1) / 2 + k) * lanes + l] = h[l].getEntry(j, k);
        }
      }
    }
    procedure.run(memory, memory, memory, 0, 0);
    for (int l = 0; l < lanes; l++) {
      RealMatrix inverse = new LUDecomposition(h[l]).getSolver().getInverse();
      for (int j = 0; j < p; j++) {
        for (int k = 0; k <= j; k++) {
          assertEquals(
              inverse.getEntry(j, k),
              memory[(triangle + j * (j + 1) / 2 + k) * lanes + l],
              1e-10 * Math.sqrt(inverse.getEntry(j, j) * inverse.getEntry(k, k)),
              c.toString());
        }
      }
      double pivot = memory[2 * triangle * lanes + l];
      assertTrue(pivot > 0 && pivot <= 1, c + ": pivot " + pivot);
    }
  }
}
