package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.nabla4j.CurveFit;
import org.nabla4j.Minimize;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.method.GradientDescent;
import org.nabla4j.method.LimitedMemoryBfgs;
import org.nabla4j.method.StepRule;
import org.nabla4j.objective.SameDiffObjective;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Minimum;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A worked example: a small neural network as a formula.
 *
 * <p>Two inputs, a hidden layer of two tanh units, one linear output, nine weights:
 *
 * <pre>
 *   hₖ = tanh(aₖ₀ + aₖ₁ x₁ + aₖ₂ x₂),    y = b₀ + Σ bₖ hₖ
 * </pre>
 *
 * <p>The chain rule through its layers is what others call backpropagation. The same weights are
 * trained on the same data by Levenberg-Marquardt, L-BFGS and gradient descent, and once more as a
 * graph of SameDiff.
 */
class NeuralNetworkTest {

  private static final int HIDDEN = 2;

  /** What the weights of least loss leave: about half the square of the data's errors. */
  private static final double LEAST_LOSS = 1.782388e-4;

  /** A layer: each unit is the activation of a weighted sum of the inputs and a bias. */
  private static List<Expression> layer(
      String name, List<Expression> inputs, int units, UnaryOperator<Expression> activation) {
    List<Expression> outputs = new ArrayList<>();
    for (int k = 1; k <= units; k++) {
      Expression sum = Expression.symbol(name + k + "_0");
      for (int j = 1; j <= inputs.size(); j++) {
        sum = sum.plus(Expression.symbol(name + k + "_" + j).times(inputs.get(j - 1)));
      }
      outputs.add(activation.apply(sum));
    }
    return outputs;
  }

  private static Expression network() {
    List<Expression> inputs = List.of(Expression.symbol("x1"), Expression.symbol("x2"));
    List<Expression> hidden = layer("a", inputs, HIDDEN, Expression::tanh);
    return layer("b", hidden, 1, UnaryOperator.identity()).get(0);
  }

  private final double[] x1 = new double[169];
  private final double[] x2 = new double[169];
  private final double[] y = new double[169];
  private final Map<String, Double> start = new LinkedHashMap<>();

  NeuralNetworkTest() {
    // What is to be learnt: what a network of this kind says on a grid, with errors of 0.02.
    Random random = new Random(20);
    for (int i = 0; i < y.length; i++) {
      x1[i] = (i / 13 - 6) / 6.0;
      x2[i] = (i % 13 - 6) / 6.0;
      y[i] =
          0.2
              + Math.tanh(1 + 2 * x1[i] - x2[i])
              - 0.8 * Math.tanh(-0.5 + x1[i] + 2.5 * x2[i])
              + 0.02 * random.nextGaussian();
    }
    for (String name : network().symbols()) {
      if (!name.startsWith("x")) {
        start.put(name, random.nextGaussian());
      }
    }
  }

  /** Half the mean square of the deviations: what every method below makes small. */
  private double loss(Map<String, Double> weights) {
    double sum = 0;
    Map<String, Double> point = new LinkedHashMap<>(weights);
    Expression network = network();
    for (int i = 0; i < y.length; i++) {
      point.put("x1", x1[i]);
      point.put("x2", x2[i]);
      sum += Math.pow(network.evaluate(point) - y[i], 2);
    }
    return sum / (2 * y.length);
  }

  /** The objective for general methods: its sum over the data is the loss. */
  private Minimize objective() {
    Expression deviation = network().minus(Expression.symbol("y"));
    return Minimize.of(Formula.of(deviation.times(deviation).times(0.5 / y.length)))
        .data("x1", x1)
        .data("x2", x2)
        .data("y", y)
        .start(start);
  }

  @Test
  void backpropagationIsTheChainRule() {
    // By hand, for the first unit: ∂y/∂a₁ⱼ = b₁ (1 − h₁²) xⱼ and ∂y/∂b₁ = h₁.
    Map<String, Double> point = new LinkedHashMap<>(start);
    point.put("x1", 0.3);
    point.put("x2", -0.7);
    double h = Math.tanh(start.get("a1_0") + 0.3 * start.get("a1_1") - 0.7 * start.get("a1_2"));
    double delta = start.get("b1_1") * (1 - h * h);
    List<Expression> slopes =
        Derivatives.gradient(network(), List.of("a1_0", "a1_1", "a1_2", "b1_1", "b1_0"));
    double[] expected = {delta, 0.3 * delta, -0.7 * delta, h, 1};
    for (int k = 0; k < expected.length; k++) {
      assertEquals(expected[k], slopes.get(k).evaluate(point), 1e-15);
    }
  }

  @Test
  void levenbergMarquardt() {
    FitResult fit =
        CurveFit.of(Formula.of(network()).withResponse(Expression.symbol("y")))
            .columns("x1", "x2")
            .data("x1", x1)
            .data("x2", x2)
            .data("y", y)
            .start(start)
            .fit();
    Map<String, Double> weights = new LinkedHashMap<>();
    for (String name : fit.parameterNames()) {
      weights.put(name, fit.parameter(name));
    }
    assertTrue(fit.converged(), fit.toString());
    assertEquals(LEAST_LOSS, loss(weights), 1e-6 * LEAST_LOSS);
    // The first unit came to be the network's second one, with all its signs turned.
    assertEquals(-2.5, fit.parameter("a1_2"), 5 * fit.standardError("a1_2"));
    assertEquals(1, fit.parameter("b1_2"), 5 * fit.standardError("b1_2"));
  }

  @Test
  void limitedMemoryBfgs() {
    Minimum minimum =
        objective().method(LimitedMemoryBfgs.defaults().withGradientTolerance(1e-6)).run();
    assertTrue(minimum.converged(), minimum.toString());
    assertEquals(loss(minimum.toMap()), minimum.value(), 1e-12);
    assertEquals(LEAST_LOSS, minimum.value(), 1e-4 * LEAST_LOSS, minimum.toString());
  }

  @Test
  void gradientDescent() {
    Minimum minimum =
        objective()
            .method(
                GradientDescent.defaults()
                    .withStepRule(StepRule.adam(0.02))
                    .withMaxIterations(2000))
            .run();
    assertEquals(LEAST_LOSS, minimum.value(), 0.1 * LEAST_LOSS, minimum.toString());
  }

  @Test
  void theSameThroughSameDiff() {
    SameDiff graph = SameDiff.create();
    SDVariable x = graph.placeHolder("x", DataType.DOUBLE, -1, 2);
    SDVariable target = graph.placeHolder("y", DataType.DOUBLE, -1, 1);
    SDVariable a = graph.var("a", weights("a%2$d_%1$d", 2, HIDDEN));
    SDVariable a0 = graph.var("a0", weights("a%2$d_0", 1, HIDDEN));
    SDVariable b = graph.var("b", weights("b1_%1$d", HIDDEN, 1));
    SDVariable b0 = graph.var("b0", weights("b1_0", 1, 1));
    SDVariable hidden = graph.math().tanh(x.mmul(a).add(a0));
    SDVariable deviation = hidden.mmul(b).add(b0).sub(target);
    graph.math().square(deviation).sum().mul("loss", 0.5 / y.length);
    INDArray inputs = Nd4j.create(new double[][] {x1, x2}).transpose();
    SameDiffObjective objective =
        SameDiffObjective.of(graph, "loss")
            .withPlaceholders(
                Map.of("x", inputs, "y", Nd4j.createFromArray(y).reshape(y.length, 1)));

    assertEquals(loss(start), objective.value(objective.start()), 1e-12);
    Minimum minimum =
        Minimize.of(objective)
            .start(objective.start())
            .method(LimitedMemoryBfgs.defaults().withGradientTolerance(1e-6))
            .run();
    assertTrue(minimum.converged(), minimum.toString());
    assertEquals(LEAST_LOSS, minimum.value(), 1e-4 * LEAST_LOSS, minimum.toString());
  }

  /** Start weights as a matrix whose entries have names made of their row and column. */
  private INDArray weights(String pattern, int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        values[i][j] = start.get(String.format(Locale.ROOT, pattern, i + 1, j + 1));
      }
    }
    return Nd4j.createFromArray(values);
  }
}
