package org.nabla4j.program;

import java.util.ArrayList;
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
  private final SumProgram sums;
  private final int parameters;

  private ObjectiveProgram(SumProgram sums, int parameters) {
    this.sums = sums;
    this.parameters = parameters;
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
    return new ObjectiveProgram(
        SumProgram.of(entries, 1, inputs, options), inputs.parameters().size());
  }

  /**
   * The straight-line code.
   *
   * @return the program that computes all values named by this object
   */
  public Program program() {
    return sums.program();
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
    ProgramInputs inputs = program().inputs();
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
    return sums.basis(entry(row, column));
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
    return sums.scale(entry(row, column));
  }

  /**
   * Whether an entry is 0 whatever the parameters and the data are.
   *
   * @param row 0 for the value, 1 + j for parameter j
   * @param column 0 for value or gradient, 1 + k ≤ row for the Hessian
   * @return true where that shows in the expressions
   */
  public boolean isZero(int row, int column) {
    return sums.isZero(entry(row, column));
  }

  /**
   * A key for compiled code: equal for objects whose entries are the same values of programs that
   * compute the same.
   *
   * @return the key
   */
  public String contentKey() {
    return sums.contentKey();
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
