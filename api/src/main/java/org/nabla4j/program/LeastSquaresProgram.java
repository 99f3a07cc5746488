package org.nabla4j.program;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;

/**
 * The program of one data point's contribution to a least-squares problem: residual r, cost, and
 * row of the Jacobian.
 *
 * <p>The row is given as J_j = scale_j · basis_j, where scale_j holds every factor of ∂r/∂θ_j,
 * signs and numbers included, that is the same for all points of a problem. A kernel accumulates Σ
 * basis_i·basis_j and Σ basis_j·r over the points, and multiplies by the scales once afterwards:
 *
 * <pre>
 *   (JᵀJ)_ij = scale_i · scale_j · Σ basis_i · basis_j
 *   (Jᵀr)_j  = scale_j · Σ basis_j · r
 * </pre>
 *
 * <p>With a robust loss ρ the cost of a point is ½ρ(r²), and residual and row are multiplied by
 * √ρ′(r²), so that the same sums give the gradient Σ ρ′·r·J and the curvature Σ ρ′·J·Jᵀ of
 * iteratively reweighted least squares (Holland and Welsch 1977).
 *
 * <p>Derivatives are those of {@link Derivatives}, with removable singularities removed: the
 * derivative of {@code log(θ·x)} is {@code 1/θ}, whatever x is.
 */
public final class LeastSquaresProgram {
  private final Program program;
  private final int residual;
  private final int cost;
  private final int[] basis;
  private final int[] scale;
  private final boolean linear;

  private LeastSquaresProgram(
      Program program, int residual, int cost, int[] basis, int[] scale, boolean linear) {
    this.program = program;
    this.residual = residual;
    this.cost = cost;
    this.basis = basis;
    this.scale = scale;
    this.linear = linear;
  }

  /**
   * Differentiates and compiles a residual.
   *
   * @param residual r, for example {@code (f − y)·w} with a column w
   * @param inputs what the symbols are; the row has an entry for each parameter
   * @param loss robust loss; null for plain least squares, which costs nothing extra
   * @param options how to compile
   * @return the program
   * @throws IllegalArgumentException if a symbol is not among the inputs
   */
  public static LeastSquaresProgram of(
      Expression residual,
      ProgramInputs inputs,
      LossFunction loss,
      ProgramCompiler.Options options) {
    Objects.requireNonNull(residual, "residual");
    Objects.requireNonNull(inputs, "inputs");
    return ofRow(
        residual, Derivatives.gradient(residual, inputs.parameters()), inputs, loss, options);
  }

  /**
   * Compiles a residual and a row that need not be its derivatives, for other sums of products than
   * those of normal equations.
   *
   * @param residual r
   * @param row what stands for the derivatives, at least as many as there are parameters; {@link
   *     #basis()} and {@link #scale()} have an entry for each
   * @param inputs what the symbols are
   * @param loss robust loss; null for none
   * @param options how to compile
   * @return the program
   * @throws IllegalArgumentException if a symbol is not among the inputs, or the row is too short
   */
  public static LeastSquaresProgram ofRow(
      Expression residual,
      List<Expression> row,
      ProgramInputs inputs,
      LossFunction loss,
      ProgramCompiler.Options options) {
    Objects.requireNonNull(residual, "residual");
    Objects.requireNonNull(row, "row");
    Objects.requireNonNull(inputs, "inputs");
    Objects.requireNonNull(options, "options");
    if (row.size() < inputs.parameters().size()) {
      throw new IllegalArgumentException(
          "row has "
              + row.size()
              + " entries, expected at least one for each of "
              + inputs.parameters());
    }
    List<Expression> expressions = new ArrayList<>();
    expressions.add(residual);
    expressions.addAll(row);
    if (loss != null) {
      Expression square = residual.times(residual);
      expressions.add(loss.rho(square).times(0.5));
      expressions.add(loss.weight(square).sqrt());
    }
    NormalForm form = new NormalForm(options.stream());
    List<Node> nodes = new Normalizer(inputs, form).normalize(expressions);
    int p = row.size();
    Node rootWeight = loss == null ? form.constant(1.0) : nodes.get(p + 2);

    List<Node> outputs = new ArrayList<>();
    outputs.add(form.multiply(nodes.get(0), rootWeight));
    int[] basis = new int[p];
    int[] scale = new int[p];
    int cost = -1;
    if (loss != null) {
      cost = append(outputs, nodes.get(p + 1));
    }
    for (int j = 0; j < p; j++) {
      Node derivative = form.cancelled(nodes.get(1 + j));
      basis[j] = appendUnlessOne(outputs, form.multiply(form.part(derivative, false), rootWeight));
      Node invariant = form.part(derivative, true);
      scale[j] =
          appendUnlessOne(outputs, form.scale(NormalForm.coefficient(derivative), invariant));
    }
    Program program = new Emitter(form, options.fma()).emit(inputs, outputs, options.stream());
    int[] ids = program.outputs();
    boolean linear = loss == null && isConstant(row, inputs.parameters());
    return new LeastSquaresProgram(
        program, ids[0], cost < 0 ? -1 : ids[cost], lookUp(basis, ids), lookUp(scale, ids), linear);
  }

  private static boolean isConstant(List<Expression> row, List<String> parameters) {
    for (Expression derivative : row) {
      if (derivative.symbols().stream().anyMatch(parameters::contains)) {
        return false;
      }
    }
    return true;
  }

  private static int append(List<Node> outputs, Node node) {
    outputs.add(node);
    return outputs.size() - 1;
  }

  private static int appendUnlessOne(List<Node> outputs, Node node) {
    return node.isConstant() && node.constant == 1.0 ? -1 : append(outputs, node);
  }

  private static int[] lookUp(int[] positions, int[] ids) {
    int[] values = new int[positions.length];
    for (int j = 0; j < values.length; j++) {
      values[j] = positions[j] < 0 ? -1 : ids[positions[j]];
    }
    return values;
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
   * The residual, multiplied by √ρ′ if there is a loss.
   *
   * @return a value id
   */
  public int residual() {
    return residual;
  }

  /**
   * The cost of the data point, ½ρ(r²).
   *
   * @return a value id, or −1 without a loss: the cost is then ½r² of {@link #residual()}
   */
  public int cost() {
    return cost;
  }

  /**
   * Whether no entry of the row depends on a parameter and there is no loss: if the row holds the
   * derivatives, the residual is linear in all parameters.
   *
   * @return true where that shows in the expressions; false is no proof that it is not linear
   */
  public boolean linear() {
    return linear;
  }

  /**
   * What varies of each derivative from point to point.
   *
   * @return a value id for each parameter, or −1 for the constant 1; a copy
   */
  public int[] basis() {
    return basis.clone();
  }

  /**
   * What does not vary of each derivative from point to point.
   *
   * @return a value id of dependence {@code CONSTANT} or {@code PARAMETER} for each parameter, or
   *     −1 for the constant 1; a copy
   */
  public int[] scale() {
    return scale.clone();
  }
}
