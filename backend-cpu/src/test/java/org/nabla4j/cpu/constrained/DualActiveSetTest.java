package org.nabla4j.cpu.constrained;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quadratic programs against the conditions of Karush, Kuhn and Tucker. */
class DualActiveSetTest {

  private static final double INF = Double.POSITIVE_INFINITY;

  private static double[] filled(int n, double value) {
    double[] result = new double[n];
    Arrays.fill(result, value);
    return result;
  }

  private static double[] identity(int n) {
    double[] result = new double[n * n];
    for (int i = 0; i < n; i++) {
      result[i * n + i] = 1;
    }
    return result;
  }

  private static QuadraticProgram program(
      double[] hessian, double[] gradient, int equalities, double[] normals, double... constants) {
    int n = gradient.length;
    return new QuadraticProgram(
        hessian, gradient, equalities, normals, constants, filled(n, -INF), filled(n, INF));
  }

  /** The largest violation of the conditions, with the bounds' multipliers from what is left. */
  private static void assertOptimal(QuadraticProgram program, DualActiveSet solver, String what) {
    int n = program.size();
    double[] d = solver.minimizer();
    double[] lambda = solver.multipliers();
    for (int i = 0; i < program.constraints(); i++) {
      double value = program.product(i, d) + program.constants()[i];
      if (i < program.equalities()) {
        assertEquals(0, value, 1e-9, what);
      } else {
        assertTrue(value >= -1e-9, what + " constraint " + i + " " + value);
        assertTrue(lambda[i] >= 0, what + " multiplier " + lambda[i]);
        assertEquals(0, lambda[i] * value, 1e-7, what);
      }
    }
    for (int j = 0; j < n; j++) {
      double rest = program.gradient()[j];
      for (int k = 0; k < n; k++) {
        rest += program.hessian()[j * n + k] * d[k];
      }
      for (int i = 0; i < lambda.length; i++) {
        rest -= lambda[i] * program.normals()[i * n + j];
      }
      assertTrue(d[j] >= program.lower()[j] - 1e-11, what + " lower bound " + j);
      assertTrue(d[j] <= program.upper()[j] + 1e-11, what + " upper bound " + j);
      boolean low = d[j] <= program.lower()[j] + 1e-11;
      boolean high = d[j] >= program.upper()[j] - 1e-11;
      assertTrue(rest <= 1e-7 || low, what + " gradient " + rest);
      assertTrue(rest >= -1e-7 || high, what + " gradient " + rest);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, 13, 30})
  void randomPrograms(int n) {
    int seed = 100 + n;
    Random random = new Random(seed);
    for (int trial = 0; trial < 60; trial++) {
      double[] root = random.doubles((long) n * n, -1, 1).toArray();
      double[] hessian = new double[n * n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          for (int k = 0; k < n; k++) {
            hessian[i * n + j] += root[i * n + k] * root[j * n + k];
          }
        }
        hessian[i * n + i] += 0.01;
      }
      double[] inside = random.doubles(n, -1, 1).toArray();
      int equalities = random.nextInt(n);
      int m = equalities + random.nextInt(3 * n);
      double[] normals = random.doubles((long) m * n, -1, 1).toArray();
      double[] constants = new double[m];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          constants[i] -= normals[i * n + j] * inside[j];
        }
        constants[i] += i < equalities || random.nextBoolean() ? 0 : random.nextDouble();
      }
      double[] lower = filled(n, -INF);
      double[] upper = filled(n, INF);
      for (int j = 0; j < n; j++) {
        if (random.nextBoolean()) {
          lower[j] = inside[j] - (random.nextBoolean() ? random.nextDouble() : 0);
        }
        if (random.nextInt(3) == 0) {
          upper[j] = inside[j] + random.nextDouble();
        }
      }
      double[] gradient = random.doubles(n, -3, 3).toArray();
      QuadraticProgram program =
          new QuadraticProgram(hessian, gradient, equalities, normals, constants, lower, upper);
      DualActiveSet solver = new DualActiveSet(program);
      String what = "seed " + seed + ", trial " + trial;
      assertEquals(DualActiveSet.Outcome.SOLVED, solver.solve(), what);
      assertOptimal(program, solver, what);
    }
  }

  @Test
  void redundantEqualitiesAreLeftOut() {
    QuadraticProgram program =
        program(identity(2), new double[] {-4, 0}, 3, new double[] {1, 1, 2, 2, 1, -1}, -2, -4, 0);
    DualActiveSet solver = new DualActiveSet(program);
    assertEquals(DualActiveSet.Outcome.SOLVED, solver.solve());
    assertArrayEquals(new double[] {1, 1}, solver.minimizer(), 1e-14);
  }

  @Test
  void contradictingEqualitiesAreInfeasible() {
    QuadraticProgram program =
        program(identity(2), new double[] {-4, 0}, 2, new double[] {1, 1, 2, 2}, -2, -5);
    assertEquals(DualActiveSet.Outcome.INFEASIBLE, new DualActiveSet(program).solve());
  }

  @Test
  void contradictingInequalitiesAreInfeasible() {
    QuadraticProgram program =
        program(identity(2), new double[2], 0, new double[] {1, 0, 0, 1, -1, -1}, -1, -1, 1.999999);
    assertEquals(DualActiveSet.Outcome.INFEASIBLE, new DualActiveSet(program).solve());
    QuadraticProgram bounded =
        new QuadraticProgram(
            identity(1),
            new double[1],
            0,
            new double[] {1},
            new double[] {-3},
            filled(1, 0),
            filled(1, 2));
    assertEquals(DualActiveSet.Outcome.INFEASIBLE, new DualActiveSet(bounded).solve());
  }

  /** Many constraints through one vertex. */
  @Test
  void degenerateVertex() {
    int m = 40;
    double[] normals = new double[2 * m];
    for (int i = 0; i < m; i++) {
      double angle = Math.PI * i / (m - 1) / 2;
      normals[2 * i] = Math.cos(angle);
      normals[2 * i + 1] = Math.sin(angle);
    }
    QuadraticProgram program = program(identity(2), new double[] {3, 4}, 0, normals, filled(m, 0));
    DualActiveSet solver = new DualActiveSet(program);
    assertEquals(DualActiveSet.Outcome.SOLVED, solver.solve());
    assertArrayEquals(new double[2], solver.minimizer(), 1e-14);
    assertOptimal(program, solver, "vertex");
  }

  @Test
  void fixedVariables() {
    QuadraticProgram program =
        new QuadraticProgram(
            identity(2),
            new double[] {-1, -1},
            0,
            new double[] {-1, -1},
            new double[] {1.25},
            new double[] {0.5, -INF},
            new double[] {0.5, INF});
    DualActiveSet solver = new DualActiveSet(program);
    assertEquals(DualActiveSet.Outcome.SOLVED, solver.solve());
    assertArrayEquals(new double[] {0.5, 0.75}, solver.minimizer(), 1e-15);
    assertTrue(solver.isAtBound(0));
    assertFalse(solver.isAtBound(1));
    assertEquals(0.25, solver.multipliers()[0], 1e-14);
  }

  @Test
  void indefiniteOrNotFiniteFails() {
    double[] indefinite = {1, 2, 2, 1};
    assertEquals(
        DualActiveSet.Outcome.FAILED,
        new DualActiveSet(program(indefinite, new double[2], 0, new double[0])).solve());
    double[] undefined = {1, 0, 0, Double.NaN};
    assertEquals(
        DualActiveSet.Outcome.FAILED,
        new DualActiveSet(program(undefined, new double[2], 0, new double[0])).solve());
  }

  /** Where a program has a solution, a high price finds it; where not, the violation is least. */
  @Test
  void elasticPrograms() {
    QuadraticProgram feasible =
        program(identity(2), new double[] {-4, 0}, 1, new double[] {1, 1, -1, 0}, -2, 0.5);
    ElasticProgram elastic = ElasticProgram.solve(feasible, filled(2, 100));
    assertNotNull(elastic);
    assertArrayEquals(new double[] {0.5, 1.5}, elastic.step(), 1e-9);
    assertArrayEquals(new double[] {1.5, 5}, elastic.multipliers(), 1e-8);
    assertTrue(elastic.isActive(0) && elastic.isActive(1));
    QuadraticProgram infeasible =
        program(identity(1), new double[1], 2, new double[] {1, 1}, -1, -3);
    ElasticProgram dearer = ElasticProgram.solve(infeasible, new double[] {10, 20});
    assertNotNull(dearer);
    assertEquals(3, dearer.step()[0], 1e-9);
    assertEquals(-10, dearer.multipliers()[0], 0.1);
    assertEquals(13, dearer.multipliers()[1], 0.1);
    assertFalse(dearer.isActive(0));
    assertTrue(dearer.isActive(1));
  }
}
