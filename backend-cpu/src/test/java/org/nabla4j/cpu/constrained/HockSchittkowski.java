package org.nabla4j.cpu.constrained;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Test problems with constraints: W. Hock, K. Schittkowski (1981), Test Examples for Nonlinear
 * Programming Codes, Lecture Notes in Economics and Mathematical Systems 187.
 */
final class HockSchittkowski {

  private final JsonNode node;

  private HockSchittkowski(JsonNode node) {
    this.node = node;
  }

  static List<HockSchittkowski> all() {
    return read("/hs.json");
  }

  static List<HockSchittkowski> read(String resource) {
    try (InputStream stream = HockSchittkowski.class.getResourceAsStream(resource)) {
      List<HockSchittkowski> problems = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(stream)) {
        problems.add(new HockSchittkowski(node));
      }
      return problems;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return node.get("name").asText();
  }

  FormulaConstraints function() {
    return FormulaConstraints.of(
        Formula.parse(node.get("objective").asText()).expression(),
        expressions("equalities"),
        expressions("inequalities"),
        IntStream.rangeClosed(1, node.get("n").asInt()).mapToObj(j -> "x" + j).toList());
  }

  private List<Expression> expressions(String field) {
    List<Expression> result = new ArrayList<>();
    for (JsonNode text : node.get(field)) {
      result.add(Formula.parse(text.asText()).expression());
    }
    return result;
  }

  double[] start() {
    return numbers(node.get("start"));
  }

  double minimum() {
    return node.get("minimum").asDouble();
  }

  /** Lower (0) or upper (1) bounds, null where no parameter has any. */
  double[] bounds(int side) {
    JsonNode bounds = node.get("bounds");
    if (bounds.isNull()) {
      return null;
    }
    double[] result = new double[bounds.size()];
    for (int j = 0; j < result.length; j++) {
      JsonNode bound = bounds.get(j).get(side);
      result[j] =
          bound.isNull()
              ? (side == 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY)
              : bound.asDouble();
    }
    return result;
  }

  /** Whether the listed solution is the only one and has only one set of multipliers. */
  boolean hasUniqueMultipliers() {
    return node.get("minimizerUnique").asBoolean()
        && node.get("activeRank").asInt() == node.get("activeCount").asInt();
  }

  /** Multipliers of the equalities, then of the inequalities. */
  double[] multipliers() {
    double[] first = numbers(node.get("multipliers"));
    double[] second = numbers(node.get("inequalityMultipliers"));
    double[] result = new double[first.length + second.length];
    System.arraycopy(first, 0, result, 0, first.length);
    System.arraycopy(second, 0, result, first.length, second.length);
    return result;
  }

  /** Multipliers of the lower (0) or upper (1) bounds, null where there are none. */
  double[] boundMultipliers(int side) {
    JsonNode bounds = node.get("boundMultipliers");
    if (bounds.isNull()) {
      return null;
    }
    double[] result = new double[bounds.size()];
    for (int j = 0; j < result.length; j++) {
      result[j] = bounds.get(j).get(side).asDouble();
    }
    return result;
  }

  private static double[] numbers(JsonNode array) {
    double[] result = new double[array.size()];
    for (int j = 0; j < result.length; j++) {
      result[j] = array.get(j).asDouble();
    }
    return result;
  }

  @Override
  public String toString() {
    return name();
  }
}
