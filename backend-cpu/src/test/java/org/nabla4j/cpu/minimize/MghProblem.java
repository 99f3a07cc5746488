package org.nabla4j.cpu.minimize;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A test problem of Moré, Garbow and Hillstrom (1981), read from the resources. */
final class MghProblem {

  /** How close a value is to a minimum, relatively, or absolutely where that is 0. */
  private static final double CLOSE = 1e-6;

  private final Map<String, String> lines;

  private MghProblem(Map<String, String> lines) {
    this.lines = lines;
  }

  /** All problems of a resource: blocks of lines, a key and its value each. */
  static List<MghProblem> read(String resource) {
    List<MghProblem> problems = new ArrayList<>();
    try (InputStream stream = MghProblem.class.getResourceAsStream(resource);
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      Map<String, String> lines = new HashMap<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.isEmpty()) {
          problems.add(new MghProblem(lines));
          lines = new HashMap<>();
        } else {
          int space = line.indexOf(' ');
          lines.put(line.substring(0, space), line.substring(space + 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return problems;
  }

  String formula() {
    return lines.get("formula");
  }

  List<String> parameters() {
    return IntStream.rangeClosed(1, Integer.parseInt(lines.get("parameters")))
        .mapToObj(j -> "x" + j)
        .toList();
  }

  double[] start() {
    return numbers("start");
  }

  double minimum() {
    return Double.parseDouble(lines.get("minimum"));
  }

  double[] localMinima() {
    return lines.containsKey("localMinima") ? numbers("localMinima") : new double[0];
  }

  /** Evaluations of SciPy's BFGS. */
  int bfgsEvaluations() {
    return Integer.parseInt(words("bfgs").get(0));
  }

  boolean bfgsReached() {
    return Boolean.parseBoolean(words("bfgs").get(1));
  }

  /** Evaluations of SciPy's trust-exact. */
  int trustExactEvaluations() {
    return Integer.parseInt(words("trustExact").get(0));
  }

  boolean trustExactReached() {
    return Boolean.parseBoolean(words("trustExact").get(1));
  }

  /** Whether a value is the lowest one. */
  boolean isMinimum(double value) {
    return isClose(value, minimum());
  }

  /** Whether a value is the lowest one or that of a local minimum. */
  boolean isLocalMinimum(double value) {
    return isMinimum(value)
        || Arrays.stream(localMinima()).anyMatch(minimum -> isClose(value, minimum));
  }

  private static boolean isClose(double value, double minimum) {
    return Math.abs(value - minimum) <= CLOSE * (minimum == 0 ? 1 : Math.abs(minimum));
  }

  private List<String> words(String key) {
    return List.of(lines.get(key).split(" "));
  }

  private double[] numbers(String key) {
    return Arrays.stream(lines.get(key).split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  @Override
  public String toString() {
    return lines.get("name");
  }
}
