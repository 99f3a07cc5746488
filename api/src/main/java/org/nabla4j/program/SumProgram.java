package org.nabla4j.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Expression;

/**
 * The program of one data point's contribution to several sums over data points, Σ_k e(θ, c, d_k)
 * for each of some entries e, in one program that computes common parts once.
 *
 * <p>Each entry is given as scale · basis, where scale holds every factor, signs and numbers
 * included, that is the same for all points of a problem. A kernel accumulates Σ basis over the
 * points and multiplies by the scale once afterwards:
 *
 * <pre>
 *   Σ e = scale · Σ basis
 * </pre>
 *
 * <p>Removable singularities of entries that are derivatives are removed, as in {@link
 * LeastSquaresProgram}. Immutable.
 */
public final class SumProgram {
  private final Program program;
  private final int[] basis;
  private final int[] scale;
  private final boolean[] zero;

  private SumProgram(Program program, int[] basis, int[] scale, boolean[] zero) {
    this.program = program;
    this.basis = basis;
    this.scale = scale;
    this.zero = zero;
  }

  /**
   * Compiles entries.
   *
   * @param entries what is summed up
   * @param values how many of them, from the first on, are no derivatives
   * @param inputs what the symbols are
   * @param options how to compile
   * @return the program
   * @throws IllegalArgumentException if a symbol is not among the inputs
   */
  public static SumProgram of(
      List<Expression> entries, int values, ProgramInputs inputs, ProgramCompiler.Options options) {
    Objects.requireNonNull(entries, "entries");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(options, "options");
    NormalForm form = new NormalForm(options.stream());
    List<Node> nodes = new Normalizer(inputs, form).normalize(entries);
    int[] basis = new int[nodes.size()];
    int[] scale = new int[nodes.size()];
    boolean[] zero = new boolean[nodes.size()];
    List<Node> outputs = new ArrayList<>();
    for (int e = 0; e < basis.length; e++) {
      Node node = e < values ? nodes.get(e) : form.cancelled(nodes.get(e));
      zero[e] = node.isConstant() && node.constant == 0;
      basis[e] = appendUnlessOne(outputs, form.part(form.withoutCoefficient(node), false));
      Node invariant = form.part(form.withoutCoefficient(node), true);
      scale[e] = appendUnlessOne(outputs, form.scale(NormalForm.coefficient(node), invariant));
    }
    Program program = new Emitter(form, options.fma()).emit(inputs, outputs, options.stream());
    int[] ids = program.outputs();
    return new SumProgram(program, lookUp(basis, ids), lookUp(scale, ids), zero);
  }

  private static int appendUnlessOne(List<Node> outputs, Node node) {
    if (node.isConstant() && node.constant == 1.0) {
      return -1;
    }
    outputs.add(node);
    return outputs.size() - 1;
  }

  private static int[] lookUp(int[] positions, int[] ids) {
    return Arrays.stream(positions).map(position -> position < 0 ? -1 : ids[position]).toArray();
  }

  /**
   * The straight-line code.
   *
   * @return the program that computes all values named by this object
   */
  public Program program() {
    return program;
  }

  /**
   * The number of sums.
   *
   * @return how many entries there are
   */
  public int size() {
    return basis.length;
  }

  /**
   * What varies of an entry from point to point.
   *
   * @param entry 0 ≤ entry &lt; size
   * @return a value id, or −1 for the constant 1
   */
  public int basis(int entry) {
    return basis[entry];
  }

  /**
   * What does not vary of an entry from point to point.
   *
   * @param entry 0 ≤ entry &lt; size
   * @return a value id of dependence {@code CONSTANT} or {@code PARAMETER}, or −1 for the constant
   *     1
   */
  public int scale(int entry) {
    return scale[entry];
  }

  /**
   * Whether an entry is 0 whatever the parameters and the data are.
   *
   * @param entry 0 ≤ entry &lt; size
   * @return true where that shows in the expressions
   */
  public boolean isZero(int entry) {
    return zero[entry];
  }

  /**
   * A key for compiled code: equal for objects whose entries are the same values of programs that
   * compute the same.
   *
   * @return the key
   */
  public String contentKey() {
    return program.contentKey() + Arrays.toString(basis) + Arrays.toString(scale);
  }
}
