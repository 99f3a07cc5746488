package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Target.Flavour;
import org.nabla4j.cpu.codegen.Target.Precision;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.ScalarMath;
import org.nabla4j.program.Opcode;

/**
 * Emitted functions, as generated code runs them, against tables of higher precision, against
 * StrictMath on random arguments, and at special arguments.
 */
class ElementaryFunctionsTest {

  private static final Set<Opcode> EXACT =
      EnumSet.of(Opcode.ABS, Opcode.SIGN, Opcode.MIN, Opcode.MAX, Opcode.SQRT);

  private static final Set<Opcode> APPROXIMATE =
      EnumSet.of(
          Opcode.POW,
          Opcode.CBRT,
          Opcode.EXP,
          Opcode.EXPM1,
          Opcode.LOG,
          Opcode.LOG1P,
          Opcode.LOG2,
          Opcode.LOG10,
          Opcode.SIN,
          Opcode.COS,
          Opcode.TAN,
          Opcode.ASIN,
          Opcode.ACOS,
          Opcode.ATAN,
          Opcode.ATAN2,
          Opcode.SINH,
          Opcode.COSH,
          Opcode.TANH,
          Opcode.HYPOT,
          Opcode.ERF,
          Opcode.ERFC,
          Opcode.LGAMMA,
          Opcode.DIGAMMA,
          Opcode.TRIGAMMA,
          Opcode.LOGISTIC,
          Opcode.SOFTPLUS);

  private static final double[] SPECIAL = {
    0.0,
    -0.0,
    Double.NaN,
    Double.longBitsToDouble(0xfff8000000000000L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    -Double.MIN_VALUE,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    3 * Double.MIN_VALUE,
    -3 * Float.MIN_VALUE,
    Double.MIN_NORMAL,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Math.nextDown(Float.MIN_NORMAL),
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    1e-30,
    -1e-30,
    1e30,
    -1e30,
    -1e300,
    1,
    -1,
    2,
    -2,
    3,
    -3,
    0.5,
    -0.5,
    1.5,
    -1.5,
    20,
    -20,
    1000,
    -1000,
    0x1p24,
    -0x1p24 - 2,
    0x1p24 - 1,
    -0x1p53,
    0x1p53 - 1,
    -0x1p52 - 1,
  };

  /** Error allowed, in units in the last place. */
  private static double bound(Opcode op) {
    return op == Opcode.EXP || op == Opcode.LOG ? 1 : 2;
  }

  static Stream<Target> scalars() {
    return targets().filter(t -> !t.isVector());
  }

  static Stream<Target> targets() {
    List<Target> all = new ArrayList<>();
    for (Precision p : Precision.values()) {
      for (boolean fma : new boolean[] {true, false}) {
        all.add(Target.scalar(p, fma));
        all.add(new Target(Flavour.VECTOR, p, p == Precision.DOUBLE ? 4 : 8, fma));
      }
    }
    return all.stream();
  }

  static Stream<Arguments> targetsAndFunctions() {
    return scalars()
        .flatMap(
            t ->
                Stream.concat(APPROXIMATE.stream(), Stream.of(Opcode.EXP2))
                    .map(op -> Arguments.of(t, op)));
  }

  // ---- tables of higher precision

  @ParameterizedTest
  @MethodSource("targetsAndFunctions")
  void isWithinItsBoundOfTheTables(Target target, Opcode op) {
    List<double[]> table = table(target, op);
    assertTrue(table.size() >= 20, "table of " + op);
    double[] x = column(table, 0);
    double[] y = column(table, 1);
    double[] values = evaluate(target, op, x, y);
    for (int i = 0; i < x.length; i++) {
      double high = table.get(i)[2];
      double low = table.get(i)[3];
      double error = Math.abs((values[i] - high) - low) / ulp(target, high);
      String point = op + "(" + x[i] + ", " + y[i] + ") = " + values[i] + " on " + target;
      assertTrue(error <= bound(op), point + ", is " + high + ", error " + error + " ulp");
    }
  }

  private static final Map<Opcode, List<double[]>> DOUBLE_TABLES = new EnumMap<>(Opcode.class);
  private static final Map<Opcode, List<double[]>> FLOAT_TABLES = new EnumMap<>(Opcode.class);

  /** Rows of x, y, the value rounded to double, and the rest of the value. */
  private static synchronized List<double[]> table(Target target, Opcode op) {
    return (target.isDouble() ? DOUBLE_TABLES : FLOAT_TABLES)
        .computeIfAbsent(op, o -> read(target.precision(), o));
  }

  private static List<double[]> read(Precision precision, Opcode op) {
    String name = "golden/" + op.name().toLowerCase(Locale.ROOT) + ".txt";
    List<double[]> rows = new ArrayList<>();
    try (InputStream in = ElementaryFunctionsTest.class.getResourceAsStream(name);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    Objects.requireNonNull(in, name), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] f = line.split(" ", -1);
        if (f[0].equals(precision.name().toLowerCase(Locale.ROOT))) {
          double x = Double.parseDouble(f[1]);
          double y = op.arity() == 2 ? Double.parseDouble(f[2]) : 0;
          rows.add(
              new double[] {
                x, y, Double.parseDouble(f[f.length - 2]), Double.parseDouble(f[f.length - 1])
              });
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  // ---- special arguments

  @ParameterizedTest
  @MethodSource("targets")
  void specialArgumentsGiveWhatMathGives(Target target) {
    Set<Opcode> all = EnumSet.copyOf(APPROXIMATE);
    all.addAll(EXACT);
    for (Opcode op : all) {
      List<double[]> arguments = new ArrayList<>();
      for (double x : SPECIAL) {
        if (op.arity() == 1) {
          arguments.add(new double[] {x, 0});
        } else {
          for (double y : SPECIAL) {
            arguments.add(new double[] {x, y});
          }
        }
      }
      double[] x = inPrecision(target, column(arguments, 0));
      double[] y = inPrecision(target, column(arguments, 1));
      double[] values = evaluate(target, op, x, y);
      for (int i = 0; i < x.length; i++) {
        double expected = ScalarMath.apply(Op.valueOf(op.name()), x[i], y[i], 0);
        double rounded = target.isDouble() ? expected : (float) expected;
        String point = op + "(" + x[i] + ", " + y[i] + ") on " + target;
        if (rounded == 0 || !Double.isFinite(rounded) || EXACT.contains(op)) {
          assertEquals(rounded, values[i], point);
        } else {
          double error = Math.abs(values[i] - expected);
          double allowed = (bound(op) + 1.5) * ulp(target, expected) + referenceError(op);
          assertTrue(error <= allowed, point + " = " + values[i] + ", not " + expected);
        }
      }
    }
  }

  /** The absolute error that {@link ScalarMath} admits, beside some last places. */
  private static double referenceError(Opcode op) {
    return op == Opcode.LGAMMA || op == Opcode.DIGAMMA || op == Opcode.TRIGAMMA ? 2e-15 : 0;
  }

  @ParameterizedTest
  @MethodSource("targets")
  void powersOfTwoForProgramsAreZeroInfiniteOrNotANumberWhereTheyShould(Target target) {
    double least = target.isDouble() ? -1022 : -126;
    double most = target.isDouble() ? 1023 : 127;
    double[] x = {
      Double.NaN,
      Double.NEGATIVE_INFINITY,
      -Float.MAX_VALUE,
      2 * least,
      least - 1,
      least,
      most,
      most + 1.01,
      2 * most,
      Float.MAX_VALUE,
      Double.POSITIVE_INFINITY,
      0,
      -0.0,
      1
    };
    double infinity = Double.POSITIVE_INFINITY;
    double[] expected = {
      Double.NaN,
      0,
      0,
      0,
      0,
      Math.pow(2, least),
      Math.pow(2, most),
      infinity,
      infinity,
      infinity,
      infinity,
      1,
      1,
      2
    };
    assertArrayEquals(expected, evaluate(target, Opcode.EXP2, x, x), target.toString());
    // as a product, which is not rounded where multiply-add is fused
    double[] twos = new double[x.length];
    Arrays.fill(twos, 2);
    double[] halves = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      halves[i] = x[i] / 2;
    }
    double[] values =
        evaluate(
            target,
            (c, a, b) -> ElementaryFunctions.emit(c, Opcode.EXP2, c.mul(a, b), null),
            halves,
            twos);
    assertArrayEquals(expected, values, target.toString());
  }

  @ParameterizedTest
  @MethodSource("scalars")
  void resultsThatAreNumbersOfTheFormatAreExact(Target target) {
    int least = target.isDouble() ? -1074 : -149;
    int most = target.isDouble() ? 1023 : 127;
    double[] exponents = IntStream.rangeClosed(least, most).asDoubleStream().toArray();
    double[] powersOf2 = Arrays.stream(exponents).map(k -> Math.pow(2, k)).toArray();
    assertArrayEquals(exponents, evaluate(target, Opcode.LOG2, powersOf2, powersOf2));
    double[] twos = new double[exponents.length];
    Arrays.fill(twos, 2);
    assertArrayEquals(powersOf2, evaluate(target, Opcode.POW, twos, exponents));

    double[] bases =
        IntStream.range(0, 1000).asDoubleStream().map(i -> 1 + Math.floor(i / 10)).toArray();
    double[] integerPowers = IntStream.range(0, 1000).asDoubleStream().map(i -> i % 10).toArray();
    double[] exact = new double[bases.length];
    double integers = target.isDouble() ? 0x1p53 : 0x1p24;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = Math.pow(bases[i], integerPowers[i]);
      if (exact[i] > integers) {
        integerPowers[i] = 1;
        exact[i] = bases[i];
      }
    }
    assertArrayEquals(exact, evaluate(target, Opcode.POW, bases, integerPowers));

    double[] digits =
        IntStream.rangeClosed(0, target.isDouble() ? 22 : 10).asDoubleStream().toArray();
    double[] powersOf10 = Arrays.stream(digits).map(k -> Math.pow(10, k)).toArray();
    assertArrayEquals(digits, evaluate(target, Opcode.LOG10, powersOf10, powersOf10));

    double[] roots = IntStream.rangeClosed(-200, 200).asDoubleStream().toArray();
    double[] cubes = Arrays.stream(roots).map(k -> k * k * k).toArray();
    assertArrayEquals(roots, evaluate(target, Opcode.CBRT, cubes, cubes));
  }

  @Test
  void refusesWhatIsNoFunction() {
    LaneCode c = new LaneCode(Target.scalar(Precision.DOUBLE, true));
    assertThrows(
        IllegalArgumentException.class,
        () -> ElementaryFunctions.emit(c, Opcode.ADD, c.constant(1), c.constant(2)));
  }

  // ---- random arguments

  @ParameterizedTest
  @MethodSource("scalars")
  void randomArgumentsGiveWhatStrictMathGives(Target target) {
    long seed = 20240607;
    Random random = new Random(seed);
    for (Opcode op : APPROXIMATE) {
      int count = 3000;
      double[] x = new double[count];
      double[] y = new double[count];
      for (int i = 0; i < count; i++) {
        x[i] = randomArgument(random, target);
        y[i] = i % 2 == 0 ? randomArgument(random, target) : random.nextGaussian() * 5;
      }
      x = inPrecision(target, x);
      y = inPrecision(target, y);
      double[] values = evaluate(target, op, x, y);
      for (int i = 0; i < count; i++) {
        double expected = strict(op, x[i], y[i]);
        if (Double.isNaN(expected)) {
          continue;
        }
        double rounded = target.isDouble() ? expected : (float) expected;
        String point = op + "(" + x[i] + ", " + y[i] + ") on " + target + ", seed " + seed;
        if (Double.isInfinite(rounded)) {
          assertEquals(rounded, values[i], point);
          continue;
        }
        double error = Math.abs(values[i] - expected) / ulp(target, expected);
        assertTrue(error <= bound(op) + 1, point + " = " + values[i] + ", not " + expected);
      }
    }
  }

  /** Any exponent, or one near 0. */
  private static double randomArgument(Random random, Target target) {
    int range = random.nextBoolean() ? 3 : target.isDouble() ? 1070 : 140;
    double magnitude = Math.pow(2, (2 * random.nextDouble() - 1) * range);
    return random.nextBoolean() ? magnitude : -magnitude;
  }

  /** NaN for what StrictMath does not have. */
  private static double strict(Opcode op, double x, double y) {
    return switch (op) {
      case POW -> StrictMath.pow(x, y);
      case CBRT -> StrictMath.cbrt(x);
      case EXP -> StrictMath.exp(x);
      case EXPM1 -> StrictMath.expm1(x);
      case LOG -> StrictMath.log(x);
      case LOG1P -> StrictMath.log1p(x);
      case LOG10 -> StrictMath.log10(x);
      case SIN -> StrictMath.sin(x);
      case COS -> StrictMath.cos(x);
      case TAN -> StrictMath.tan(x);
      case ASIN -> StrictMath.asin(x);
      case ACOS -> StrictMath.acos(x);
      case ATAN -> StrictMath.atan(x);
      case ATAN2 -> StrictMath.atan2(x, y);
      case SINH -> StrictMath.sinh(x);
      case COSH -> StrictMath.cosh(x);
      case TANH -> StrictMath.tanh(x);
      case HYPOT -> StrictMath.hypot(x, y);
      default -> Double.NaN;
    };
  }

  @ParameterizedTest
  @MethodSource("targets")
  void vectorsGiveWhatOneLaneGives(Target target) {
    Random random = new Random(11);
    Target one = Target.scalar(target.precision(), target.fma());
    for (Opcode op : APPROXIMATE) {
      double[] x = new double[64];
      double[] y = new double[64];
      for (int i = 0; i < x.length; i++) {
        x[i] = randomArgument(random, target);
        y[i] = random.nextGaussian() * 3;
      }
      x = inPrecision(target, x);
      y = inPrecision(target, y);
      assertArrayEquals(evaluate(one, op, x, y), evaluate(target, op, x, y), op + " on " + target);
    }
  }

  // ---- running generated code

  private interface Emission {
    Real emit(LaneCode c, Real a, Real b);
  }

  private static double[] evaluate(Target target, Opcode op, double[] x, double[] y) {
    return evaluate(target, (c, a, b) -> ElementaryFunctions.emit(c, op, a, b), x, y);
  }

  /** Lanes of x, lanes of y and lanes of the result are the tile. */
  private static double[] evaluate(Target target, Emission function, double[] x, double[] y) {
    int n = target.lanes();
    LaneCode c = new LaneCode(target);
    Real a = c.load(Place.tile(0), 0);
    Real b = c.load(Place.tile(n), 0);
    c.store(Place.tile(2 * n), 0, function.emit(c, a, b));
    Procedure procedure =
        ProcedureClass.define(ProcedureClass.generate(c, SharedData.INTERLEAVED, 3 * n, null));
    int size = procedure.facts().tileSize();
    double[] values = new double[x.length];
    for (int start = 0; start < x.length; start += n) {
      double[] tile = new double[size];
      for (int l = 0; l < n; l++) {
        tile[l] = x[Math.min(start + l, x.length - 1)];
        tile[n + l] = y[Math.min(start + l, x.length - 1)];
      }
      double[] out = run(procedure, target, tile);
      for (int l = 0; l < n && start + l < x.length; l++) {
        values[start + l] = out[2 * n + l];
      }
    }
    return values;
  }

  private static double[] run(Procedure procedure, Target target, double[] tile) {
    if (target.isDouble()) {
      procedure.run(tile, tile, new double[1], 0, 0);
      return tile;
    }
    float[] t = new float[tile.length];
    for (int i = 0; i < t.length; i++) {
      t[i] = (float) tile[i];
    }
    procedure.run(t, t, new float[1], 0, 0);
    double[] out = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      out[i] = t[i];
    }
    return out;
  }

  private static double ulp(Target target, double v) {
    return target.isDouble() ? Math.ulp(v) : Math.ulp((float) v);
  }

  private static double[] inPrecision(Target target, double[] v) {
    double[] rounded = v.clone();
    if (!target.isDouble()) {
      for (int i = 0; i < v.length; i++) {
        rounded[i] = (float) v[i];
      }
    }
    return rounded;
  }

  private static double[] column(List<double[]> rows, int k) {
    double[] column = new double[rows.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = rows.get(i)[k];
    }
    return column;
  }
}
