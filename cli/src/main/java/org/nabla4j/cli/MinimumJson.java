package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.nabla4j.objective.Constraint;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;

/**
 * Writes minima as JSON. What there is one of for each parameter is an object by name, what there
 * is one of for each constraint an array in their order; both are there without any. The minima of
 * many starts have the same fields as the minimum itself.
 */
final class MinimumJson {

  private MinimumJson() {}

  /**
   * The report of a minimisation.
   *
   * @param formula the objective
   * @param data the file of its data, null without one
   * @param minimum what was found, the lowest of several
   * @param minima all that was found from many starts, null with one start
   * @param plot where it is drawn, null if it is not
   */
  static String report(String formula, String data, Minimum minimum, Minima minima, Path plot) {
    return Json.object(
        json -> {
          json.writeStringField("formula", formula);
          if (data != null) {
            json.writeStringField("data", data);
          }
          minimum(json, minimum);
          if (minima != null) {
            minima(json, minima);
          }
          if (plot != null) {
            json.writeStringField("plot", plot.toString());
          }
        });
  }

  private static void minimum(JsonGenerator json, Minimum minimum) throws IOException {
    json.writeArrayFieldStart("subjectTo");
    for (Constraint constraint : minimum.problem().constraints()) {
      json.writeString(constraint.toString());
    }
    json.writeEndArray();
    solution(json, minimum);
    json.writeStringField("method", minimum.method().toString());
    json.writeStringField("backend", minimum.backend());
    json.writeStringField("kernel", minimum.kernel());
  }

  /** What each minimum has, alone or as one of several. */
  private static void solution(JsonGenerator json, Minimum minimum) throws IOException {
    Json.number(json, "minimum", minimum.value());
    byName(json, "parameters", minimum.parameterNames(), minimum.parameters());
    if (minimum.problem().isNegativeLogLikelihood()) {
      byName(json, "standardErrors", minimum.parameterNames(), minimum.standardErrors());
      if (minimum.covarianceFailure().isPresent()) {
        json.writeStringField("noStandardErrors", minimum.covarianceFailure().get());
      }
    }
    json.writeArrayFieldStart("multipliers");
    Json.numbers(json, minimum.multipliers());
    json.writeEndArray();
    byName(json, "boundMultipliers", minimum.parameterNames(), minimum.boundMultipliers());
    Json.number(json, "gradientNorm", minimum.gradientNorm());
    json.writeStringField("status", minimum.status().name());
    json.writeStringField("statusMessage", minimum.statusMessage());
    json.writeBooleanField("converged", minimum.converged());
    json.writeNumberField("iterations", minimum.iterations());
    json.writeNumberField("evaluations", minimum.evaluations());
  }

  private static void byName(JsonGenerator json, String field, List<String> names, double[] values)
      throws IOException {
    json.writeObjectFieldStart(field);
    for (int j = 0; j < values.length; j++) {
      Json.number(json, names.get(j), values[j]);
    }
    json.writeEndObject();
  }

  private static void minima(JsonGenerator json, Minima minima) throws IOException {
    json.writeNumberField("starts", minima.searches().problems());
    json.writeNumberField("convergedCount", minima.searches().convergedCount());
    json.writeArrayFieldStart("minima");
    for (Minima.Basin basin : minima.basins()) {
      json.writeStartObject();
      json.writeNumberField("count", basin.count());
      solution(json, basin.minimum());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
