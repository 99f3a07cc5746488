package org.nabla4j.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SameDiffObjectiveTest {

  /** Σ (X·w + b − y)² with w of shape [2, 1]. */
  private static SameDiff regression(DataType type) {
    SameDiff graph = SameDiff.create();
    SDVariable x = graph.placeHolder("x", type, -1, 2);
    SDVariable y = graph.placeHolder("y", type, -1, 1);
    SDVariable w = graph.var("w", Nd4j.createFromArray(new double[][] {{1}, {2}}).castTo(type));
    SDVariable b = graph.var("b", Nd4j.scalar(type, 0.5));
    SDVariable residual = x.mmul(w).add(b).sub(y);
    graph.math().square(residual).sum("loss");
    return graph;
  }

  private static SameDiffObjective objective(DataType type) {
    INDArray x = Nd4j.createFromArray(new double[][] {{1, 2}, {3, -1}, {0.5, 4}}).castTo(type);
    INDArray y = Nd4j.createFromArray(new double[][] {{1}, {0}, {2}}).castTo(type);
    return SameDiffObjective.of(regression(type), "loss", "w", "b")
        .withPlaceholders(Map.of("x", x, "y", y));
  }

  @Test
  void valueAndGradientAreThoseOfTheGraph() {
    SameDiffObjective objective = objective(DataType.DOUBLE);
    assertEquals(List.of("w[0,0]", "w[1,0]", "b"), objective.parameters());
    assertArrayEquals(new double[] {1, 2, 0.5}, objective.start());
    // residuals 4.5, 1.5 and 7
    assertEquals(4.5 * 4.5 + 1.5 * 1.5 + 7 * 7, objective.value(1, 2, 0.5), 1e-12);
    double[] r = {4.5, 1.5, 7};
    assertArrayEquals(
        new double[] {
          2 * (r[0] + 3 * r[1] + 0.5 * r[2]),
          2 * (2 * r[0] - r[1] + 4 * r[2]),
          2 * (r[0] + r[1] + r[2])
        },
        objective.gradient(1, 2, 0.5),
        1e-12);
    DerivativeCheck.of(objective, -0.3, 0.7, 1.1).requireCorrect();
  }

  @Test
  void aVariableThatTheLossDoesNotDependOnHasSlopeZero() {
    SameDiff graph = SameDiff.create();
    SDVariable w = graph.var("w", Nd4j.createFromArray(1.0, 2.0));
    graph.var("unused", Nd4j.createFromArray(3.0, 4.0));
    graph.math().square(w).sum("loss");
    SameDiffObjective objective = SameDiffObjective.of(graph, "loss", "unused", "w");
    assertArrayEquals(new double[] {0, 0, 2, 4}, objective.gradient(3, 4, 1, 2), 1e-12);
  }

  @Test
  void severalPointsAtATime() {
    SameDiffObjective objective = objective(DataType.DOUBLE);
    double[] values = new double[2];
    double[] gradients = new double[6];
    objective.gradients(
        new Points(new double[] {1, 2, 0.5, -1, 0, 2}, new long[2], 2, 3), values, gradients);
    assertEquals(objective.value(1, 2, 0.5), values[0], 1e-12);
    assertEquals(objective.value(-1, 0, 2), values[1], 1e-12);
    assertArrayEquals(objective.gradient(-1, 0, 2), Arrays.copyOfRange(gradients, 3, 6), 1e-12);
  }

  @Test
  void aFloatGraphStaysFloat() {
    SameDiffObjective objective = objective(DataType.FLOAT);
    assertEquals(71.5, objective.value(1, 2, 0.5), 1e-4);
    double[] theta = {0.1, 0.2, 0.3};
    objective.assign(theta);
    assertArrayEquals(new double[] {0.1f, 0.2f, 0.3f}, objective.start());
    assertTrue(objective.gradient(1, 2, 0.5)[0] != 0);
  }

  @Test
  void everyTrainableVariableUnlessNamed() {
    assertEquals(
        List.of("b", "w[0,0]", "w[1,0]"),
        SameDiffObjective.of(regression(DataType.DOUBLE), "loss").parameters());
    assertEquals(
        List.of("b"), SameDiffObjective.of(regression(DataType.DOUBLE), "loss", "b").parameters());
  }

  @Test
  void whatDoesNotFitIsTold() {
    SameDiff graph = regression(DataType.DOUBLE);
    assertEquals(
        "loss = cost, expected a variable of the graph",
        assertThrows(IllegalArgumentException.class, () -> SameDiffObjective.of(graph, "cost", "w"))
            .getMessage());
    assertEquals(
        "variable x is PLACEHOLDER, expected a trainable variable",
        assertThrows(IllegalArgumentException.class, () -> SameDiffObjective.of(graph, "loss", "x"))
            .getMessage());
    assertEquals(
        "the variable w stands twice",
        assertThrows(
                IllegalArgumentException.class, () -> SameDiffObjective.of(graph, "loss", "w", "w"))
            .getMessage());
  }
}
