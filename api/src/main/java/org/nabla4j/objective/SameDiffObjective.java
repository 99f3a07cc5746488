package org.nabla4j.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.VariableType;
import org.nd4j.autodiff.samediff.api.OutAndGrad;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A graph of ND4J's SameDiff as an objective: θ is some of its variables, f a loss of one element,
 * and ∇f comes from ND4J's own differentiation.
 *
 * <pre>{@code
 * SameDiff graph = SameDiff.create();
 * SDVariable w = graph.var("w", Nd4j.zeros(DataType.DOUBLE, 3, 2));
 * graph.math().square(w.sub(1)).sum("loss");
 * SameDiffObjective objective = SameDiffObjective.of(graph, "loss", "w");
 * Minimum minimum = Minimize.of(objective).start(objective.start()).run();
 * objective.assign(minimum.parameters());
 * }</pre>
 *
 * <p>The elements of a variable stand in θ in row-major order, variable after variable, named
 * {@code w[0,0]}, {@code w[0,1]}, …; a variable of one element has its name alone. A variable keeps
 * its own data type: θ, which is double, is rounded to float for a float variable, so that f and ∇f
 * of a float graph carry 7 digits and tolerances have to be wide enough for that.
 *
 * <p>The graph is written to: evaluation leaves the variables at the last point, and the loss is
 * made the graph's only loss variable. Several threads may evaluate, one at a time; nobody else may
 * use the graph meanwhile.
 */
public final class SameDiffObjective implements DifferentiableObjective {

  private final SameDiff graph;
  private final String loss;
  private final List<String> variables;
  private final List<String> names;
  private final Map<String, INDArray> placeholders;
  private final Object lock;

  private SameDiffObjective(
      SameDiff graph,
      String loss,
      List<String> variables,
      List<String> names,
      Map<String, INDArray> placeholders,
      Object lock) {
    this.graph = graph;
    this.loss = loss;
    this.variables = variables;
    this.names = names;
    this.placeholders = placeholders;
    this.lock = lock;
  }

  /**
   * Makes an objective of a graph.
   *
   * @param graph the graph; its variables are written to
   * @param loss the name of the variable that is f, of one element
   * @param variables the names of those that are θ, in order; if there are none, every trainable
   *     variable of the graph in alphabetical order
   * @return the objective
   * @throws IllegalArgumentException if a name is missing in the graph, stands twice or is that of
   *     no trainable variable of type double or float
   */
  public static SameDiffObjective of(SameDiff graph, String loss, String... variables) {
    Objects.requireNonNull(graph, "graph");
    Objects.requireNonNull(loss, "loss");
    Objects.requireNonNull(variables, "variables");
    if (!graph.hasVariable(loss)) {
      throw new IllegalArgumentException("loss = " + loss + ", expected a variable of the graph");
    }
    List<String> chosen = List.of(variables);
    if (chosen.isEmpty()) {
      chosen =
          graph.variables().stream()
              .filter(v -> v.getVariableType() == VariableType.VARIABLE)
              .map(SDVariable::name)
              .toList();
    }
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("the graph has no trainable variable");
    }
    List<String> names = new ArrayList<>();
    for (int k = 0; k < chosen.size(); k++) {
      if (chosen.indexOf(chosen.get(k)) < k) {
        throw new IllegalArgumentException("the variable " + chosen.get(k) + " stands twice");
      }
      addNames(variable(graph, chosen.get(k)), names);
    }
    graph.setLossVariables(loss);
    return new SameDiffObjective(graph, loss, chosen, List.copyOf(names), Map.of(), new Object());
  }

  private static SDVariable variable(SameDiff graph, String name) {
    SDVariable variable = graph.hasVariable(name) ? graph.getVariable(name) : null;
    if (variable == null || variable.getVariableType() != VariableType.VARIABLE) {
      throw new IllegalArgumentException(
          "variable "
              + name
              + (variable == null ? " is not in the graph" : " is " + variable.getVariableType())
              + ", expected a trainable variable");
    }
    DataType type = variable.dataType();
    if (type != DataType.DOUBLE && type != DataType.FLOAT) {
      throw new IllegalArgumentException(
          "variable " + name + " is of type " + type + ", expected DOUBLE or FLOAT");
    }
    return variable;
  }

  private static void addNames(SDVariable variable, List<String> names) {
    long[] shape = variable.getArr().shape();
    int length = Math.toIntExact(variable.getArr().length());
    for (int e = 0; e < length; e++) {
      long[] place = new long[shape.length];
      long rest = e;
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        place[axis] = rest % shape[axis];
        rest /= shape[axis];
      }
      String index = Arrays.toString(place).replace(" ", "");
      names.add(length == 1 ? variable.name() : variable.name() + index);
    }
  }

  /**
   * Gives placeholders of the graph their values, such as the data of a network.
   *
   * @param values arrays by the names of placeholders; not modified, and not copied
   * @return a changed copy over the same graph
   */
  public SameDiffObjective withPlaceholders(Map<String, INDArray> values) {
    Objects.requireNonNull(values, "values");
    Map<String, INDArray> all = new LinkedHashMap<>(placeholders);
    all.putAll(values);
    return new SameDiffObjective(graph, loss, variables, names, Map.copyOf(all), lock);
  }

  @Override
  public List<String> parameters() {
    return names;
  }

  /**
   * The present values of the variables, for use as start values.
   *
   * @return θ, a new array of p values
   */
  public double[] start() {
    double[] theta = new double[names.size()];
    synchronized (lock) {
      int from = 0;
      for (String name : variables) {
        from += flatten(graph.getVariable(name).getArr(), theta, from);
      }
    }
    return theta;
  }

  /**
   * Puts values into the variables of the graph, such as those of a minimum.
   *
   * @param theta p values; not modified
   * @throws IllegalArgumentException if there are not p of them
   */
  public void assign(double[] theta) {
    Points point = ArrayPoints.of(this, theta);
    synchronized (lock) {
      assign(point, 0);
    }
  }

  private void assign(Points points, int row) {
    int from = row * names.size();
    for (String name : variables) {
      INDArray array = graph.getVariable(name).getArr();
      int length = (int) array.length();
      double[] part = Arrays.copyOfRange(points.theta(), from, from + length);
      INDArray values = ArrayPoints.array(part, length);
      INDArray typed = values.castTo(array.dataType());
      try {
        array.assign(typed.reshape('c', array.shape()));
      } finally {
        values.close();
        if (typed != values) {
          typed.close();
        }
      }
      from += length;
    }
  }

  private static int flatten(INDArray array, double[] target, int from) {
    int length = (int) array.length();
    INDArray wide = array.castTo(DataType.DOUBLE);
    INDArray copy = wide.dup('c');
    double[] values = copy.data().getDoublesAt(0, length);
    copy.close();
    if (wide != array) {
      wide.close();
    }
    System.arraycopy(values, 0, target, from, length);
    return length;
  }

  @Override
  public void values(Points points, double[] values) {
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(values, "values");
    synchronized (lock) {
      for (int row = 0; row < points.count(); row++) {
        assign(points, row);
        values[row] = scalar(graph.output(placeholders, loss).get(loss));
      }
    }
  }

  @Override
  public void gradients(Points points, double[] values, double[] gradients) {
    Objects.requireNonNull(points, "points");
    Objects.requireNonNull(values, "values");
    Objects.requireNonNull(gradients, "gradients");
    synchronized (lock) {
      for (int row = 0; row < points.count(); row++) {
        assign(points, row);
        OutAndGrad result =
            graph.calculateGradientsAndOutputs(placeholders, List.of(loss), variables);
        values[row] = scalar(result.getOutputs().get(loss));
        int from = row * names.size();
        for (String name : variables) {
          INDArray slope = result.getGradients().get(name);
          if (slope == null) {
            // ND4J has none for a variable that the loss does not depend on
            int length = (int) graph.getVariable(name).getArr().length();
            Arrays.fill(gradients, from, from + length, 0);
            from += length;
          } else {
            from += flatten(slope, gradients, from);
          }
        }
      }
    }
  }

  private double scalar(INDArray value) {
    if (value.length() != 1) {
      throw new IllegalArgumentException(
          "loss "
              + loss
              + " has shape "
              + Arrays.toString(value.shape())
              + ", expected one element");
    }
    return value.getDouble(0);
  }

  /** The graph's loss and the variables that it is a function of. */
  @Override
  public String toString() {
    return "SameDiff " + loss + "(" + String.join(", ", variables) + ")";
  }
}
