package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.codegen.Target.Precision;

/** The generated Newton step against dense linear algebra of another library. */
class NewtonCodeTest {

  private enum Shape {
    DENSE,
    /** Neighbours alone act on each other. */
    CHAIN,
    /** The first and the last parameter act on all others, which act on them alone. */
    ARROW;

    boolean isZero(int j, int k, int p) {
      return switch (this) {
        case DENSE -> false;
        case CHAIN -> j - k > 1;
        case ARROW -> j != k && j != p - 1 && k != 0;
      };
    }
  }

  private record Case(Target target, int parameters, Shape shape, boolean bounded) {}

  static Stream<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (Target t : LaneCodeTest.targets().filter(Target::isDouble).toList()) {
      for (int p = 1; p <= KernelCompiler.STRAIGHT_LINE_PARAMETERS; p += p < 6 ? 1 : 5) {
        for (Shape shape : Shape.values()) {
          all.add(new Case(t, p, shape, p % 2 == 0));
        }
      }
    }
    return all.stream();
  }

  private static NewtonOptions options(Case c) {
    List<Boolean> zeros = new ArrayList<>();
    for (int j = 0; j < c.parameters(); j++) {
      for (int k = 0; k <= j; k++) {
        zeros.add(c.shape().isZero(j, k, c.parameters()));
      }
    }
    return new NewtonOptions(c.parameters(), 0, c.bounded(), 1e-6, 0, 0, 100, zeros);
  }

  /** A tile after its first step from Hessians with so much added to their diagonals. */
  private static final class Tile {
    final TileLayout tile;
    final NewtonState state;
    final double[] memory;
    final RealMatrix[] h;
    final RealVector[] g;
    final double[][] theta;

    Tile(Case c, double diagonal) {
      int p = c.parameters();
      int lanes = c.target().lanes();
      tile = new TileLayout(lanes, p, 0);
      state = new NewtonState(tile);
      Procedure step = ProcedureClass.define(new NewtonCode(c.target(), options(c)).generate());
      assertTrue(step.facts().largestMethod() <= ProcedureAssembler.MAXIMUM_METHOD_SIZE);
      memory = new double[step.facts().tileSize()];
      Random random = new Random(p);
      h = new RealMatrix[lanes];
      g = new RealVector[lanes];
      theta = new double[lanes][p];
      for (int l = 0; l < lanes; l++) {
        h[l] = new Array2DRowRealMatrix(p, p);
        g[l] = new ArrayRealVector(p);
        for (int j = 0; j < p; j++) {
          g[l].setEntry(j, 10 * random.nextGaussian());
          theta[l][j] = 100 + random.nextGaussian();
          memory[tile.trial(j) + l] = theta[l][j];
          memory[tile.sum(1 + j, 0) + l] = g[l].getEntry(j);
          memory[state.lower(j) + l] = -1000;
          memory[state.upper(j) + l] = 1000;
          for (int k = 0; k <= j; k++) {
            double entry = j == k ? diagonal + random.nextDouble() : random.nextGaussian();
            if (c.shape().isZero(j, k, p)) {
              // must not be read
              memory[tile.sum(1 + j, 1 + k) + l] = Double.NaN;
            } else {
              h[l].setEntry(j, k, entry);
              h[l].setEntry(k, j, entry);
              memory[tile.sum(1 + j, 1 + k) + l] = entry;
            }
          }
        }
        memory[tile.sum(0, 0) + l] = 25;
      }
      step.run(memory, memory, memory, 0, 0);
      assertEquals(0, memory[state.signal()]);
    }

    RealVector delta(int l) {
      RealVector delta = new ArrayRealVector(theta[l].length);
      for (int j = 0; j < theta[l].length; j++) {
        delta.setEntry(j, memory[tile.trial(j) + l] - theta[l][j]);
      }
      return delta;
    }

    double predicted(int l) {
      RealVector delta = delta(l);
      return -g[l].dotProduct(delta) - 0.5 * delta.dotProduct(h[l].operate(delta));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void firstStepIsNewtonsWhereTheHessianIsPositiveDefinite(Case c) {
    Tile t = new Tile(c, 4 * c.parameters());
    for (int l = 0; l < c.target().lanes(); l++) {
      RealVector newton = new LUDecomposition(t.h[l]).getSolver().solve(t.g[l].mapMultiply(-1));
      assertEquals(25, t.memory[t.state.value() + l]);
      assertEquals(1, t.memory[t.state.evaluations() + l]);
      assertEquals(0, t.memory[t.state.outcome() + l]);
      double predicted = t.predicted(l);
      assertEquals(predicted, t.memory[t.state.predicted() + l], 1e-9 * predicted, c.toString());
      for (int j = 0; j < c.parameters(); j++) {
        assertEquals(t.theta[l][j], t.memory[t.state.theta(j) + l]);
        assertEquals(newton.getEntry(j), t.delta(l).getEntry(j), 1e-10, c.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anyOtherStepGoesDown(Case c) {
    for (double diagonal : new double[] {0, -1, -50}) {
      Tile t = new Tile(c, diagonal);
      for (int l = 0; l < c.target().lanes(); l++) {
        RealVector delta = t.delta(l);
        assertTrue(t.g[l].dotProduct(delta) < 0, c + ": " + delta);
        double predicted = t.predicted(l);
        assertTrue(predicted > 0, c.toString());
        assertEquals(predicted, t.memory[t.state.predicted() + l], 1e-8 * predicted, c.toString());
        for (int j = 0; j < c.parameters(); j++) {
          // an estimated reciprocal cuts a little early or late
          assertTrue(Math.abs(delta.getEntry(j)) <= 2.6 * t.theta[l][j], c + ": " + delta);
        }
      }
    }
  }

  @Test
  void aChainIsEliminatedFromBothEnds() {
    boolean[][] chain = new boolean[6][6];
    for (int j = 0; j < 6; j++) {
      for (int k = 0; k < 6; k++) {
        chain[j][k] = Math.abs(j - k) <= 1;
      }
    }
    assertArrayEquals(new int[] {0, 5, 1, 4, 2, 3}, EliminationOrder.of(chain));
    boolean[][] full = new boolean[3][3];
    for (boolean[] row : full) {
      java.util.Arrays.fill(row, true);
    }
    assertArrayEquals(new int[] {0, 1, 2}, EliminationOrder.of(full));
    // the hub last, and nothing fills up
    boolean[][] star = new boolean[5][5];
    for (int j = 0; j < 5; j++) {
      star[j][j] = true;
      star[0][j] = true;
      star[j][0] = true;
    }
    int[] order = EliminationOrder.of(star);
    assertTrue(order[3] == 0 || order[4] == 0);
    assertFalse(star[1][2]);
  }

  @Test
  void floatLanesAreRefused() {
    Target single = Target.scalar(Precision.FLOAT, true);
    NewtonOptions options = new NewtonOptions(1, 0, false, 0, 0, 0, 1, List.of(false));
    assertThrows(IllegalArgumentException.class, () -> new NewtonCode(single, options));
  }
}
