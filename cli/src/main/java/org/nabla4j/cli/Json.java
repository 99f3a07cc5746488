package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Interval;

/** Writes results as JSON. What is no number in JSON, NaN and infinities, becomes null. */
final class Json {

  /** The level of the confidence intervals. */
  private static final double LEVEL = 0.95;

  private static final int SECONDS_DIGITS = 6;

  /** Fills an object. */
  @FunctionalInterface
  interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private Json() {}

  /** One object as text that ends with a new line. */
  static String object(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.setPrettyPrinter(
          new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  /**
   * The report of one fit.
   *
   * @param formula the model
   * @param data the file
   * @param fit the fit
   * @param plot where it is drawn, null if it is not
   */
  static String report(String formula, String data, FitResult fit, Path plot) {
    return object(
        json -> {
          json.writeStringField("formula", formula);
          json.writeStringField("data", data);
          fit(json, fit);
          if (plot != null) {
            json.writeStringField("plot", plot.toString());
          }
        });
  }

  static void number(JsonGenerator json, String name, double value) throws IOException {
    json.writeFieldName(name);
    number(json, value);
  }

  /** A duration: to the digits that mean something, without those of its conversion. */
  static void seconds(JsonGenerator json, double value) throws IOException {
    number(
        json,
        "seconds",
        Double.isFinite(value)
            ? new BigDecimal(value).round(new MathContext(SECONDS_DIGITS)).doubleValue()
            : value);
  }

  static void number(JsonGenerator json, double value) throws IOException {
    if (Double.isFinite(value)) {
      json.writeNumber(value);
    } else {
      json.writeNull();
    }
  }

  /** The entries of a map of maps, lists, texts and numbers, into an open object. */
  static void entries(JsonGenerator json, Map<?, ?> map) throws IOException {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeFieldName(entry.getKey().toString());
      value(json, entry.getValue());
    }
  }

  private static void value(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      entries(json, map);
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Integer || value instanceof Long) {
      json.writeNumber(((Number) value).longValue());
    } else if (value instanceof Number number) {
      number(json, number.doubleValue());
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value == null) {
      json.writeNull();
    } else {
      json.writeString(value.toString());
    }
  }

  /** Numbers, into an open array. */
  static void numbers(JsonGenerator json, double[] values) throws IOException {
    for (double value : values) {
      number(json, value);
    }
  }

  /** The fields of one fit, into an open object. */
  static void fit(JsonGenerator json, FitResult fit) throws IOException {
    statistics(json, fit);
    outcome(json, fit);
    json.writeStringField("backend", fit.backend());
    json.writeStringField("kernel", fit.kernel());
  }

  /** The parameters and how well the model meets the data. */
  static void statistics(JsonGenerator json, FitResult fit) throws IOException {
    parameters(json, fit);
    number(json, "chiSquared", fit.chiSquared());
    json.writeNumberField("degreesOfFreedom", fit.degreesOfFreedom());
    number(json, "reducedChiSquared", fit.reducedChiSquared());
    number(json, "pValue", fit.pValue());
    number(json, "rSquared", fit.rSquared());
    number(json, "aic", fit.aic());
    number(json, "bic", fit.bic());
    json.writeNumberField("points", fit.points());
  }

  /** The parameters by name. */
  private static void parameters(JsonGenerator json, FitResult fit) throws IOException {
    json.writeObjectFieldStart("parameters");
    for (String name : fit.parameterNames()) {
      json.writeObjectFieldStart(name);
      number(json, "value", fit.parameter(name));
      number(json, "standardError", fit.standardError(name));
      Interval interval = fit.confidenceInterval(name, LEVEL);
      json.writeArrayFieldStart("confidenceInterval95");
      number(json, interval.lower());
      number(json, interval.upper());
      json.writeEndArray();
      json.writeBooleanField("fixed", fit.isFixed(name));
      json.writeBooleanField("atBound", fit.isAtBound(name));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /** How a fit ended. */
  static void outcome(JsonGenerator json, FitResult fit) throws IOException {
    json.writeStringField("status", fit.status().name());
    json.writeStringField("statusMessage", fit.statusMessage());
    json.writeBooleanField("converged", fit.converged());
    json.writeNumberField("iterations", fit.iterations());
    json.writeNumberField("evaluations", fit.evaluations());
  }
}
