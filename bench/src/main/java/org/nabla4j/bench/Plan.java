package org.nabla4j.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One group of measurements of the report.
 *
 * @param name how to ask for it
 * @param benchmark the class
 * @param parameters values that replace the benchmark's own
 * @param flags of the JVM beside the benchmark's own
 */
record Plan(String name, Class<?> benchmark, Map<String, String[]> parameters, List<String> flags) {

  private static final String[] SMALL = {"DECAY", "GAUSSIAN_1D", "GAUSSIAN_2D"};
  private static final String[] LARGE = {"EXPONENTIALS_8", "EXPONENTIALS_12", "EXPONENTIALS_30"};
  private static final String LOOSE = "1.5e-8";

  /** Everything, ceilings and peers first: all else is held against them. */
  static List<Plan> all() {
    return List.of(
        plan("ceilings", PeakProbe.class),
        plan("peers", PeerBenchmark.class).with("problem", SMALL),
        plan("peers-large", PeerBenchmark.class)
            .with("problem", LARGE)
            .with("tolerance", LOOSE)
            .with("peer", "HIPPARCHUS"),
        batch("batch").with("tolerance", LOOSE, "1e-12"),
        batch("defaults").with("options", "DEFAULTS"),
        batch("scalar").with("kernel", "SCALAR"),
        batch("two-threads").with("threads", "2"),
        batch("float").with("precision", "SINGLE").with("tolerance", "1e-5"),
        batch("large").with("problem", LARGE).with("kernel", "VECTOR", "SCALAR"),
        batch("gpufit")
            .with("problem", "GPUFIT")
            .with("precision", "SINGLE", "DOUBLE")
            .with("tolerance", "1e-4")
            .with("options", "GPUFIT"),
        batch("no-fma").flags("-XX:-UseFMA"),
        batch("avx2").flags("-XX:UseAVX=2"),
        plan("stream", StreamFitBenchmark.class),
        plan("sum", SumBenchmark.class),
        plan("row-sums", RowSumsBenchmark.class).with("threads", "1", "2"),
        plan("newton-peers", MinimizePeerBenchmark.class),
        plan("newton", MinimizeBenchmark.class),
        plan("gradient", GradientBenchmark.class),
        plan("compile", CompileBenchmark.class));
  }

  private static Plan plan(String name, Class<?> benchmark) {
    return new Plan(name, benchmark, Map.of(), List.of());
  }

  private static Plan batch(String name) {
    return plan(name, BatchFitBenchmark.class).with("problem", SMALL).with("tolerance", LOOSE);
  }

  private Plan with(String parameter, String... values) {
    Map<String, String[]> copy = new LinkedHashMap<>(parameters);
    copy.put(parameter, values);
    return new Plan(name, benchmark, copy, flags);
  }

  private Plan flags(String... values) {
    return new Plan(name, benchmark, parameters, List.of(values));
  }
}
