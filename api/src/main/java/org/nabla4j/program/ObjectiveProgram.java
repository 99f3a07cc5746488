package org.nabla4j.program;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;

/**
 * The program of one data point's contribution φ to an objective f(θ) = Σ_k φ(θ, c, d_k): value,
 * gradient and Hessian, in one program that computes common parts once.
 *
 * <p>Each entry is given as scale · basis, where scale holds every factor, signs and numbers
 * included, that is the same for all points of a problem. A kernel accumulates Σ basis over the
 * points and multiplies by the scale once afterwards:
 *
 * <pre>
 *   f          = scale · Σ basis        entry (0, 0)
 *   ∂f/∂θ_j    = scale · Σ basis        entry (1 + j, 0)
 *   ∂²f/∂θ_j∂θ_k = scale · Σ basis      entry (1 + j, 1 + k), k ≤ j
 * </pre>
 *
 * <p>A plain objective, which has no data columns, is a sum with a single term: its entries are
 * scales alone, and no kernel needs a loop.
 *
 * <p>Derivatives are those of {@link Derivatives}, with removable singularities removed, as in
 * {@link LeastSquaresProgram}.
 */
public final class ObjectiveProgram {
  private final Program program;
  private final int parameters;
  private final int[] basis;
  private final int[] scale;
  private final boolean[] zero;

  private ObjectiveProgram(
      Program program, int parameters, int[] basis, int[] scale, boolean[] zero) {
    this.program = program;
    this.parameters = parameters;
    this.basis = basis;
    this.scale = scale;
    this.zero = zero;
  }

  /**
   * Differentiates and compiles a term.
   *
   * @param term φ
   * @param inputs what the symbols are; gradient and Hessian have entries for each parameter
   * @param options how to compile
   * @return the program
   * @throws IllegalArgumentException if a symbol is not among the inputs
   */
  public static ObjectiveProgram of(
      Expression term, ProgramInputs inputs, ProgramCompiler.Options options) {
    Objects.requireNonNull(term, "term");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(options, "options");
    List<Expression> gradient = Derivatives.gradient(term, inputs.parameters());
    List<List<Expression>> hessian = Derivatives.hessian(term, inputs.parameters());
    List<Expression> entries = new ArrayList<>();
    entries.add(term);
    for (int j = 0; j < gradient.size(); j++) {
      entries.add(gradient.get(j));
      entries.addAll(hessian.get(j).subList(0, j + 1));
    }
    NormalForm form = new NormalForm(options.stream());
    List<Node> nodes = new Normalizer(inputs, form).normalize(entries);
    int[] basis = new int[nodes.size()];
    int[] scale = new int[nodes.size()];
    boolean[] zero = new boolean[nodes.size()];
    List<Node> outputs = new ArrayList<>();
    for (int e = 0; e < basis.length; e++) {
      Node node = e == 0 ? nodes.get(0) : form.cancelled(nodes.get(e));
      zero[e] = node.isConstant() && node.constant == 0;
      basis[e] = appendUnlessOne(outputs, form.part(form.withoutCoefficient(node), false));
      Node invariant = form.part(form.withoutCoefficient(node), true);
      scale[e] = appendUnlessOne(outputs, form.scale(NormalForm.coefficient(node), invariant));
    }
    Program program = new Emitter(form, options.fma()).emit(inputs, outputs, options.stream());
    int[] ids = program.outputs();
    return new ObjectiveProgram(
        program, inputs.parameters().size(), lookUp(basis, ids), lookUp(scale, ids), zero);
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
   * The number of parameters.
   *
   * @return p
   */
  public int parameters() {
    return parameters;
  }

  /**
   * Whether there are no data columns: the objective is the single term itself.
   *
   * @return true without columns
   */
  public boolean isPlain() {
    ProgramInputs inputs = program.inputs();
    return inputs.sharedColumns().isEmpty() && inputs.problemColumns().isEmpty();
  }

  /**
   * What varies of an entry from point to point.
   *
   * @param row 0 for the value, 1 + j for parameter j
   * @param column 0 for value or gradient, 1 + k ≤ row for the Hessian
   * @return a value id, or −1 for the constant 1
   */
  public int basis(int row, int column) {
    return basis[entry(row, column)];
  }

  /**
   * What does not vary of an entry from point to point.
   *
   * @param row 0 for the value, 1 + j for parameter j
   * @param column 0 for value or gradient, 1 + k ≤ row for the Hessian
   * @return a value id of dependence {@code CONSTANT} or {@code PARAMETER}, or −1 for the constant
   *     1
   */
  public int scale(int row, int column) {
    return scale[entry(row, column)];
  }

  /**
   * Whether an entry is 0 whatever the parameters and the data are.
   *
   * @param row 0 for the value, 1 + j for parameter j
   * @param column 0 for value or gradient, 1 + k ≤ row for the Hessian
   * @return true where that shows in the expressions
   */
  public boolean isZero(int row, int column) {
    return zero[entry(row, column)];
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

  /** Entries are the packed lower triangle by rows of [[f, ∇fᵀ], [∇f, H]]. */
  private int entry(int row, int column) {
    if (row < 0 || row > parameters || column < 0 || column > row) {
      throw new IndexOutOfBoundsException(
          "row = "
              + row
              + ", column = "
              + column
              + ", expected 0 <= column <= row <= "
              + parameters);
    }
    return row * (row + 1) / 2 + column;
  }
}
