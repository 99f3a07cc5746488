package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.cpu.codegen.MapLayout;
import org.nabla4j.cpu.codegen.Procedure;
import org.nabla4j.expression.Expression;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.RowPass;

/**
 * The expressions of a pass, compiled: curvature, scores, totals or other values, from η, the first
 * response, weight, offset and leverage of the rows of a block. Their columns lie in the tile
 * behind those of the design.
 */
final class PassProgram {

  /** Most responses that count as columns of X. */
  private static final int JOINT = 8;

  private final DesignProgram program;
  private final RowPass pass;
  private final boolean constantCurvature;
  private final boolean needsResponse;
  private final int curvature;
  private final int eta;
  private final int leverage;
  private final int scratch;
  private final int weighted;
  private final int weightedLow;
  private final int[] scores;
  private final int[] totals;
  private final Procedure map;
  private int end;

  /**
   * Compiles.
   *
   * @param program the design
   * @param pass what is summed up
   * @param values what is computed beside the pass's own expressions, as if they were totals
   * @param compiler of the code
   * @throws IllegalArgumentException if the pass does not fit the design, or asks for what it has
   *     not
   */
  PassProgram(
      DesignProgram program, RowPass pass, List<Expression> values, KernelCompiler compiler) {
    this.program = program;
    this.pass = pass;
    check(program.design(), pass);
    end = program.end();
    Map<String, Expression> known = new LinkedHashMap<>();
    if (program.weight() < 0) {
      known.put(RowPass.WEIGHT.name(), Expression.constant(1));
    }
    if (program.offset() < 0) {
      known.put(RowPass.OFFSET.name(), Expression.constant(0));
    }
    if (pass.coefficients() == null) {
      Expression alone = program.offset() < 0 ? Expression.constant(0) : RowPass.OFFSET;
      known.put(RowPass.ETA.name(), alone);
    }
    boolean multiplied = pass.gram() || pass.responses();
    Expression a = pass.curvature().substitute(known);
    constantCurvature = !multiplied || a.equals(Expression.constant(1));

    List<Expression> wanted = new ArrayList<>();
    List<MapLayout.Output> outputs = new ArrayList<>();
    curvature = constantCurvature ? -1 : place(a, wanted, outputs);
    scores = places(pass.scores(), known, wanted, outputs);
    totals = places(values, known, wanted, outputs);
    SortedSet<String> symbols = new TreeSet<>();
    wanted.forEach(e -> symbols.addAll(e.symbols()));
    needsResponse = symbols.contains(RowPass.RESPONSE.name());
    eta = symbols.contains(RowPass.ETA.name()) ? take(1) : -1;
    leverage = symbols.contains(RowPass.LEVERAGE.name()) ? take(1) : -1;
    scratch = take(2);
    int columns = program.columns().size() + (joint() ? program.responses().size() : 0);
    weighted = constantCurvature ? program.x() : take(columns);
    weightedLow = constantCurvature || !program.isExact() ? program.xLow() : take(columns);
    map = wanted.isEmpty() ? null : map(compiler, symbols, wanted, outputs);
  }

  private Procedure map(
      KernelCompiler compiler,
      SortedSet<String> symbols,
      List<Expression> wanted,
      List<MapLayout.Output> outputs) {
    Map<String, Integer> places = new LinkedHashMap<>();
    places.put(RowPass.ETA.name(), eta);
    places.put(RowPass.RESPONSE.name(), program.response());
    places.put(RowPass.WEIGHT.name(), program.weight());
    places.put(RowPass.OFFSET.name(), program.offset());
    places.put(RowPass.LEVERAGE.name(), leverage);
    List<Integer> inputs = new ArrayList<>();
    for (String symbol : symbols) {
      Integer place = places.get(symbol);
      if (place == null) {
        throw new IllegalArgumentException(
            "'" + symbol + "' is none of a row's symbols " + places.keySet());
      }
      if (place < 0) {
        throw new IllegalArgumentException("the design has no responses, but 'y' is used");
      }
      inputs.add(place);
    }
    if (leverage >= 0 && pass.leverageFactor() == null) {
      throw new IllegalArgumentException("'h' is used, but the pass has no leverage factor");
    }
    Program compiled =
        ProgramCompiler.compile(
            wanted,
            new ProgramInputs(List.of(), List.of(), List.copyOf(symbols), List.of()),
            new ProgramCompiler.Options(KernelCompiler.hasFma(), true));
    Procedure procedure = compiler.map(compiled, new MapLayout(inputs, outputs, false, end));
    end = Math.max(end, procedure.facts().tileSize());
    return procedure;
  }

  private static void check(Design design, RowPass pass) {
    int p = design.width();
    check("shift", pass.shift(), p + design.responses().size());
    check("coefficients", pass.coefficients(), p);
    check("leverageFactor", pass.leverageFactor(), p * (p + 1) / 2);
    if (pass.byCluster() && design.cluster() < 0) {
      throw new IllegalArgumentException("scores by cluster, but the design has no clusters");
    }
  }

  private static void check(String name, double[] values, int expected) {
    if (values != null && values.length != expected) {
      throw new IllegalArgumentException(
          name + " has " + values.length + " numbers, expected " + expected);
    }
  }

  private int[] places(
      List<Expression> expressions,
      Map<String, Expression> known,
      List<Expression> wanted,
      List<MapLayout.Output> outputs) {
    return expressions.stream()
        .mapToInt(e -> place(e.substitute(known), wanted, outputs))
        .toArray();
  }

  private int place(Expression e, List<Expression> wanted, List<MapLayout.Output> outputs) {
    int place = take(1);
    wanted.add(e);
    outputs.add(new MapLayout.Output(place, -1, -1));
    return place;
  }

  private int take(int count) {
    int start = end;
    end = Math.addExact(end, Math.multiplyExact(count, program.stride()));
    return start;
  }

  DesignProgram design() {
    return program;
  }

  RowPass pass() {
    return pass;
  }

  /** Whether products of X are not weighted. */
  boolean isUnweighted() {
    return constantCurvature;
  }

  /**
   * Whether responses are treated as further columns of X: a few are cheaper so, products of one
   * with another included.
   */
  boolean joint() {
    return pass.gram() && pass.responses() && program.responses().size() <= JOINT;
  }

  /** Whether any expression contains the first response. */
  boolean needsResponse() {
    return needsResponse;
  }

  /** First element of a; only if X is weighted. */
  int curvature() {
    return curvature;
  }

  /** First element of η, or −1 where nobody asks for it. */
  int eta() {
    return eta;
  }

  /** First element of the leverage factor h, or −1. */
  int leverage() {
    return leverage;
  }

  /** First element of two columns for anyone's use. */
  int scratch() {
    return scratch;
  }

  /** First element of a·X, and a·Y if they are joint; X itself if it is unweighted. */
  int weighted() {
    return weighted;
  }

  /** First element of the low parts of what is weighted. */
  int weightedLow() {
    return weightedLow;
  }

  /** First element of each score. */
  int[] scores() {
    return scores;
  }

  /** First element of each total, or of each value. */
  int[] totals() {
    return totals;
  }

  /** Code that computes all these expressions, or null if there are none. */
  Procedure map() {
    return map;
  }

  /** Elements of the tile. */
  int end() {
    return end;
  }
}
