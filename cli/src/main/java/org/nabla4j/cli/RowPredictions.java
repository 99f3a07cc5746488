package org.nabla4j.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowPasses;

/**
 * What a regression says of each row of a table, row after row.
 *
 * @param fit the regression
 * @param rows the table
 * @param backend what computes
 * @param execution on which threads
 */
record RowPredictions(RegressionFit fit, Rows rows, Backend backend, Execution execution) {

  /**
   * Goes through the table.
   *
   * @param design what is read of each row, with the columns of the fit
   * @param values expressions of the row's symbols
   * @param sink told of each block in order
   */
  void map(Design design, List<Expression> values, RowPasses.RowSink sink) {
    double[] coefficients = fit.coefficients();
    for (int j = 0; j < coefficients.length; j++) {
      // A column that depends on others was left out.
      coefficients[j] = Double.isNaN(coefficients[j]) ? 0 : coefficients[j];
    }
    try (RowPasses passes = backend.passes(design, rows, execution)) {
      passes.map(values, RowPass.counting().withCoefficients(coefficients), sink);
    }
  }

  /** The fit's design without the response and the weight, which a prediction does not need. */
  private Design predictors() {
    Design whole = fit.design();
    return new Design(
        whole.numbers().stream().filter(name -> isPredictor(whole, name)).toList(),
        whole.categories(),
        whole.levels(),
        whole.columns(),
        List.of(),
        null,
        whole.offset(),
        -1,
        true);
  }

  private static boolean isPredictor(Design design, String name) {
    return design.columns().stream().anyMatch(column -> column.value().symbols().contains(name))
        || (design.offset() != null && design.offset().symbols().contains(name));
  }

  /**
   * Writes a table of the rows' numbers and what is predicted for them; nothing where a predictor
   * is missing.
   *
   * @param mean of the row's symbols
   * @param stream receives the table
   */
  void write(Expression mean, OutputStream stream) throws IOException {
    Writer writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    writer.write("row,predicted\n");
    long[] before = {0};
    try {
      map(
          predictors(),
          List.of(mean),
          (count, values) -> {
            try {
              for (int i = 0; i < count; i++) {
                double value = values[0][i];
                writer.write(Long.toString(before[0] + i + 1));
                writer.write(',');
                writer.write(Double.isNaN(value) ? "" : Double.toString(value));
                writer.write('\n');
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
            before[0] += count;
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.flush();
  }
}
