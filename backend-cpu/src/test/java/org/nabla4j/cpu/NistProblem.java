package org.nabla4j.cpu;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.CurveFit;

/** A nonlinear data set of the NIST Statistical Reference Datasets, read from the resources. */
final class NistProblem {

  /** All of them, by name. */
  static final List<String> NAMES =
      List.of(
          "Bennett5",
          "BoxBOD",
          "Chwirut1",
          "Chwirut2",
          "DanWood",
          "ENSO",
          "Eckerle4",
          "Gauss1",
          "Gauss2",
          "Hahn1",
          "Lanczos1",
          "Lanczos2",
          "Lanczos3",
          "MGH09",
          "MGH10",
          "MGH17",
          "Misra1a",
          "Misra1b",
          "Misra1c",
          "Misra1d",
          "Rat42",
          "Rat43",
          "Roszman1",
          "Thurber");

  private final String name;
  private final Map<String, String> lines = new HashMap<>();

  private NistProblem(String name) {
    this.name = name;
  }

  static NistProblem read(String name) {
    NistProblem problem = new NistProblem(name);
    try (InputStream stream = NistProblem.class.getResourceAsStream("/nist/" + name + ".txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      reader
          .lines()
          .forEach(
              line -> {
                int space = line.indexOf(' ');
                problem.lines.put(line.substring(0, space), line.substring(space + 1));
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return problem;
  }

  String formula() {
    return lines.get("formula");
  }

  List<String> parameters() {
    return List.of(lines.get("parameters").split(" "));
  }

  double[] start(int which) {
    return numbers("start" + which);
  }

  double[] certified() {
    return numbers("certified");
  }

  double[] deviations() {
    return numbers("deviation");
  }

  /** Certified residual sum of squares. */
  double squares() {
    return Double.parseDouble(lines.get("rss"));
  }

  double[] x() {
    return numbers("x");
  }

  double[] y() {
    return numbers("y");
  }

  /** The formula as a fit, to start at the given values. */
  CurveFit fit(double[] start) {
    CurveFit fit = CurveFit.of(formula());
    for (int j = 0; j < start.length; j++) {
      fit = fit.start(parameters().get(j), start[j]);
    }
    return fit;
  }

  private double[] numbers(String key) {
    return Arrays.stream(lines.get(key).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public String toString() {
    return name;
  }
}
