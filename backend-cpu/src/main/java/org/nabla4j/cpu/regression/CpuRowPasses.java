package org.nabla4j.cpu.regression;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.backend.Execution;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.data.RowBlock;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowPass.Precision;
import org.nabla4j.regression.RowPasses;
import org.nabla4j.regression.RowSums;

/**
 * Passes over the rows of a design on the CPU.
 *
 * <p>A block of the reader is a run: one thread cuts it into pieces that lie in the cache, computes
 * the design's columns of each and sums up; sums of a run are double, or double-double where the
 * pass asks for it. The sums of the runs are added in double-double, in the order of the rows. So
 * they are the same to the last bit on any number of threads, and are rounded like sums of a few
 * thousand rows however many rows there are. Scalar and vector kernels sum in different orders:
 * they agree up to rounding. Which of them runs depends on the design and the number of rows alone.
 *
 * <p>Memory does not grow with the number of rows: each thread holds one block of the reader, one
 * block of the design (some MiB, some ten MiB for thousands of columns) and sums; results of as
 * many blocks as there are threads, and two more, wait for their turn. What grows is one row of
 * scores for each cluster, where they are asked for.
 */
public final class CpuRowPasses implements RowPasses {

  private final Design design;
  private final Rows rows;
  private final Execution execution;
  private final KernelCompiler compiler;
  private final Map<Precision, DesignProgram> programs = new EnumMap<>(Precision.class);
  private boolean closed;

  /**
   * Compiles.
   *
   * @param design what is computed of each row
   * @param rows the table
   * @param execution threads, listener and cancellation
   * @param compiler of the kernels
   * @throws IllegalArgumentException if an expression of the design has a symbol that is not among
   *     its numbers
   */
  public CpuRowPasses(Design design, Rows rows, Execution execution, KernelCompiler compiler) {
    this.design = Objects.requireNonNull(design, "design");
    this.rows = Objects.requireNonNull(rows, "rows");
    this.execution = Objects.requireNonNull(execution, "execution");
    this.compiler = Objects.requireNonNull(compiler, "compiler");
    program(Precision.DOUBLE);
  }

  private DesignProgram program(Precision precision) {
    if (closed) {
      throw new IllegalStateException("the passes are closed");
    }
    return programs.computeIfAbsent(
        precision,
        p -> {
          boolean exact = p == Precision.DOUBLE_DOUBLE;
          return new DesignProgram(design, compiler, exact, BlockSize.rows(design, exact));
        });
  }

  @Override
  public RowSums sum(RowPass pass) {
    DesignProgram program = program(pass.precision());
    PassProgram compiled = new PassProgram(program, pass, pass.totals(), compiler);
    RowSums total =
        new RowSums(
            design.width(), design.responses().size(), pass.scores().size(), pass.totals().size());
    Products products = BlockSums.products(compiled, total);
    double[] zeros = new double[program.isExact() ? 0 : total.high().length];
    double[][][] clusters = {new double[0][]};
    Deque<RunSums> spare = new ArrayDeque<>();
    OrderedBlocks.<RunSums>run(
        rows,
        design.numbers(),
        design.categories(),
        pass.rowLimit(),
        execution,
        thread -> {
          DesignBlock piece = new DesignBlock(compiled, rows.description());
          BlockSums sums = new BlockSums(compiled, products, total);
          FusedSums fused = FusedSums.of(compiled, total);
          return (block, count, levels) -> {
            RunSums run = take(spare, sums);
            int from = fused == null ? 0 : fused.add(block, count, run);
            while (from < count) {
              int length = Math.min(program.rows(), count - from);
              piece.load(block, from, length, levels);
              sums.add(piece, run);
              run.omitted += length - piece.rows();
              from += length;
            }
            sums.finish(run);
            return run;
          };
        },
        run -> {
          run.addTo(total, program.loops(), zeros);
          if (run.clusters != null) {
            clusters[0] = run.clusters.addTo(clusters[0]);
          }
          synchronized (spare) {
            spare.push(run);
          }
        },
        false);
    if (pass.byCluster()) {
      total.clusterScores(filled(clusters[0], pass.scores().size() * design.width()));
    }
    return total;
  }

  private static RunSums take(Deque<RunSums> spare, BlockSums sums) {
    RunSums run;
    synchronized (spare) {
      run = spare.poll();
    }
    if (run == null) {
      return sums.empty();
    }
    run.clear();
    return run;
  }

  /** One row for each level, known or met. */
  private double[][] filled(double[][] clusters, int width) {
    int count = design.levels().get(design.cluster()).size();
    for (int c = clusters.length - 1; c >= count; c--) {
      if (clusters[c] != null) {
        count = c + 1;
      }
    }
    double[][] result = Arrays.copyOf(clusters, count);
    for (int c = 0; c < count; c++) {
      if (result[c] == null) {
        result[c] = new double[width];
      }
    }
    return result;
  }

  /** Values of the rows of a block, those that were left out among them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Mapped(int rows, double[][] values) {}

  @Override
  public void map(List<Expression> values, RowPass pass, RowSink sink) {
    Objects.requireNonNull(sink, "sink");
    DesignProgram program = program(Precision.DOUBLE);
    RowPass bare = RowPass.counting().withRowLimit(pass.rowLimit());
    bare = pass.shift() == null ? bare : bare.withShift(pass.shift());
    bare = pass.coefficients() == null ? bare : bare.withCoefficients(pass.coefficients());
    bare = pass.leverageFactor() == null ? bare : bare.withLeverageFactor(pass.leverageFactor());
    PassProgram compiled = new PassProgram(program, bare, List.copyOf(values), compiler);
    OrderedBlocks.<Mapped>run(
        rows,
        design.numbers(),
        design.categories(),
        pass.rowLimit(),
        execution,
        thread -> {
          DesignBlock piece = new DesignBlock(compiled, rows.description());
          RowSymbols symbols = new RowSymbols(compiled);
          return (block, count, levels) -> map(piece, symbols, compiled, block, count, levels);
        },
        mapped -> sink.accept(mapped.rows(), mapped.values()),
        true);
  }

  private static Mapped map(
      DesignBlock piece,
      RowSymbols symbols,
      PassProgram compiled,
      RowBlock block,
      int count,
      OrderedBlocks.Levels levels) {
    int[] places = compiled.totals();
    int size = compiled.design().rows();
    double[][] values = new double[places.length][count];
    for (int from = 0; from < count; from += size) {
      int length = Math.min(size, count - from);
      piece.load(block, from, length, levels);
      symbols.compute(piece);
      for (int k = 0; k < places.length; k++) {
        Arrays.fill(values[k], from, from + length, Double.NaN);
        for (int i = 0; i < piece.rows(); i++) {
          values[k][from + piece.kept()[i]] = piece.tile()[places[k] + i];
        }
      }
    }
    return new Mapped(count, values);
  }

  @Override
  public String kernel() {
    return compiler.description();
  }

  @Override
  public void close() {
    closed = true;
    programs.clear();
  }
}
