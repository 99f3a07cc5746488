package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.nabla4j.Regression;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.RowException;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.MissingData;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RegressionFits;
import org.nabla4j.regression.RegressionFormula;
import org.nabla4j.regression.RowPass;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code nabla4j regress}: a regression over the rows of a file, however many they are. */
@Command(
    name = "regress",
    sortOptions = false,
    abbreviateSynopsis = true,
    description = {
      "Fits a regression to a table of any number of rows.",
      "",
      "The file is read a few times, block by block; only sums are kept in memory.",
      ""
    },
    footer = {
      "",
      "Formulas are those of R and statsmodels:",
      "  y ~ x1 + log(x2)       a term is any expression; x^2 is a power, x1*x2 a product",
      "  y ~ C(kind) + x:C(kind)  categories and interactions; C(kind, ref=b) compares with b;",
      "                         a column of text is a category without C()",
      "  y ~ . - id             every column but id;  - 1 or + 0: no intercept",
      "  cbind(y1, y2) ~ x      several responses;  `unit price`: a name that is no symbol",
      "",
      "Examples:",
      "  nabla4j regress --data houses.csv --formula \"log(price) ~ area + C(town)\"",
      "  nabla4j regress --data big.csv --formula \"y ~ .\" --weights w --plot fit.png --json",
      "  nabla4j regress --data x.npy --names y,a,b --formula \"y ~ a + b\" --predict fitted.csv",
      "",
      "Exit codes: 0 success, 1 the regression has no solution, 2 bad input."
    })
final class RegressCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "Table with a header line: comma, semicolon or tab separated, perhaps gzipped; or a matrix"
              + " FILE.npy; - for standard input.")
  private String data;

  @Option(
      names = "--formula",
      required = true,
      paramLabel = "TEXT",
      description = "Response and terms, such as \"y ~ x1 + log(x2) + C(kind)\".")
  private String formulaText;

  @Option(
      names = "--names",
      paramLabel = "NAMES",
      split = ",",
      description = "Names of the columns of a matrix; default x1,x2,...")
  private List<String> names = List.of();

  @Option(
      names = "--weights",
      paramLabel = "COLUMN",
      description = "Weights of rows, a column or an expression of columns.")
  private String weights;

  @Option(
      names = "--offset",
      paramLabel = "EXPR",
      description = "A known part of the linear predictor, such as \"log(n)\".")
  private String offset;

  @Option(
      names = "--ridge",
      paramLabel = "LAMBDA",
      description = "Add LAMBDA times the sum of squared coefficients, but the intercept's.")
  private Double ridge;

  @Option(
      names = "--missing",
      paramLabel = "POLICY",
      description =
          "refuse (default): an empty cell, NA or NaN in a column that is used is an error; omit:"
              + " the row is left out.")
  private String missing = "refuse";

  @Option(
      names = "--accuracy",
      paramLabel = "KIND",
      description =
          "With how many digits sums are made: auto (default), double, refined, double-double.")
  private String accuracy = "auto";

  @Option(names = "--json", description = "Write one JSON object instead of a report.")
  private boolean json;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description =
          "Draw the fit, its residuals and their quantiles: FILE.png, .jpg, .svg or .pdf. Of many"
              + " rows a sample is drawn.")
  private Path plot;

  @Option(
      names = "--predict",
      paramLabel = "FILE",
      description = "Write a table with what is predicted for each row.")
  private Path predict;

  @Mixin private CsvOptions csvOptions;

  @Mixin private RunOptions runOptions;

  RegressCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RegressionFormula formula = RegressionFormula.parse(formulaText);
    MissingData policy = OptionValues.choice("--missing", missing, MissingData.class);
    Accuracy digits = OptionValues.choice("--accuracy", accuracy.replace('-', '_'), Accuracy.class);
    Execution execution = runOptions.execution();
    csvOptions.check();
    checkOutputs(formula);
    Path copy = null;
    try (ProgressBar bar = runOptions.bar(console, "reading")) {
      boolean isStream = data.equals("-");
      copy = isStream ? copyOfInput() : null;
      Rows rows = new WatchedRows(isStream ? csvOptions.table(copy.toString()) : rows(), bar);
      Backend backend =
          runOptions.backend() == null ? Backends.shared() : Backends.shared(runOptions.backend());
      Regression regression =
          Regression.ols(formula)
              .missing(policy)
              .accuracy(digits)
              .backend(backend)
              .execution(execution);
      if (weights != null) {
        regression = regression.weights(expression(weights, rows));
      }
      if (offset != null) {
        regression = regression.offset(offset);
      }
      if (ridge != null) {
        regression = regression.ridge(ridge);
      }
      return report(regression.fitEach(rows), rows, backend, execution, bar);
    } catch (RowException | IllegalStateException e) {
      throw new InputException(String.valueOf(e.getMessage()));
    } finally {
      delete(copy);
    }
  }

  private void checkOutputs(RegressionFormula formula) {
    if (predict != null) {
      OutputFile.check(predict, "--predict");
    }
    if (plot != null) {
      OutputFile.check(plot, "--plot");
      PlotFormat.of(plot, "--plot");
    }
    if (formula.responses().size() > 1 && (plot != null || predict != null)) {
      throw new InputException(
          (plot != null ? "--plot" : "--predict")
              + " is for one response, but the formula has "
              + formula.responses().size());
    }
  }

  private Rows rows() {
    if (!data.toLowerCase(Locale.ROOT).endsWith(".npy")) {
      if (!names.isEmpty()) {
        throw new InputException("--names is for a matrix, FILE.npy; a table names its columns");
      }
      return csvOptions.table(data);
    }
    return Tables.npy(Path.of(data), names.toArray(String[]::new));
  }

  /** A table that comes as a stream is kept in a file: it is read more than once. */
  private static Path copyOfInput() {
    try {
      Path copy = Files.createTempFile("nabla4j", ".csv");
      copy.toFile().deleteOnExit();
      Files.copy(System.in, copy, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path copy) {
    if (copy != null) {
      try {
        Files.deleteIfExists(copy);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A column's name as it stands in the header, or an expression. */
  private static String expression(String text, Rows rows) {
    return rows.fields().stream().anyMatch(field -> field.name().equals(text))
        ? Expression.quotedSymbol(text).toString()
        : text;
  }

  private int report(
      RegressionFits fits, Rows rows, Backend backend, Execution execution, ProgressBar bar) {
    RegressionFit first = fits.fit(0);
    boolean solved = true;
    for (int k = 0; k < fits.count(); k++) {
      solved &= fits.fit(k).status().converged();
    }
    RowPredictions predictions = new RowPredictions(first, rows, backend, execution);
    InputException failure = null;
    boolean drawn = false;
    boolean predicted = false;
    if (solved) {
      // The regression is reported all the same where a file cannot be written.
      try {
        drawn = plot != null && draw(predictions);
        predicted = predict != null && write(predictions);
      } catch (InputException e) {
        failure = e;
      }
    }
    bar.close();
    if (json) {
      console.out().print(json(fits, drawn, predicted));
    } else {
      for (int k = 0; k < fits.count(); k++) {
        console.out().println(fits.fit(k));
      }
      if (drawn) {
        console.out().println("plot " + plot);
      }
      if (predicted) {
        console.out().println("predictions " + predict);
      }
    }
    if (failure != null) {
      throw failure;
    }
    if (plot != null && !drawn) {
      console.err().println("nabla4j: no plot, since there is no finite residual");
    }
    return solved ? Main.SUCCESS : Main.NOT_CONVERGED;
  }

  private boolean draw(RowPredictions predictions) {
    RegressionFit fit = predictions.fit();
    Expression scale = Expression.constant(fit.sigma()).dividedBy(RowPass.WEIGHT.sqrt());
    return new RegressionPlot(predictions, RowPass.ETA, scale, formulaText).write(plot);
  }

  private boolean write(RowPredictions predictions) {
    OutputFile.write(predict, stream -> predictions.write(RowPass.ETA, stream));
    return true;
  }

  private String json(RegressionFits fits, boolean drawn, boolean predicted) {
    return Json.object(
        object -> {
          object.writeStringField("formula", formulaText);
          object.writeStringField("data", data);
          if (fits.count() == 1) {
            fit(object, fits.fit(0));
          } else {
            object.writeArrayFieldStart("fits");
            for (int k = 0; k < fits.count(); k++) {
              object.writeStartObject();
              fit(object, fits.fit(k));
              object.writeEndObject();
            }
            object.writeEndArray();
          }
          if (drawn) {
            object.writeStringField("plot", plot.toString());
          }
          if (predicted) {
            object.writeStringField("predictions", predict.toString());
          }
        });
  }

  private static void fit(JsonGenerator object, RegressionFit fit) throws IOException {
    object.writeBooleanField("converged", fit.status().converged());
    Json.entries(object, fit.toMap());
  }
}
