package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.nabla4j.objective.Constraint;
import org.nabla4j.result.Minima;
import org.nabla4j.result.Minimum;

/** Writes minima as JSON. */
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
    Json.number(json, "minimum", minimum.value());
    parameters(json, minimum);
    json.writeArrayFieldStart("subjectTo");
    for (Constraint constraint : minimum.problem().constraints()) {
      json.writeString(constraint.toString());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("multipliers");
    for (double multiplier : minimum.multipliers()) {
      Json.number(json, multiplier);
    }
    json.writeEndArray();
    if (minimum.problem().bounded()) {
      json.writeObjectFieldStart("boundMultipliers");
      double[] multipliers = minimum.boundMultipliers();
      for (int j = 0; j < multipliers.length; j++) {
        Json.number(json, minimum.parameterNames().get(j), multipliers[j]);
      }
      json.writeEndObject();
    }
    Json.number(json, "gradientNorm", minimum.gradientNorm());
    json.writeStringField("status", minimum.status().name());
    json.writeStringField("statusMessage", minimum.statusMessage());
    json.writeBooleanField("converged", minimum.converged());
    json.writeNumberField("iterations", minimum.iterations());
    json.writeNumberField("evaluations", minimum.evaluations());
    json.writeStringField("method", minimum.method().toString());
    json.writeStringField("backend", minimum.backend());
    json.writeStringField("kernel", minimum.kernel());
  }

  private static void parameters(JsonGenerator json, Minimum minimum) throws IOException {
    json.writeObjectFieldStart("parameters");
    for (Map.Entry<String, Double> entry : minimum.toMap().entrySet()) {
      Json.number(json, entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void minima(JsonGenerator json, Minima minima) throws IOException {
    json.writeNumberField("starts", minima.searches().problems());
    json.writeNumberField("convergedCount", minima.searches().convergedCount());
    json.writeArrayFieldStart("minima");
    for (Minima.Basin basin : minima.basins()) {
      json.writeStartObject();
      Json.number(json, "value", basin.minimum().value());
      parameters(json, basin.minimum());
      json.writeNumberField("count", basin.count());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
