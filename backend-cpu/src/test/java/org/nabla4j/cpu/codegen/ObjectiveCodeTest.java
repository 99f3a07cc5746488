package org.nabla4j.cpu.codegen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.ObjectiveProgram;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** Sums of value, gradient and Hessian against expressions evaluated point by point. */
class ObjectiveCodeTest {

  private static final List<String> PARAMETERS = List.of("a", "b", "c");

  private static final List<String> FORMULAS =
      List.of(
          "100*(b-a^2)^2 + (1-a)^2 + c^2",
          "k*exp(a)*sin(b) + c*b - log(1+a^2)",
          "5",
          "a",
          "(a*x + b - y)^2",
          "log(1+exp(a+b*x+c*s)) - y*(a+b*x+c*s)",
          "a*b*c + k*x",
          "k*exp(-a*x)*(y-c)^2/b^2 + log(b^2)",
          "s*s*a^2 + s*b + c^3",
          "max(a*x, b*s) + abs(c-y)^3",
          "(a-y)^4*where(x > 0, b, c)");

  private record Case(Target target, String formula) {}

  static Stream<Case> cases() {
    return LaneCodeTest.targets()
        .filter(Target::isDouble)
        .flatMap(t -> FORMULAS.stream().map(f -> new Case(t, f)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sumsAreThoseOfTheExpressions(Case c) {
    Expression term = Formula.parse(c.formula()).expression();
    boolean plain = !term.symbols().stream().anyMatch(List.of("x", "s", "y")::contains);
    int n = plain ? 1 : 11;
    ProgramInputs inputs =
        new ProgramInputs(
            PARAMETERS,
            List.of("k"),
            plain ? List.of() : List.of("s"),
            plain ? List.of() : List.of("x", "y"));
    ObjectiveProgram objective =
        ObjectiveProgram.of(
            term, inputs, ProgramCompiler.Options.defaults().withFma(c.target().fma()));
    assertEquals(plain, objective.isPlain());
    ObjectiveCode code = new ObjectiveCode(objective, c.target());
    Procedure procedure = ProcedureClass.define(code.generate());
    assertTrue(procedure.facts().largestMethod() <= ProcedureAssembler.MAXIMUM_METHOD_SIZE);
    int lanes = c.target().lanes();
    TileLayout tile = code.tile();
    double[] memory = new double[procedure.facts().tileSize()];
    double[] data = new double[n * code.dataStride()];
    Random random = new Random(c.formula().hashCode());
    for (int l = 0; l < lanes; l++) {
      for (int j = 0; j < 3; j++) {
        memory[tile.trial(j) + l] = 0.5 + random.nextDouble();
      }
      memory[tile.points() + l] = n;
      memory[tile.problemConstant(0) + l] = random.nextGaussian();
    }
    for (int e = 0; e < data.length; e++) {
      data[e] = random.nextGaussian();
    }
    double[] s = new double[n];
    for (int i = 0; i < n; i++) {
      s[i] = random.nextGaussian();
    }
    double[] shared = sharedValues(objective.program(), code.sharedValues(), s);
    procedure.run(memory, data, shared, 0, n);
    List<Expression> gradient = Derivatives.gradient(term, PARAMETERS);
    List<List<Expression>> hessian = Derivatives.hessian(term, PARAMETERS);
    for (int l = 0; l < lanes; l++) {
      for (int row = 0; row <= 3; row++) {
        for (int column = 0; column <= row; column++) {
          Expression entry =
              row == 0
                  ? term
                  : column == 0 ? gradient.get(row - 1) : hessian.get(row - 1).get(column - 1);
          double sum = 0;
          double size = 1;
          for (int i = 0; i < n; i++) {
            double v = entry.evaluate(values(memory, data, s, tile, l, i, plain));
            sum += v;
            size += Math.abs(v);
          }
          double found = memory[tile.sum(row, column) + l];
          assertEquals(sum, found, 1e-12 * size, c + ", entry " + row + " " + column);
          if (objective.isZero(row, column)) {
            assertEquals(0, sum);
          }
        }
      }
    }
  }

  private static Map<String, Double> values(
      double[] memory, double[] data, double[] s, TileLayout tile, int l, int i, boolean plain) {
    Map<String, Double> values = new HashMap<>();
    for (int j = 0; j < 3; j++) {
      values.put(PARAMETERS.get(j), memory[tile.trial(j) + l]);
    }
    values.put("k", memory[tile.problemConstant(0) + l]);
    if (!plain) {
      values.put("s", s[i]);
      values.put("x", data[(2 * i) * tile.lanes() + l]);
      values.put("y", data[(2 * i + 1) * tile.lanes() + l]);
    }
    return values;
  }

  /** What the kernel reads of the shared column, computed with every other input 0. */
  private static double[] sharedValues(Program program, List<Integer> ids, double[] s) {
    double[] values = new double[s.length * ids.size()];
    Program part =
        Program.of(
            program.inputs(),
            java.util.stream.IntStream.range(0, program.size())
                .mapToObj(program::instruction)
                .toList(),
            ids.stream().mapToInt(Integer::intValue).toArray());
    Interpreter interpreter = new Interpreter(part);
    double[] row = new double[ids.size()];
    for (int i = 0; i < s.length && row.length > 0; i++) {
      interpreter.evaluate(new double[3], new double[1], new double[] {s[i]}, new double[2], row);
      System.arraycopy(row, 0, values, i * row.length, row.length);
    }
    return values;
  }
}
