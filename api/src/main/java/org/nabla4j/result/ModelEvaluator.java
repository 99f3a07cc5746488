package org.nabla4j.result;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.program.Interpreter;
import org.nabla4j.program.Program;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/** Evaluates a formula model point by point, for statistics, curves and bands after a fit. */
final class ModelEvaluator {

  private static final double[] NONE = {};

  private final FormulaModel model;

  /** The columns that the prediction reads, in the model's order. */
  private final List<String> predictors;

  /** Prediction and response from all columns. */
  private final Program sides;

  /** Prediction and its gradient from the predictors. */
  private final Program gradient;

  ModelEvaluator(FormulaModel model) {
    this.model = model;
    predictors =
        model.columns().stream()
            .filter(name -> model.prediction().symbols().contains(name))
            .toList();
    sides = compile(List.of(model.prediction(), model.response()), model.columns());
    List<Expression> outputs = new ArrayList<>();
    outputs.add(model.prediction());
    outputs.addAll(Derivatives.gradient(model.prediction(), model.parameters()));
    gradient = compile(outputs, predictors);
  }

  private Program compile(List<Expression> outputs, List<String> columns) {
    return ProgramCompiler.compile(
        outputs,
        new ProgramInputs(model.parameters(), List.of(), List.of(), columns),
        ProgramCompiler.Options.defaults().withFma(false));
  }

  List<String> predictors() {
    return predictors;
  }

  /** Evaluates both sides of the model at data points; not for several threads. */
  Sides sides(double[] theta) {
    return new Sides(new Interpreter(sides), theta);
  }

  /** Both sides of the model, point by point. */
  static final class Sides {
    private final Interpreter interpreter;
    private final double[] theta;
    private final double[] outputs = new double[2];

    private Sides(Interpreter interpreter, double[] theta) {
      this.interpreter = interpreter;
      this.theta = theta;
    }

    /** Moves to a point, its values in the order of the model's columns. */
    void at(double[] row) {
      interpreter.evaluate(theta, NONE, NONE, row, outputs);
    }

    double prediction() {
      return outputs[0];
    }

    double response() {
      return outputs[1];
    }
  }

  /** Evaluates the prediction and its derivatives at data points; not for several threads. */
  Slopes slopes(double[] theta) {
    int[] places = predictors.stream().mapToInt(model.columns()::indexOf).toArray();
    return new Slopes(new Interpreter(gradient), theta, places);
  }

  /** The prediction and its derivatives, point by point. */
  static final class Slopes {
    private final Interpreter interpreter;
    private final double[] theta;

    /** Where the predictors stand among the model's columns. */
    private final int[] places;

    private final double[] read;
    private final double[] outputs;

    private Slopes(Interpreter interpreter, double[] theta, int[] places) {
      this.interpreter = interpreter;
      this.theta = theta;
      this.places = places;
      read = new double[places.length];
      outputs = new double[theta.length + 1];
    }

    /** The prediction, then p derivatives, in an array that the next point overwrites. */
    double[] at(double[] row) {
      for (int c = 0; c < read.length; c++) {
        read[c] = row[places[c]];
      }
      interpreter.evaluate(theta, NONE, NONE, read, outputs);
      return outputs;
    }
  }

  /**
   * Prediction and gradient at new points.
   *
   * @return for each point the prediction, then p derivatives
   */
  double[][] gradientAt(double[] theta, Map<String, double[]> columns) {
    int n = checkedLength(columns);
    Interpreter interpreter = new Interpreter(gradient);
    double[][] outputs = new double[n][theta.length + 1];
    double[] row = new double[predictors.size()];
    double[][] values = predictors.stream().map(columns::get).toArray(double[][]::new);
    for (int k = 0; k < n; k++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = values[c][k];
      }
      interpreter.evaluate(theta, NONE, NONE, row, outputs[k]);
    }
    return outputs;
  }

  private int checkedLength(Map<String, double[]> columns) {
    for (String name : columns.keySet()) {
      if (!predictors.contains(name)) {
        throw new IllegalArgumentException(
            "column " + name + " is not read by the prediction, expected " + predictors);
      }
    }
    int n = -1;
    for (String name : predictors) {
      double[] values = columns.get(name);
      if (values == null) {
        throw new IllegalArgumentException(
            "no values for column " + name + ", expected each of " + predictors);
      }
      if (n >= 0 && values.length != n) {
        throw new IllegalArgumentException(
            "column "
                + name
                + " has "
                + values.length
                + " values, expected "
                + n
                + " as in column "
                + predictors.get(0));
      }
      n = values.length;
    }
    if (n < 0) {
      throw new IllegalArgumentException("the prediction reads no column: it is the same anywhere");
    }
    return n;
  }
}
