package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.nabla4j.Regression;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.RowException;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;
import org.nabla4j.expression.Expression;
import org.nabla4j.objective.MissingData;
import org.nabla4j.regression.Accuracy;
import org.nabla4j.regression.Family;
import org.nabla4j.regression.Link;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RegressionFits;
import org.nabla4j.regression.RegressionFormula;
import org.nabla4j.regression.RobustErrors;
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
      "  nabla4j regress --data trials.csv --formula \"cured ~ dose + C(arm)\" --family binomial",
      "  nabla4j regress --data x.npy --names y,a,b --formula \"y ~ a + b\" --predict fitted.csv",
      "",
      "Exit codes: 0 success, 1 the regression has no solution, 2 bad input."
    })
final class RegressCommand implements Callable<Integer> {

  /** The level of intervals. */
  private static final double LEVEL = 0.95;

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
      names = "--family",
      paramLabel = "NAME",
      description =
          "Of the response: gaussian (default), binomial (0 and 1, or shares with the numbers of"
              + " trials as weights), poisson or gamma.")
  private String family = "gaussian";

  @Option(
      names = "--link",
      paramLabel = "NAME",
      description =
          "From the mean to the linear predictor: identity, log, logit, probit, cloglog, inverse or"
              + " sqrt; default the usual one of the family.")
  private String link;

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
      names = "--elastic-net",
      paramLabel = "LAMBDA:L1",
      description =
          "Penalise by LAMBDA, of which the share L1, 0 to 1, is of absolute values and the rest of"
              + " squares; 0.1:1 is the lasso. Without errors.")
  private String elasticNet;

  @Option(
      names = "--robust",
      paramLabel = "KIND",
      description = "Standard errors that hold whatever the variances are: HC0, HC1, HC2 or HC3.")
  private String robust;

  @Option(
      names = "--clusters",
      paramLabel = "COLUMN",
      description =
          "Standard errors that hold although rows with the same value here belong together.")
  private String clusters;

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
    Regression regression = regression(formula);
    Execution execution = runOptions.execution();
    csvOptions.check();
    checkOutputs(formula);
    Path copy = null;
    try (ProgressBar bar = runOptions.bar(console, "reading")) {
      boolean isStream = CsvOptions.isStream(data);
      copy = isStream ? copyOfInput(data) : null;
      Rows rows = new WatchedRows(isStream ? csvOptions.table(copy.toString()) : rows(), bar);
      if (weights != null) {
        regression = regression.weights(expression(weights, rows));
      }
      regression = regression.execution(execution);
      List<RegressionFit> fits = new ArrayList<>();
      if (formula.responses().size() == 1) {
        fits.add(regression.fit(rows));
      } else {
        RegressionFits each = regression.fitEach(rows);
        for (int k = 0; k < each.count(); k++) {
          fits.add(each.fit(k));
        }
      }
      return report(fits, rows, execution, bar);
    } catch (RowException | IllegalStateException e) {
      throw new InputException(String.valueOf(e.getMessage()));
    } finally {
      delete(copy);
    }
  }

  /** What the options say that need no data. */
  private Regression regression(RegressionFormula formula) {
    Family given = family();
    Regression regression =
        given.equals(Family.gaussian()) ? Regression.ols(formula) : Regression.glm(formula, given);
    regression =
        regression
            .missing(OptionValues.choice("--missing", missing, MissingData.class))
            .accuracy(
                OptionValues.choice("--accuracy", accuracy.replace('-', '_'), Accuracy.class));
    if (runOptions.backend() != null) {
      regression = regression.backend(runOptions.backend());
    }
    if (offset != null) {
      regression = regression.offset(offset);
    }
    if (ridge != null) {
      regression = regression.ridge(ridge);
    }
    if (elasticNet != null) {
      double[] penalty = penalty();
      regression = regression.elasticNet(penalty[0], penalty[1]);
    }
    if (robust != null) {
      regression = regression.robust(OptionValues.choice("--robust", robust, RobustErrors.class));
    }
    return clusters == null ? regression : regression.clusters(clusters);
  }

  private Family family() {
    Link given = link == null ? null : OptionValues.choice("--link", link, Link.class);
    return switch (family.toLowerCase(Locale.ROOT)) {
      case "gaussian" -> given == null ? Family.gaussian() : Family.gaussian(given);
      case "binomial" -> given == null ? Family.binomial() : Family.binomial(given);
      case "poisson" -> given == null ? Family.poisson() : Family.poisson(given);
      case "gamma" -> given == null ? Family.gamma() : Family.gamma(given);
      default ->
          throw new InputException(
              "--family " + family + ", expected gaussian, binomial, poisson or gamma");
    };
  }

  private double[] penalty() {
    int colon = elasticNet.indexOf(':');
    double lambda = colon < 0 ? Double.NaN : Numbers.parse(elasticNet.substring(0, colon));
    double share = colon < 0 ? Double.NaN : Numbers.parse(elasticNet.substring(colon + 1));
    if (Double.isNaN(lambda) || Double.isNaN(share)) {
      throw new InputException(
          "--elastic-net '" + elasticNet + "', expected LAMBDA:L1", "for example 0.1:0.5");
    }
    return new double[] {lambda, share};
  }

  private void checkOutputs(RegressionFormula formula) {
    if (predict != null) {
      OutputFile.check(predict, "--predict", CsvOptions.file(data));
    }
    if (plot != null) {
      OutputFile.check(plot, "--plot", CsvOptions.file(data));
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
  private static Path copyOfInput(String data) {
    try (InputStream input = CsvOptions.stream(data)) {
      Path copy = Files.createTempFile("nabla4j", ".csv");
      copy.toFile().deleteOnExit();
      Files.copy(input, copy, StandardCopyOption.REPLACE_EXISTING);
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

  private int report(List<RegressionFit> fits, Rows rows, Execution execution, ProgressBar bar) {
    boolean solved = fits.stream().allMatch(fit -> fit.status().converged());
    RegressionFit first = fits.get(0);
    InputException failure = null;
    boolean drawn = false;
    boolean predicted = false;
    if (solved) {
      // The regression is reported all the same where a file cannot be written.
      try {
        drawn = plot != null && new RegressionPlot(first, rows, execution, formulaText).write(plot);
        if (predict != null) {
          OutputFile.write(predict, stream -> writePredictions(first, rows, execution, stream));
          predicted = true;
        }
      } catch (InputException e) {
        failure = e;
      }
    }
    bar.close();
    if (json) {
      console.out().print(json(fits, drawn, predicted));
    } else {
      fits.forEach(console.out()::println);
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
    if (predict != null && !predicted) {
      console.err().println("nabla4j: no predictions, since there is no solution");
    }
    return solved ? Main.SUCCESS : Main.NOT_CONVERGED;
  }

  /** A line for each row of the table, with nothing in it where a predictor is missing. */
  private static void writePredictions(
      RegressionFit fit, Rows rows, Execution execution, OutputStream stream) throws IOException {
    boolean linear = fit.family().isEmpty();
    Writer writer = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
    writer.write("row,predicted,standardError,lower,upper");
    writer.write(linear ? ",predictionLower,predictionUpper\n" : "\n");
    long[] row = {0};
    try {
      fit.predict(
          rows,
          LEVEL,
          execution,
          block -> {
            List<double[]> cells =
                new ArrayList<>(
                    List.of(block.means(), block.standardErrors(), block.lower(), block.upper()));
            if (linear) {
              cells.add(block.predictionLower());
              cells.add(block.predictionUpper());
            }
            try {
              for (int i = 0; i < block.rows(); i++) {
                writer.write(Long.toString(++row[0]));
                for (double[] values : cells) {
                  writer.write(',');
                  writer.write(Double.isNaN(values[i]) ? "" : Double.toString(values[i]));
                }
                writer.write('\n');
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    writer.flush();
  }

  private String json(List<RegressionFit> fits, boolean drawn, boolean predicted) {
    return Json.object(
        object -> {
          object.writeStringField("formula", formulaText);
          object.writeStringField("data", data);
          if (fits.size() == 1) {
            fit(object, fits.get(0));
          } else {
            object.writeArrayFieldStart("fits");
            for (RegressionFit fit : fits) {
              object.writeStartObject();
              fit(object, fit);
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
    Map<String, Object> map = fit.toMap();
    map.putIfAbsent("family", Family.gaussian().name());
    map.putIfAbsent("link", Family.gaussian().link().toString());
    Json.entries(object, map);
  }
}
