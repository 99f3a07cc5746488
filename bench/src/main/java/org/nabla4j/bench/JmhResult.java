package org.nabla4j.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One result of JMH.
 *
 * @param benchmark class and method, {@code BatchFitBenchmark.fit}
 * @param jdk version of the JDK that ran it
 * @param jvmArguments what the JVM was told
 * @param parameters names and values
 * @param score of the benchmark itself
 * @param error half width of its 99.9 % confidence interval, NaN if unknown
 * @param unit of score and error
 * @param counters auxiliary counters per second
 */
record JmhResult(
    String benchmark,
    String jdk,
    String jvmArguments,
    Map<String, String> parameters,
    double score,
    double error,
    String unit,
    Map<String, Double> counters) {

  /** Reads an element of JMH's JSON. */
  static JmhResult of(Map<String, Object> json) {
    String name = String.valueOf(json.get("benchmark"));
    Map<String, String> parameters = new LinkedHashMap<>();
    Json.object(json.get("params")).forEach((k, v) -> parameters.put(k, String.valueOf(v)));
    Map<String, Object> primary = Json.object(json.get("primaryMetric"));
    Map<String, Double> counters = new LinkedHashMap<>();
    Json.object(json.get("secondaryMetrics"))
        .forEach((k, v) -> counters.put(k, number(Json.object(v).get("score"))));
    int method = name.lastIndexOf('.');
    return new JmhResult(
        name.substring(name.lastIndexOf('.', method - 1) + 1),
        String.valueOf(json.get("jdkVersion")),
        String.valueOf(json.get("jvmArgs")),
        parameters,
        number(primary.get("score")),
        number(primary.get("scoreError")),
        String.valueOf(primary.get("scoreUnit")),
        counters);
  }

  private static double number(Object value) {
    return value instanceof Double d ? d : Double.NaN;
  }

  boolean is(String className) {
    return benchmark.startsWith(className + ".");
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }

  double counter(String name) {
    return counters.getOrDefault(name, Double.NaN);
  }

  /** Relative half width of the confidence interval. */
  double spread() {
    return error / score;
  }

  /** Major version of the JDK. */
  String jdkMajor() {
    int dot = jdk.indexOf('.');
    return dot < 0 ? jdk : jdk.substring(0, dot);
  }
}
