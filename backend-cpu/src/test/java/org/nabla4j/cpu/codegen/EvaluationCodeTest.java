package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.codegen.EvaluationCode.Layout;
import org.nabla4j.cpu.codegen.Target.Precision;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.Loss;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** Kernels of every layout and flavour against sums made from the interpreted derivatives. */
class EvaluationCodeTest {

  private static final int POINTS = 37;

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Model(String formula, String... parameters) {}

  private static final List<Model> MODELS =
      List.of(
          new Model("a*exp(-b*x)+c", "a", "b", "c"),
          new Model("a*exp(-0.5*((x-m)/s)^2)+c", "a", "m", "s", "c"),
          new Model("a*exp(-0.5*(((x-m)/s)^2+((z-k)/s)^2))+c", "a", "m", "k", "s", "c"),
          new Model("a+b*x+c*z", "a", "b", "c"),
          new Model("a*sin(b*x+c)+d*log(2+z*e)", "a", "b", "c", "d", "e"),
          new Model("a*exp(-b*x)+c*exp(-d*x)+g*exp(-h*z)+k*x", "a", "b", "c", "d", "g", "h", "k"),
          new Model(
              "a*exp(-b*x)+c*exp(-d*x)+g*exp(-h*z)+k*x+l*x^2+m*tanh(o*z)+p*q^2",
              "a",
              "b",
              "c",
              "d",
              "g",
              "h",
              "k",
              "l",
              "m",
              "o",
              "p",
              "q"));

  private record Case(Model model, Target target, Layout layout, boolean robust) {}

  static Stream<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (Model m : MODELS) {
      for (Target t : LaneCodeTest.targets().toList()) {
        for (Layout l : Layout.values()) {
          all.add(new Case(m, t, l, false));
        }
        all.add(new Case(m, t, Layout.BATCH, true));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sumsAreThoseOfTheDerivatives(Case c) {
    // y belongs to each problem, z too; x is shared
    Expression residual =
        Formula.parse(c.model().formula()).expression().minus(Expression.symbol("y"));
    List<String> parameters = List.of(c.model().parameters());
    boolean stream = c.layout() == Layout.STREAM;
    ProgramInputs inputs =
        new ProgramInputs(
            parameters,
            List.of(),
            stream ? List.of("x", "z", "y") : List.of("x"),
            stream ? List.of() : List.of("z", "y"));
    Loss loss = c.robust() ? Loss.cauchy(0.7) : null;
    ProgramCompiler.Options options =
        ProgramCompiler.Options.defaults().withStream(stream).withFma(c.target().fma());
    LeastSquaresProgram least = LeastSquaresProgram.of(residual, inputs, loss, options);
    EvaluationCode code = new EvaluationCode(least, c.target(), c.layout());
    Procedure procedure = ProcedureClass.define(code.generate());
    int p = parameters.size();
    int lanes = c.target().lanes();
    int problems = stream ? 1 : lanes;
    int points = stream ? POINTS / lanes * lanes : POINTS;
    Random random = new Random(5);
    double[][] theta = new double[problems][p];
    double[] x = new double[points];
    double[][] z = new double[problems][points];
    double[][] y = new double[problems][points];
    fill(random, x);
    for (int b = 0; b < problems; b++) {
      fill(random, theta[b]);
      fill(random, z[b]);
      fill(random, y[b]);
    }
    double[] tile = new double[procedure.facts().tileSize()];
    for (int j = 0; j < p; j++) {
      for (int l = 0; l < lanes; l++) {
        tile[code.tile().trial(j) + l] = theta[stream ? 0 : l][j];
      }
    }
    for (int l = 0; l < lanes; l++) {
      tile[code.tile().points() + l] = stream ? points / lanes : points;
    }
    int stride = code.dataStride();
    double[] data = new double[Math.max(1, stride * points)];
    double[] out;
    if (stream) {
      out = run(procedure, c.target(), tile, data, new double[][] {x, z[0], y[0]}, points);
    } else {
      for (int i = 0; i < points; i++) {
        for (int l = 0; l < lanes; l++) {
          data[i * stride + l] = z[l][i];
          data[i * stride + lanes + l] = y[l][i];
        }
      }
      out = run(procedure, c.target(), tile, data, shared(least, code, x), points);
    }
    double tolerance = c.target().isDouble() ? 1e-11 : 2e-3;
    for (int b = 0; b < problems; b++) {
      double[] expected = sums(residual, parameters, loss, theta[b], x, z[b], y[b]);
      double[] scales = new double[p + 1];
      for (int j = 0; j <= p; j++) {
        scales[j] = Math.sqrt(Math.max(1, expected[j * (j + 1) / 2 + j]));
      }
      if (c.layout() == Layout.ROWS) {
        continue; // its sums are checked by rowsAreResidualAndJacobian
      }
      for (int j = 0; j <= p; j++) {
        for (int k = 0; k <= j; k++) {
          double sum = 0;
          for (int l = 0; l < lanes; l++) {
            sum += !stream && l != b ? 0 : out[code.tile().sum(j, k) + l];
          }
          assertEquals(
              expected[j * (j + 1) / 2 + k],
              sum,
              tolerance * scales[j] * scales[k],
              c + " sum " + j + ", " + k + "\n" + least.program());
        }
      }
      if (c.robust()) {
        assertEquals(
            expected[expected.length - 1],
            out[code.tile().lossSum() + b],
            tolerance * points,
            c.toString());
      }
    }
    assertTrue(procedure.facts().largestMethod() <= ProcedureAssembler.MAXIMUM_METHOD_SIZE);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rowsAreResidualAndJacobian(Case c) {
    if (c.layout() != Layout.ROWS || c.target().precision() != Precision.DOUBLE) {
      return;
    }
    Expression residual =
        Formula.parse(c.model().formula()).expression().minus(Expression.symbol("y"));
    List<String> parameters = List.of(c.model().parameters());
    ProgramInputs inputs =
        new ProgramInputs(parameters, List.of(), List.of("x"), List.of("z", "y"));
    LeastSquaresProgram least =
        LeastSquaresProgram.of(residual, inputs, null, ProgramCompiler.Options.defaults());
    EvaluationCode code = new EvaluationCode(least, c.target(), Layout.ROWS);
    Procedure procedure = ProcedureClass.define(code.generate());
    List<Expression> gradient = Derivatives.gradient(residual, parameters);
    int p = parameters.size();
    int lanes = c.target().lanes();
    Random random = new Random(9);
    double[] theta = new double[p];
    double[] x = new double[POINTS];
    double[] z = new double[POINTS];
    double[] y = new double[POINTS];
    for (double[] a : new double[][] {theta, x, z, y}) {
      fill(random, a);
    }
    double[] tile = new double[procedure.facts().tileSize()];
    double[] data = new double[code.dataStride() * POINTS];
    for (int l = 0; l < lanes; l++) {
      for (int j = 0; j < p; j++) {
        tile[code.tile().trial(j) + l] = theta[j];
      }
      for (int i = 0; i < POINTS; i++) {
        data[i * code.dataStride() + l] = z[i];
        data[i * code.dataStride() + lanes + l] = y[i];
      }
    }
    procedure.run(tile, data, shared(least, code, x), 0, POINTS);
    for (int i = 0; i < POINTS; i++) {
      Map<String, Double> at = values(parameters, theta, x[i], z[i], y[i]);
      for (int l = 0; l < lanes; l++) {
        int row = i * code.dataStride() + 2 * lanes + l;
        assertEquals(residual.evaluate(at), data[row], 1e-12);
        for (int j = 0; j < p; j++) {
          assertEquals(gradient.get(j).evaluate(at), data[row + (1 + j) * lanes], 1e-12);
        }
      }
    }
  }

  private static void fill(Random random, double[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 + random.nextDouble());
    }
  }

  private static Map<String, Double> values(
      List<String> parameters, double[] theta, double x, double z, double y) {
    Map<String, Double> at = new java.util.HashMap<>(Map.of("x", x, "z", z, "y", y));
    for (int j = 0; j < theta.length; j++) {
      at.put(parameters.get(j), theta[j]);
    }
    return at;
  }

  /** Packed lower triangle of Σ [r, J]ᵀ[r, J], weighted by ρ', and Σ½ρ at the end. */
  private static double[] sums(
      Expression residual,
      List<String> parameters,
      Loss loss,
      double[] theta,
      double[] x,
      double[] z,
      double[] y) {
    int p = theta.length;
    List<Expression> gradient = Derivatives.gradient(residual, parameters);
    double[] sums = new double[(p + 1) * (p + 2) / 2 + 1];
    for (int i = 0; i < x.length; i++) {
      Map<String, Double> at = values(parameters, theta, x[i], z[i], y[i]);
      double[] row = new double[p + 1];
      row[0] = residual.evaluate(at);
      for (int j = 0; j < p; j++) {
        row[1 + j] = gradient.get(j).evaluate(at);
      }
      double s = row[0] * row[0];
      double weight = loss == null ? 1 : loss.weight(s);
      for (int j = 0; j <= p; j++) {
        for (int k = 0; k <= j; k++) {
          sums[j * (j + 1) / 2 + k] += weight * row[j] * row[k];
        }
      }
      sums[sums.length - 1] += loss == null ? s / 2 : loss.rho(s) / 2;
    }
    return sums;
  }

  private static double[] shared(LeastSquaresProgram least, EvaluationCode code, double[] x) {
    List<Integer> ids = code.sharedValues();
    Program program = least.program();
    List<Instruction> all = new ArrayList<>();
    for (int id = 0; id < program.size(); id++) {
      all.add(program.instruction(id));
    }
    Interpreter interpreter =
        new Interpreter(
            Program.of(program.inputs(), all, ids.stream().mapToInt(Integer::intValue).toArray()));
    double[] shared = new double[Math.max(1, ids.size() * x.length)];
    double[] row = new double[ids.size()];
    for (int i = 0; i < x.length; i++) {
      interpreter.evaluate(
          new double[program.inputs().parameters().size()],
          new double[0],
          new double[] {x[i]},
          new double[2],
          row);
      System.arraycopy(row, 0, shared, i * row.length, row.length);
    }
    return shared;
  }

  private static double[] run(
      Procedure procedure, Target target, double[] tile, double[] data, Object shared, int points) {
    if (target.isDouble()) {
      procedure.run(tile, data, shared, 0, points);
      return tile;
    }
    Object narrow;
    if (shared instanceof double[][] columns) {
      float[][] all = new float[columns.length][];
      for (int k = 0; k < columns.length; k++) {
        all[k] = floats(columns[k]);
      }
      narrow = all;
    } else {
      narrow = floats((double[]) shared);
    }
    float[] t = floats(tile);
    procedure.run(t, floats(data), narrow, 0, points);
    double[] out = new double[t.length];
    for (int i = 0; i < t.length; i++) {
      out[i] = t[i];
    }
    return out;
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
