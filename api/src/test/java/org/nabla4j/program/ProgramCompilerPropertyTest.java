package org.nabla4j.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;
import org.nabla4j.expression.Expression;

/** Compiled programs against {@link Expression#evaluate}, on random expressions. */
class ProgramCompilerPropertyTest {

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void programComputesWhatTheExpressionsMean(
      @ForAll long seed, @ForAll boolean fma, @ForAll boolean stream) {
    RandomExpressions random = new RandomExpressions(seed);
    List<Expression> expressions = random.draw(4 + random.index(30), 3);
    Program program = compile(expressions, fma, stream);
    for (int repeat = 0; repeat < 3; repeat++) {
      double[] values = random.values();
      double[] actual = run(program, values);
      for (int i = 0; i < expressions.size(); i++) {
        BoundedEvaluation expected = new BoundedEvaluation(expressions.get(i), named(values));
        boolean comparable = expected.moderate && Double.isFinite(expected.error);
        Statistics.label("comparable").collect(comparable);
        if (comparable && Double.isFinite(expected.value)) {
          assertEquals(
              expected.value,
              actual[i],
              expected.error,
              () -> expressions + " at " + named(values) + "\n" + program);
        }
      }
    }
  }

  @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
  void whatIsNotFiniteStaysNotFinite(@ForAll long seed, @ForAll boolean fma) {
    RandomExpressions random = new RandomExpressions(seed);
    List<Expression> expressions = random.draw(3 + random.index(12), 2);
    Program program = compile(expressions, fma, false);
    double[] specials = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    for (int repeat = 0; repeat < 3; repeat++) {
      double[] values = random.values();
      double special = specials[repeat];
      values[random.index(values.length)] = special;
      double[] actual = run(program, values);
      for (int i = 0; i < expressions.size(); i++) {
        BoundedEvaluation expected = new BoundedEvaluation(expressions.get(i), named(values));
        // Where a zero comes up its sign may differ, and 1/−0 is −∞; overflow may differ anyway.
        if (expected.moderate && !expected.zero && !Double.isFinite(expected.value)) {
          int output = i;
          assertFalse(
              Double.isFinite(actual[i]),
              () ->
                  expressions.get(output)
                      + " at "
                      + named(values)
                      + " is "
                      + actual[output]
                      + "\n"
                      + program);
        }
      }
    }
  }

  @Property(tries = 200, shrinking = ShrinkingMode.OFF)
  void compilationIsDeterministic(@ForAll long seed) {
    Program first = compile(new RandomExpressions(seed).draw(25, 4), true, false);
    Program second = compile(new RandomExpressions(seed).draw(25, 4), true, false);
    assertEquals(first, second);
    assertEquals(first.hashCode(), second.hashCode());
    assertEquals(first.contentKey(), second.contentKey());
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void everyInstructionIsNeededAndOccursOnce(@ForAll long seed) {
    Program program = compile(new RandomExpressions(seed).draw(30, 3), true, false);
    boolean[] used = new boolean[program.size()];
    Arrays.stream(program.outputs()).forEach(id -> used[id] = true);
    for (int id = program.size() - 1; id >= 0; id--) {
      assertTrue(used[id], () -> "dead code in\n" + program);
      for (int k = 0; k < program.instruction(id).opcode().arity(); k++) {
        used[program.instruction(id).operand(k)] = true;
      }
    }
    Map<Instruction, Integer> seen = new HashMap<>();
    for (int id = 0; id < program.size(); id++) {
      assertEquals(null, seen.put(program.instruction(id), id), () -> "twice in\n" + program);
    }
  }

  private static Program compile(List<Expression> expressions, boolean fma, boolean stream) {
    return ProgramCompiler.compile(
        expressions,
        RandomExpressions.INPUTS,
        ProgramCompiler.Options.defaults().withFma(fma).withStream(stream));
  }

  private static double[] run(Program program, double[] values) {
    double[] outputs = new double[program.outputs().length];
    new Interpreter(program)
        .evaluate(
            Arrays.copyOf(values, 3),
            new double[] {values[3]},
            new double[] {values[4], values[5]},
            new double[] {values[6]},
            outputs);
    return outputs;
  }

  private static Map<String, Double> named(double[] values) {
    Map<String, Double> named = new HashMap<>();
    for (int i = 0; i < values.length; i++) {
      named.put(RandomExpressions.names().get(i), values[i]);
    }
    return named;
  }
}
