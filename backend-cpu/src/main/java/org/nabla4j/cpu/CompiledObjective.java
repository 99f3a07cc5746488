package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.cpu.RowSums.Kernels;
import org.nabla4j.cpu.RowSums.Rows;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.FormulaObjective;
import org.nabla4j.objective.Points;
import org.nabla4j.objective.SummedObjective;
import org.nabla4j.objective.TwiceDifferentiableObjective;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;
import org.nabla4j.program.SumProgram;
import org.nabla4j.program.SumTerms;

/**
 * A formula's sum over data rows, evaluated by generated kernels:
 *
 * <pre>
 *   f(θ) = Σ_k φ(θ, c, d_k),    k = 1..n data rows
 * </pre>
 *
 * <p>There is a kernel each for f, for f with ∇f, for f with ∇f and the Hessian, and for a product
 * with the Hessian, compiled when it is first asked for; see {@link RowSums} for how rows are
 * summed up. Values are those of the {@link FormulaObjective} that it is made from, but for
 * rounding. What a single kernel would be too large for, such as the Hessian of a neural network,
 * that objective computes itself.
 *
 * <p>Thread-safe. An evaluation that is cancelled throws {@link
 * org.nabla4j.cpu.minimize.Abandoned}.
 */
final class CompiledObjective implements TwiceDifferentiableObjective, SummedObjective {

  /**
   * Rows times operations of φ below which a sum is left to the interpreter: what a search spends
   * there is less than it takes to compile kernels, measured.
   */
  static final double CROSSOVER = 400_000;

  /** Entries that are summed up by a kernel, at most: those of a Hessian of 70 parameters. */
  private static final int MOST_ENTRIES = 2600;

  /** Instructions of a kernel, at most: beyond, compiling it takes longer than it saves. */
  private static final int MOST_INSTRUCTIONS = 20_000;

  private final FormulaObjective formula;
  private final SumTerms terms;
  private final KernelCompiler scalar;
  private final Supplier<KernelCompiler> vectors;
  private final Execution execution;
  private final int parallelism;
  private final Column[] constants;
  private final Column[] columns;
  private final int p;

  /** What was asked for, empty where no kernel is made. */
  private final Map<Kind, Optional<RowSums>> sums = new EnumMap<>(Kind.class);

  /** What there is a kernel for. */
  private enum Kind {
    VALUE,
    GRADIENT,
    HESSIAN,
    PRODUCT
  }

  /**
   * Prepares; nothing is compiled yet.
   *
   * @param formula a sum over data, with values for all constants and columns
   * @param scalar compiler of plain kernels
   * @param vectors asked for the compiler of vector kernels when it is needed, gives null if there
   *     is none; not asked where the execution wants plain kernels
   * @param execution threads, cancellation, and which kernels
   * @param parallelism threads for one evaluation, at most
   */
  CompiledObjective(
      FormulaObjective formula,
      KernelCompiler scalar,
      Supplier<KernelCompiler> vectors,
      Execution execution,
      int parallelism) {
    this.formula = Objects.requireNonNull(formula, "formula");
    this.scalar = scalar;
    this.vectors = execution.kernel() == KernelPreference.SCALAR ? null : vectors;
    this.execution = execution;
    this.parallelism = parallelism;
    p = formula.parameters().size();
    List<String> known = new ArrayList<>(formula.constants());
    known.addAll(formula.columns());
    terms = new SumTerms(formula.expression(), formula.parameters(), known);
    constants =
        formula.constants().stream()
            .map(name -> formula.constantValues(name).orElseThrow())
            .toArray(Column[]::new);
    columns =
        formula.columns().stream()
            .map(name -> formula.columnValues(name).orElseThrow())
            .toArray(Column[]::new);
  }

  /**
   * Whether kernels are worth their compilation. Only the formula and its rows decide: a problem
   * must not come out differently in company, or on more threads.
   *
   * @param formula the objective
   * @param kernel which kernels are asked for; those that are asked for by name are made
   */
  static boolean isWorthwhile(FormulaObjective formula, KernelPreference kernel) {
    if (formula.columns().isEmpty()) {
      return false;
    }
    return kernel != KernelPreference.AUTO
        || (double) formula.points() * operations(formula) >= CROSSOVER;
  }

  private static int operations(FormulaObjective formula) {
    return SumProgram.of(
            List.of(formula.expression()),
            1,
            new ProgramInputs(
                formula.parameters(), formula.constants(), formula.columns(), List.of()),
            options())
        .program()
        .size();
  }

  private static ProgramCompiler.Options options() {
    return ProgramCompiler.Options.defaults().withFma(KernelCompiler.hasFma()).withStream(true);
  }

  /** The kernels that have run, in words. */
  synchronized String description() {
    boolean plain = false;
    boolean vector = false;
    boolean interpreted = false;
    for (Optional<RowSums> made : sums.values()) {
      interpreted |= made.isEmpty();
      plain |= made.isPresent() && made.get().usedPlain();
      vector |= made.isPresent() && made.get().usedVector();
    }
    boolean any = plain || vector;
    String kernels =
        vector
            ? vectors.get().description() + (plain ? " (scalar while it warmed up)" : "")
            : any || !interpreted ? scalar.description() : "interpreter, double";
    return any && interpreted ? kernels + ", interpreter for the Hessian" : kernels;
  }

  @Override
  public List<String> parameters() {
    return formula.parameters();
  }

  @Override
  public int terms() {
    return formula.terms();
  }

  @Override
  public void values(Points points, double[] values) {
    RowSums rows = sums(Kind.VALUE);
    if (rows == null) {
      formula.values(points, values);
      return;
    }
    sum(rows, points, null, Rows.ALL, 1, (row, found) -> values[row] = found[0]);
  }

  @Override
  public void gradients(Points points, double[] values, double[] gradients) {
    RowSums rows = sums(Kind.GRADIENT);
    if (rows == null) {
      formula.gradients(points, values, gradients);
      return;
    }
    sum(rows, points, null, Rows.ALL, 1 + p, gradientTarget(values, gradients));
  }

  @Override
  public void gradients(
      Points points, int[] selection, int from, int to, double[] values, double[] gradients) {
    Objects.checkFromToIndex(from, to, selection.length);
    RowSums rows = sums(Kind.GRADIENT);
    if (rows == null) {
      formula.gradients(points, selection, from, to, values, gradients);
      return;
    }
    Rows some = new Rows(selection, from, to);
    sum(rows, points, null, some, 1 + p, gradientTarget(values, gradients));
  }

  @Override
  public void hessians(Points points, double[] values, double[] gradients, double[] hessians) {
    RowSums rows = sums(Kind.HESSIAN);
    if (rows == null) {
      formula.hessians(points, values, gradients, hessians);
      return;
    }
    Target slopes = gradientTarget(values, gradients);
    sum(
        rows,
        points,
        null,
        Rows.ALL,
        1 + p + p * (p + 1) / 2,
        (row, found) -> {
          slopes.put(row, found);
          int next = 1 + p;
          int first = row * p * p;
          for (int i = 0; i < p; i++) {
            for (int j = 0; j <= i; j++) {
              hessians[first + i * p + j] = found[next];
              hessians[first + j * p + i] = found[next++];
            }
          }
        });
  }

  @Override
  public void hessianProducts(Points points, double[] directions, double[] products) {
    RowSums rows = sums(Kind.PRODUCT);
    if (rows == null) {
      formula.hessianProducts(points, directions, products);
      return;
    }
    sum(
        rows,
        points,
        directions,
        Rows.ALL,
        p,
        (row, found) -> System.arraycopy(found, 0, products, row * p, p));
  }

  private interface Target {
    void put(int row, double[] found);
  }

  private Target gradientTarget(double[] values, double[] gradients) {
    return (row, found) -> {
      values[row] = found[0];
      System.arraycopy(found, 1, gradients, row * p, p);
    };
  }

  private void sum(
      RowSums rows, Points points, double[] directions, Rows chosen, int size, Target target) {
    double[] found = new double[size];
    for (int row = 0; row < points.count(); row++) {
      rows.sum(points.problem(row), points.theta(), row * p, directions, row * p, chosen, found);
      target.put(row, found);
    }
  }

  /** What sums up, or null where the interpreter does. */
  private synchronized RowSums sums(Kind kind) {
    return sums.computeIfAbsent(kind, this::make).orElse(null);
  }

  private Optional<RowSums> make(Kind kind) {
    if (kind == Kind.HESSIAN && (double) p * (p + 1) / 2 > MOST_ENTRIES) {
      return Optional.empty();
    }
    List<Expression> entries =
        switch (kind) {
          case VALUE -> terms.value();
          case GRADIENT -> terms.gradient();
          case HESSIAN -> terms.hessian();
          case PRODUCT -> terms.product();
        };
    List<String> known = new ArrayList<>(formula.constants());
    if (kind == Kind.PRODUCT) {
      known.addAll(terms.directions());
    }
    ProgramInputs inputs =
        new ProgramInputs(formula.parameters(), known, formula.columns(), List.of());
    SumProgram program = SumProgram.of(entries, kind == Kind.PRODUCT ? 0 : 1, inputs, options());
    if (program.size() > MOST_ENTRIES || program.program().size() > MOST_INSTRUCTIONS) {
      return Optional.empty();
    }
    int step = KernelCompiler.streamLanes();
    Kernel plain = scalar.sums(program, step);
    Supplier<Kernel> vector =
        vectors == null
            ? null
            : () -> {
              KernelCompiler compiler = vectors.get();
              return compiler == null ? null : compiler.sums(program, step);
            };
    boolean vectorOnly = execution.kernel() == KernelPreference.VECTOR;
    return Optional.of(
        new RowSums(
            program.size(),
            new Kernels(plain, vector, vectorOnly, step),
            constants,
            columns,
            execution,
            parallelism));
  }

  @Override
  public String toString() {
    return formula.toString();
  }
}
