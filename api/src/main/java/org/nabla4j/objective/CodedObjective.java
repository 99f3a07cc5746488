package org.nabla4j.objective;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Objectives as Java code, for what no formula expresses: of one point over Java arrays, or of many
 * points at a time over ND4J arrays.
 *
 * <pre>{@code
 * Objective sphere = CodedObjective.of(List.of("x", "y"), p -> p[0] * p[0] + p[1] * p[1]);
 * DifferentiableObjective batched =
 *     CodedObjective.batched(
 *         List.of("x", "y"), theta -> theta.mul(theta).sum(1), theta -> theta.mul(2));
 * }</pre>
 *
 * <p>What an objective knows shows in its type; methods that need more take differences, see {@link
 * NumericalDerivatives}. {@link DerivativeCheck} compares derivatives in code with differences.
 *
 * <p>The code may be called by several threads at once, each with arrays of its own. What it throws
 * comes out of the minimisation as it is.
 */
public final class CodedObjective {

  /** f and ∇f at one point. */
  @FunctionalInterface
  public interface Gradient {
    /**
     * Computes f and ∇f.
     *
     * @param theta p parameters, not to be modified
     * @param gradient receives ∂f/∂θ, p values; 0 before
     * @return f
     */
    double evaluate(double[] theta, double[] gradient);
  }

  /** The Hessian at one point. */
  @FunctionalInterface
  public interface Hessian {
    /**
     * Computes H = ∂²f/∂θ∂θᵀ.
     *
     * @param theta p parameters, not to be modified
     * @param hessian receives H, p × p, both triangles; 0 before
     */
    void evaluate(double[] theta, double[][] hessian);
  }

  private CodedObjective() {}

  /**
   * Code for the value at one point.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param value from p parameters, not to be modified, to f
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter or a name stands twice
   */
  public static Objective of(List<String> parameters, ToDoubleFunction<double[]> value) {
    return new Single(names(parameters), Objects.requireNonNull(value, "value"));
  }

  /**
   * Code for the value, and for value and gradient, at one point.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param value from p parameters, not to be modified, to f
   * @param gradient computes f and ∇f
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter or a name stands twice
   */
  public static DifferentiableObjective of(
      List<String> parameters, ToDoubleFunction<double[]> value, Gradient gradient) {
    return new SingleGradient(
        names(parameters),
        Objects.requireNonNull(value, "value"),
        Objects.requireNonNull(gradient, "gradient"));
  }

  /**
   * Code for value, gradient and Hessian at one point.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param value from p parameters, not to be modified, to f
   * @param gradient computes f and ∇f
   * @param hessian computes the Hessian
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter or a name stands twice
   */
  public static TwiceDifferentiableObjective of(
      List<String> parameters,
      ToDoubleFunction<double[]> value,
      Gradient gradient,
      Hessian hessian) {
    return new SingleHessian(
        names(parameters),
        Objects.requireNonNull(value, "value"),
        Objects.requireNonNull(gradient, "gradient"),
        Objects.requireNonNull(hessian, "hessian"));
  }

  /**
   * Code over ND4J arrays for the values at b points. Arrays that it is given belong to the caller
   * and are closed by it; those that it returns are read at once and not kept.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param value from θ {@code [b, p]} double, not to be modified, to f {@code [b]} or {@code [b,
   *     1]}, double or float
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter or a name stands twice
   */
  public static Objective batched(List<String> parameters, UnaryOperator<INDArray> value) {
    return new Batched(names(parameters), Objects.requireNonNull(value, "value"));
  }

  /**
   * Code over ND4J arrays for values and gradients at b points.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param value from θ {@code [b, p]} double, not to be modified, to f {@code [b]} or {@code [b,
   *     1]}, double or float
   * @param gradient from the same to ∂f/∂θ {@code [b, p]}
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter or a name stands twice
   */
  public static DifferentiableObjective batched(
      List<String> parameters, UnaryOperator<INDArray> value, UnaryOperator<INDArray> gradient) {
    return new BatchedGradient(
        names(parameters),
        Objects.requireNonNull(value, "value"),
        Objects.requireNonNull(gradient, "gradient"));
  }

  /**
   * Code over ND4J arrays for values, gradients and Hessians at b points.
   *
   * @param parameters the names of the parameters, in the order of θ
   * @param value from θ {@code [b, p]} double, not to be modified, to f {@code [b]} or {@code [b,
   *     1]}, double or float
   * @param gradient from the same to ∂f/∂θ {@code [b, p]}
   * @param hessian from the same to ∂²f/∂θ∂θᵀ {@code [b, p, p]}
   * @return the objective
   * @throws IllegalArgumentException if there is no parameter or a name stands twice
   */
  public static TwiceDifferentiableObjective batched(
      List<String> parameters,
      UnaryOperator<INDArray> value,
      UnaryOperator<INDArray> gradient,
      UnaryOperator<INDArray> hessian) {
    return new BatchedHessian(
        names(parameters),
        Objects.requireNonNull(value, "value"),
        Objects.requireNonNull(gradient, "gradient"),
        Objects.requireNonNull(hessian, "hessian"));
  }

  private static List<String> names(List<String> parameters) {
    List<String> names = List.copyOf(Objects.requireNonNull(parameters, "parameters"));
    if (names.isEmpty()) {
      throw new IllegalArgumentException("parameters = [], expected at least one");
    }
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new IllegalArgumentException(
            "the name " + name + " stands twice: parameters = " + names);
      }
    }
    return names;
  }

  /** H·v for each point, from Hessians. */
  private static void multiply(
      double[] hessians, double[] directions, int count, int p, double[] products) {
    for (int row = 0; row < count; row++) {
      for (int i = 0; i < p; i++) {
        double sum = 0;
        for (int j = 0; j < p; j++) {
          sum += hessians[(row * p + i) * p + j] * directions[row * p + j];
        }
        products[row * p + i] = sum;
      }
    }
  }

  /** Names, and how they are shown: of thousands the first few. */
  private abstract static class Named implements Objective {
    final List<String> parameters;

    Named(List<String> parameters) {
      this.parameters = parameters;
    }

    @Override
    public final List<String> parameters() {
      return parameters;
    }

    @Override
    public final String toString() {
      int shown = Math.min(parameters.size(), 10);
      return "coded("
          + String.join(", ", parameters.subList(0, shown))
          + (shown < parameters.size() ? ", …" : "")
          + ")";
    }
  }

  /** A value for one point at a time. */
  private static class Single extends Named {
    private final ToDoubleFunction<double[]> value;

    Single(List<String> parameters, ToDoubleFunction<double[]> value) {
      super(parameters);
      this.value = value;
    }

    @Override
    public final void values(Points points, double[] values) {
      double[] theta = new double[points.parameters()];
      for (int row = 0; row < points.count(); row++) {
        System.arraycopy(points.theta(), row * theta.length, theta, 0, theta.length);
        values[row] = value.applyAsDouble(theta);
      }
    }
  }

  private static class SingleGradient extends Single implements DifferentiableObjective {
    private final Gradient gradient;

    SingleGradient(List<String> parameters, ToDoubleFunction<double[]> value, Gradient gradient) {
      super(parameters, value);
      this.gradient = gradient;
    }

    @Override
    public final void gradients(Points points, double[] values, double[] gradients) {
      int p = points.parameters();
      double[] theta = new double[p];
      double[] slope = new double[p];
      for (int row = 0; row < points.count(); row++) {
        System.arraycopy(points.theta(), row * p, theta, 0, p);
        Arrays.fill(slope, 0);
        values[row] = gradient.evaluate(theta, slope);
        System.arraycopy(slope, 0, gradients, row * p, p);
      }
    }
  }

  private static final class SingleHessian extends SingleGradient
      implements TwiceDifferentiableObjective {
    private final Hessian hessian;

    SingleHessian(
        List<String> parameters,
        ToDoubleFunction<double[]> value,
        Gradient gradient,
        Hessian hessian) {
      super(parameters, value, gradient);
      this.hessian = hessian;
    }

    @Override
    public void hessians(Points points, double[] values, double[] gradients, double[] hessians) {
      gradients(points, values, gradients);
      hessians(points, hessians);
    }

    private void hessians(Points points, double[] hessians) {
      int p = points.parameters();
      double[] theta = new double[p];
      double[][] matrix = new double[p][p];
      for (int row = 0; row < points.count(); row++) {
        System.arraycopy(points.theta(), row * p, theta, 0, p);
        for (double[] line : matrix) {
          Arrays.fill(line, 0);
        }
        hessian.evaluate(theta, matrix);
        for (int i = 0; i < p; i++) {
          System.arraycopy(matrix[i], 0, hessians, (row * p + i) * p, p);
        }
      }
    }

    @Override
    public void hessianProducts(Points points, double[] directions, double[] products) {
      int p = points.parameters();
      double[] hessians = new double[Math.multiplyExact(points.count() * p, p)];
      hessians(points, hessians);
      multiply(hessians, directions, points.count(), p, products);
    }
  }

  /** Values for many points at a time. */
  private static class Batched extends Named {
    private final UnaryOperator<INDArray> value;

    Batched(List<String> parameters, UnaryOperator<INDArray> value) {
      super(parameters);
      this.value = value;
    }

    @Override
    public final void values(Points points, double[] values) {
      int count = points.count();
      if (count == 0) {
        return;
      }
      INDArray theta = array(points);
      try {
        INDArray result = value.apply(theta);
        boolean column = result != null && result.rank() == 2 && result.size(1) == 1;
        ArrayPoints.read(
            "value", result, values, column ? new long[] {count, 1} : new long[] {count});
      } finally {
        theta.close();
      }
    }

    static INDArray array(Points points) {
      int p = points.parameters();
      return ArrayPoints.array(
          Arrays.copyOf(points.theta(), points.count() * p), points.count(), p);
    }

    /** Calls code for derivatives of the shape [b, p] or [b, p, p]. */
    static void call(
        String name, UnaryOperator<INDArray> code, Points points, double[] target, int axes) {
      if (points.count() == 0) {
        return;
      }
      int p = points.parameters();
      INDArray theta = array(points);
      try {
        long[] shape =
            axes == 1 ? new long[] {points.count(), p} : new long[] {points.count(), p, p};
        ArrayPoints.read(name, code.apply(theta), target, shape);
      } finally {
        theta.close();
      }
    }
  }

  private static class BatchedGradient extends Batched implements DifferentiableObjective {
    private final UnaryOperator<INDArray> gradient;

    BatchedGradient(
        List<String> parameters, UnaryOperator<INDArray> value, UnaryOperator<INDArray> gradient) {
      super(parameters, value);
      this.gradient = gradient;
    }

    @Override
    public final void gradients(Points points, double[] values, double[] gradients) {
      values(points, values);
      call("gradient", gradient, points, gradients, 1);
    }
  }

  private static final class BatchedHessian extends BatchedGradient
      implements TwiceDifferentiableObjective {
    private final UnaryOperator<INDArray> hessian;

    BatchedHessian(
        List<String> parameters,
        UnaryOperator<INDArray> value,
        UnaryOperator<INDArray> gradient,
        UnaryOperator<INDArray> hessian) {
      super(parameters, value, gradient);
      this.hessian = hessian;
    }

    @Override
    public void hessians(Points points, double[] values, double[] gradients, double[] hessians) {
      gradients(points, values, gradients);
      call("hessian", hessian, points, hessians, 2);
    }

    @Override
    public void hessianProducts(Points points, double[] directions, double[] products) {
      int p = points.parameters();
      double[] hessians = new double[Math.multiplyExact(points.count() * p, p)];
      call("hessian", hessian, points, hessians, 2);
      multiply(hessians, directions, points.count(), p, products);
    }
  }
}
