package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Target.Flavour;
import org.nabla4j.cpu.codegen.Target.Precision;
import org.nabla4j.cpu.codegen.Value.Bits;
import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/** Lane code in every flavour against the same arithmetic in plain Java. */
class LaneCodeTest {

  static Stream<Target> targets() {
    List<Target> all = new ArrayList<>();
    for (boolean fma : new boolean[] {true, false}) {
      for (Precision p : Precision.values()) {
        all.add(Target.scalar(p, fma));
        int element = p == Precision.DOUBLE ? 64 : 32;
        for (int bits : new int[] {128, 256, 512}) {
          all.add(new Target(Flavour.VECTOR, p, bits / element, fma));
        }
      }
    }
    return all.stream();
  }

  @Test
  void thisMachineHasVectors() {
    // the build runs with the vector module: a scalar-only run here would test too little
    assertTrue(Machine.vector(Precision.DOUBLE).isPresent());
  }

  @ParameterizedTest
  @MethodSource("targets")
  void statementsForSeldomConditionsRunWhenAnyLaneNeedsThem(Target target) {
    LaneCode c = new LaneCode(target);
    int n = target.lanes();
    Real a = c.load(Place.tile(0), 0);
    Mask negative = c.lt(a, c.constant(0));
    c.store(Place.tile(n), 0, a);
    c.whenAny(
        negative,
        () -> {
          c.store(Place.tile(n), 0, c.select(negative, c.mul(a, a), a));
          c.store(Place.tile(2 * n), 0, c.constant(1));
        });
    // the product made inside must not be taken for known here
    c.store(Place.tile(3 * n), 0, c.mul(a, a));
    Procedure p =
        ProcedureClass.define(ProcedureClass.generate(c, SharedData.INTERLEAVED, 4 * n, null));
    for (int one = -1; one < n; one++) {
      double[] tile = new double[4 * n];
      for (int l = 0; l < n; l++) {
        tile[l] = l == one ? -3 : l + 2;
      }
      double[] out = run(p, target, tile, new double[] {0});
      for (int l = 0; l < n; l++) {
        assertEquals(l == one ? 9 : l + 2, out[n + l], target.toString());
        assertEquals(one >= 0 ? 1 : 0, out[2 * n + l], target.toString());
        assertEquals(tile[l] * tile[l], out[3 * n + l], target.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void straightLineArithmeticIsExact(Target target) {
    LaneCode c = new LaneCode(target);
    int n = target.lanes();
    Real a = c.load(Place.tile(0), 0);
    Real b = c.load(Place.tile(n), 0);
    Mask less = c.lt(a, b);
    Bits bits = c.toBits(a);
    Real[] results = {
      c.add(a, b),
      c.sub(a, b),
      c.mul(a, b),
      c.div(a, b),
      c.add(c.mul(a, b), c.constant(0.1)),
      c.neg(a),
      c.abs(a),
      c.sqrt(c.abs(b)),
      c.min(a, b),
      c.max(a, b),
      c.select(less, a, b),
      c.select(c.or(c.and(less, c.not(c.eq(a, b))), c.isNaN(b)), c.constant(1), c.constant(2)),
      c.fromBits(c.add(bits, c.bits(3))),
      c.fromBits(c.xor(c.and(bits, c.bits(-8)), c.bits(5))),
      c.fromBits(c.max(c.ashr(bits, 3), c.shl(c.lshr(bits, 5), 2))),
      c.select(c.lt(c.toBits(b), bits), a, c.broadcast(Place.data(Place.Array.SHARED, 1, 0), 0)),
      c.slowPath(c.gt(a, c.constant(0.5)), "sin", a, b),
    };
    for (int k = 0; k < results.length; k++) {
      c.store(Place.tile((2 + k) * n), 0, results[k]);
    }
    int size = (2 + results.length) * n;
    Procedure p =
        ProcedureClass.define(ProcedureClass.generate(c, SharedData.INTERLEAVED, size, null));
    double[] special = {
      0.0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-300, 3.5
    };
    Random random = new Random(7);
    for (int repetition = 0; repetition < 40; repetition++) {
      double[] x = new double[n];
      double[] y = new double[n];
      double[] tile = new double[size];
      for (int l = 0; l < n; l++) {
        x[l] = repetition < 20 ? special[random.nextInt(9)] : random.nextGaussian();
        y[l] = repetition < 10 ? special[random.nextInt(9)] : random.nextGaussian();
        if (!target.isDouble()) {
          x[l] = (float) x[l];
          y[l] = (float) y[l];
        }
        tile[l] = x[l];
        tile[n + l] = y[l];
      }
      double[] out = run(p, target, tile, new double[] {0.25, 0.75});
      for (int l = 0; l < n; l++) {
        double[] expected =
            target.isDouble()
                ? expected(x[l], y[l], 0.75)
                : expectedFloat((float) x[l], (float) y[l], 0.75f);
        for (int k = 0; k < expected.length; k++) {
          assertEquals(
              expected[k],
              out[(2 + k) * n + l],
              0.0,
              target + " result " + k + " of " + x[l] + ", " + y[l]);
        }
      }
    }
  }

  private static double[] expected(double a, double b, double s) {
    long bits = Double.doubleToRawLongBits(a);
    return new double[] {
      a + b,
      a - b,
      a * b,
      a / b,
      a * b + 0.1,
      -a,
      Math.abs(a),
      Math.sqrt(Math.abs(b)),
      Math.min(a, b),
      Math.max(a, b),
      a < b ? a : b,
      a < b || Double.isNaN(b) ? 1 : 2,
      Double.longBitsToDouble(bits + 3),
      Double.longBitsToDouble((bits & -8) ^ 5),
      Double.longBitsToDouble(Math.max(bits >> 3, (bits >>> 5) << 2)),
      Double.doubleToRawLongBits(b) < bits ? a : s,
      a > 0.5 ? StrictMath.sin(a) : b,
    };
  }

  private static double[] expectedFloat(float a, float b, float s) {
    int bits = Float.floatToRawIntBits(a);
    return new double[] {
      a + b,
      a - b,
      a * b,
      a / b,
      a * b + 0.1f,
      -a,
      Math.abs(a),
      (float) Math.sqrt(Math.abs(b)),
      Math.min(a, b),
      Math.max(a, b),
      a < b ? a : b,
      a < b || Double.isNaN(b) ? 1 : 2,
      Float.intBitsToFloat(bits + 3),
      Float.intBitsToFloat((bits & -8) ^ 5),
      Float.intBitsToFloat(Math.max(bits >> 3, (bits >>> 5) << 2)),
      Float.floatToRawIntBits(b) < bits ? a : s,
      a > 0.5f ? (float) StrictMath.sin(a) : b,
    };
  }

  /** Enough statements for several methods, values of every type across the cuts. */
  @ParameterizedTest
  @MethodSource("targets")
  void codeThatIsCutGivesTheSameAsPlainJava(Target target) {
    int n = target.lanes();
    int points = 1000;
    LaneCode c = new LaneCode(target);
    Real p = c.load(Place.tile(0), 0);
    Real scale = c.add(c.mul(p, p), c.constant(1));
    c.loop(1);
    Real x = c.broadcast(Place.data(Place.Array.SHARED, 0, 2), 1);
    Real y = c.load(Place.data(Place.Array.DATA, 8 * n, n), 0);
    Mask mask = c.lt(x, y);
    Bits bits = c.and(c.toBits(y), c.bits(-4));
    Real v = c.mul(x, scale);
    for (int k = 0; k < 400; k++) {
      v = c.add(c.mul(v, c.constant(0.99 - k * 1e-5)), k % 2 == 0 ? y : x);
    }
    Real w = c.add(c.select(mask, v, c.neg(v)), c.fromBits(bits));
    Accumulator first = c.accumulator();
    Accumulator second = c.accumulator();
    c.accumulate(first, w);
    c.accumulate(second, x, v);
    c.straight();
    c.store(Place.tile(n), 0, c.mul(c.accumulated(first), scale));
    c.store(Place.tile(2 * n), 0, c.accumulated(second));
    int size = (8 + points) * n;
    Procedure procedure =
        ProcedureClass.define(ProcedureClass.generate(c, SharedData.INTERLEAVED, size, null));
    assertTrue(procedure.facts().methods() > 2, () -> procedure.facts().toString());
    assertTrue(
        procedure.facts().largestMethod() <= ProcedureAssembler.MAXIMUM_METHOD_SIZE,
        () -> procedure.facts().toString());
    double[] tile = new double[procedure.facts().tileSize()];
    double[] shared = new double[2 * points];
    Random random = new Random(3);
    for (int i = 0; i < tile.length; i++) {
      tile[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < shared.length; i++) {
      shared[i] = (float) random.nextGaussian();
    }
    double[] out = run(procedure, target, tile.clone(), shared, points);
    for (int l = 0; l < n; l++) {
      double[] sums =
          target.isDouble()
              ? plain(target.fma(), tile, shared, n, l, points)
              : plainFloat(target.fma(), tile, shared, n, l, points);
      assertEquals(sums[0], out[n + l], target.toString());
      assertEquals(sums[1], out[2 * n + l], target.toString());
    }
  }

  private static double[] plain(
      boolean fma, double[] tile, double[] shared, int n, int l, int points) {
    double scale = tile[l] * tile[l] + 1;
    double first = 0;
    double second = 0;
    for (int i = 0; i < points; i++) {
      double x = shared[2 * i + 1];
      double y = tile[(8 + i) * n + l];
      double v = x * scale;
      for (int k = 0; k < 400; k++) {
        v = v * (0.99 - k * 1e-5) + (k % 2 == 0 ? y : x);
      }
      first += (x < y ? v : -v) + Double.longBitsToDouble(Double.doubleToRawLongBits(y) & -4);
      second = fma ? Math.fma(x, v, second) : second + x * v;
    }
    return new double[] {first * scale, second};
  }

  private static double[] plainFloat(
      boolean fma, double[] tile, double[] shared, int n, int l, int points) {
    float scale = (float) tile[l] * (float) tile[l] + 1;
    float first = 0;
    float second = 0;
    for (int i = 0; i < points; i++) {
      float x = (float) shared[2 * i + 1];
      float y = (float) tile[(8 + i) * n + l];
      float v = x * scale;
      for (int k = 0; k < 400; k++) {
        v = v * (float) (0.99 - k * 1e-5) + (k % 2 == 0 ? y : x);
      }
      first += (x < y ? v : -v) + Float.intBitsToFloat(Float.floatToRawIntBits(y) & -4);
      second = fma ? Math.fma(x, v, second) : second + x * v;
    }
    return new double[] {first * scale, second};
  }

  private static double[] run(Procedure p, Target target, double[] tile, double[] shared) {
    return run(p, target, tile, shared, 0);
  }

  private static double[] run(
      Procedure p, Target target, double[] tile, double[] shared, int points) {
    if (target.isDouble()) {
      p.run(tile, tile, shared, 0, points);
      return tile;
    }
    float[] t = new float[tile.length];
    float[] s = new float[shared.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = (float) tile[i];
    }
    for (int i = 0; i < s.length; i++) {
      s[i] = (float) shared[i];
    }
    p.run(t, t, s, 0, points);
    double[] out = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      out[i] = t[i];
    }
    return out;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void signalSetsItsElementOnlyIfALaneIsSet(Target target) {
    LaneCode c = new LaneCode(target);
    int n = target.lanes();
    c.signal(n, c.gt(c.load(Place.tile(0), 0), c.constant(0)));
    Procedure p =
        ProcedureClass.define(ProcedureClass.generate(c, SharedData.INTERLEAVED, n + 1, null));
    double[] tile = new double[n + 1];
    assertArrayEquals(new double[n + 1], run(p, target, tile, new double[1]));
    tile = new double[n + 1];
    tile[n - 1] = 1;
    assertEquals(1.0, run(p, target, tile, new double[1])[n]);
  }
}
