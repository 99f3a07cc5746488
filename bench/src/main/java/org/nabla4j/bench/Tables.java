package org.nabla4j.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * Puts results side by side: each figure beside the ceiling and beside the peers of its own JDK.
 */
final class Tables {

  private final List<JmhResult> results;

  Tables(List<JmhResult> results) {
    this.results = List.copyOf(results);
  }

  /**
   * One batch or peer measurement with what it is held against; NaN where there is nothing.
   *
   * @param who the library or a peer
   * @param problem the problem's title
   * @param result what JMH found
   * @param flags of the JVM, beyond those of every run
   * @param share of the cores' peak
   * @param overHipparchus times as fast as Hipparchus
   * @param overCommonsMath times as fast as Commons Math
   */
  record Row(
      String who,
      String problem,
      JmhResult result,
      String flags,
      double share,
      double overHipparchus,
      double overCommonsMath) {

    double fitsPerSecond() {
      return result.counter("fits");
    }

    double evaluationsPerFit() {
      return result.counter("evaluations") / result.counter("fits");
    }

    double gigaflops() {
      return result.counter("flops") * 1e-9;
    }
  }

  /** All measurements of batches and peers. */
  List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (JmhResult r : results) {
      if (r.is(PeerBenchmark.class.getSimpleName())) {
        rows.add(row(Peer.valueOf(r.parameter("peer")).title(), r));
      } else if (r.is(BatchFitBenchmark.class.getSimpleName())) {
        rows.add(row("nabla4j", r));
      }
    }
    rows.sort(
        Comparator.comparing((Row r) -> Problems.Kind.valueOf(r.result.parameter("problem")))
            .thenComparing(r -> r.result.jdk())
            .thenComparing(r -> r.result.parameter("tolerance"))
            .thenComparing(Row::fitsPerSecond, Comparator.reverseOrder()));
    return rows;
  }

  private Row row(String who, JmhResult r) {
    boolean single = r.parameter("precision").equals("SINGLE");
    int threads =
        r.parameters().containsKey("threads") ? Integer.parseInt(r.parameter("threads")) : 1;
    double peak = peak(r, single ? "SINGLE" : "DOUBLE").orElse(Double.NaN);
    return new Row(
        who,
        Problems.Kind.valueOf(r.parameter("problem")).title(),
        r,
        flags(r),
        r.counter("flops") / (peak * threads),
        ratio(r, Peer.HIPPARCHUS),
        ratio(r, Peer.COMMONS_MATH));
  }

  /** Flags that were added to a benchmark's own, {@code -XX:-UseFMA} and the like. */
  private static String flags(JmhResult r) {
    return Arrays.stream(r.jvmArguments().replaceAll("[\\[\\]]", "").split(",\\s*"))
        .filter(argument -> argument.startsWith("-XX:"))
        .collect(Collectors.joining(" "));
  }

  /** Peak of one core under the same JDK; that of any JDK if it was not measured there. */
  private OptionalDouble peak(JmhResult r, String precision) {
    return best(
        r,
        results.stream()
            .filter(o -> o.benchmark().equals("PeakProbe.multiplyAdd"))
            .filter(o -> o.parameter("precision").equals(precision))
            .toList(),
        "flops");
  }

  private OptionalDouble bandwidth(JmhResult r) {
    return best(
        r, results.stream().filter(o -> o.benchmark().equals("PeakProbe.read")).toList(), "bytes");
  }

  private static OptionalDouble best(JmhResult r, List<JmhResult> candidates, String counter) {
    OptionalDouble same =
        candidates.stream()
            .filter(o -> o.jdkMajor().equals(r.jdkMajor()))
            .mapToDouble(o -> o.counter(counter))
            .max();
    return same.isPresent() ? same : candidates.stream().mapToDouble(o -> o.counter(counter)).max();
  }

  /** Times as fast as a peer with the same data, tolerances and JDK. */
  private double ratio(JmhResult r, Peer peer) {
    Optional<JmhResult> other =
        results.stream()
            .filter(o -> o.is(PeerBenchmark.class.getSimpleName()))
            .filter(o -> o.parameter("peer").equals(peer.name()))
            .filter(o -> o.parameter("problem").equals(r.parameter("problem")))
            .filter(o -> o.parameter("tolerance").equals(r.parameter("tolerance")))
            .filter(o -> o.jdkMajor().equals(r.jdkMajor()))
            .findFirst();
    return other.map(o -> r.counter("fits") / o.counter("fits")).orElse(Double.NaN);
  }

  /** Everything as Markdown. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    ceilings(text);
    batches(text);
    streams(text);
    rowSums(text);
    minimisations(text);
    gradients(text);
    compilation(text);
    return text.toString();
  }

  private void ceilings(StringBuilder text) {
    List<JmhResult> probes =
        results.stream().filter(r -> r.is(PeakProbe.class.getSimpleName())).toList();
    if (probes.isEmpty()) {
      return;
    }
    text.append("## Ceilings of one core\n\n| What | JDK | Measured |\n| --- | --- | ---: |\n");
    for (JmhResult r : probes) {
      boolean read = r.benchmark().endsWith(".read");
      line(
          text,
          read
              ? "reading memory"
              : "multiply-add, " + r.parameter("precision").toLowerCase(Locale.ROOT),
          r.jdk(),
          read
              ? number("%.1f GB/s", r.counter("bytes") * 1e-9)
              : number("%.1f GFLOP/s", r.counter("flops") * 1e-9));
    }
    text.append('\n');
  }

  private void batches(StringBuilder text) {
    List<Row> rows = rows();
    if (rows.isEmpty()) {
      return;
    }
    text.append(
        """
        ## Fits per second

        Operations are counted once for each data point of each evaluation (residual, Jacobian, normal
        equations); the step between evaluations takes time and counts nothing.

        | Problem | Who | Data | Kernel | Cores | Tolerance | Options | JDK, flags | Fits/s | ± | Evaluations | GFLOP/s | Of peak | × Hipparchus | × Commons Math |
        | --- | --- | --- | --- | ---: | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        """);
    for (Row row : rows) {
      JmhResult r = row.result;
      line(
          text,
          row.problem,
          row.who,
          r.parameters().containsKey("precision")
              ? r.parameter("precision").toLowerCase(Locale.ROOT)
              : "double",
          r.parameter("kernel").toLowerCase(Locale.ROOT),
          r.parameters().containsKey("threads") ? r.parameter("threads") : "1",
          r.parameter("options").equals("DEFAULTS") ? "" : r.parameter("tolerance"),
          r.parameter("options").toLowerCase(Locale.ROOT),
          (r.jdk() + " " + row.flags).strip(),
          number("%,.0f", row.fitsPerSecond()),
          number("%.0f %%", 100 * r.spread()),
          number("%.2f", row.evaluationsPerFit()),
          number("%.1f", row.gigaflops()),
          number("%.1f %%", 100 * row.share),
          number("%.1f", row.overHipparchus),
          number("%.1f", row.overCommonsMath));
    }
    text.append('\n');
  }

  private void streams(StringBuilder text) {
    List<JmhResult> rows =
        results.stream().filter(r -> r.is(StreamFitBenchmark.class.getSimpleName())).toList();
    if (rows.isEmpty()) {
      return;
    }
    text.append(
        """
        ## One large fit

        | Problem | Points | Data | Kernel | Cores | JDK, flags | M rows/s | GB/s | Of read bandwidth | GFLOP/s | Of peak | Fit, s |
        | --- | ---: | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
        """);
    for (JmhResult r : rows) {
      double bandwidth = bandwidth(r).orElse(Double.NaN);
      double peak = peak(r, r.parameter("precision")).orElse(Double.NaN);
      line(
          text,
          Problems.Kind.valueOf(r.parameter("problem")).title(),
          r.parameter("points"),
          r.parameter("precision").toLowerCase(Locale.ROOT),
          r.parameter("kernel").toLowerCase(Locale.ROOT),
          r.parameter("threads"),
          (r.jdk() + " " + flags(r)).strip(),
          number("%.0f", r.counter("rows") * 1e-6),
          number("%.1f", r.counter("bytes") * 1e-9),
          number("%.1f %%", 100 * r.counter("bytes") / bandwidth),
          number("%.1f", r.counter("flops") * 1e-9),
          number(
              "%.1f %%",
              100 * r.counter("flops") / (peak * Integer.parseInt(r.parameter("threads")))),
          number("%.3f", 1 / r.score()));
    }
    text.append('\n');
  }

  private void rowSums(StringBuilder text) {
    List<JmhResult> rows =
        results.stream().filter(r -> r.is(RowSumsBenchmark.class.getSimpleName())).toList();
    if (rows.isEmpty()) {
      return;
    }
    text.append(
        """
        ## Sums over the rows of a regression

        Operations are those of XᵀX and Xᵀy alone.

        | Columns | Sums | Kernel | Cores | JDK, flags | M rows/s | ± | GB/s | Of read bandwidth | GFLOP/s | Of peak |
        | ---: | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
        """);
    for (JmhResult r : rows) {
      double bandwidth = bandwidth(r).orElse(Double.NaN);
      double peak = peak(r, "DOUBLE").orElse(Double.NaN);
      line(
          text,
          r.parameter("columns"),
          r.parameter("sums").toLowerCase(Locale.ROOT).replace('_', ' '),
          r.parameter("kernel").toLowerCase(Locale.ROOT),
          r.parameter("threads"),
          (r.jdk() + " " + flags(r)).strip(),
          number("%.2f", r.counter("rows") * 1e-6),
          number("%.0f %%", 100 * r.spread()),
          number("%.1f", r.counter("bytes") * 1e-9),
          number("%.1f %%", 100 * r.counter("bytes") / bandwidth),
          number("%.1f", r.counter("flops") * 1e-9),
          number(
              "%.1f %%",
              100 * r.counter("flops") / (peak * Integer.parseInt(r.parameter("threads")))));
    }
    text.append('\n');
  }

  private void minimisations(StringBuilder text) {
    List<JmhResult> rows =
        results.stream()
            .filter(r -> r.is(MinimizeBenchmark.class.getSimpleName()) || isMinimizePeer(r))
            .sorted(
                Comparator.comparing((JmhResult r) -> r.parameter("problem"))
                    .thenComparing(JmhResult::jdk)
                    .thenComparing(r -> -r.counter("fits")))
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    text.append(
        """
        ## Minima per second

        Operations are counted once for each evaluation of value, gradient and Hessian, and for the solution
        of one tridiagonal system; all else takes time and counts nothing.

        | Function | Who | Kernel | Cores | JDK, flags | Minima/s | ± | Evaluations | GFLOP/s | Of peak | × best library | × Newton by hand |
        | --- | --- | --- | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        """);
    for (JmhResult r : rows) {
      boolean peer = isMinimizePeer(r);
      double threads = peer ? 1 : Integer.parseInt(r.parameter("threads"));
      double share = r.counter("flops") / (threads * peak(r, "DOUBLE").orElse(Double.NaN));
      line(
          text,
          Valley.valueOf(r.parameter("problem")).title(),
          peer ? MinimizePeer.valueOf(r.parameter("peer")).title() : "nabla4j",
          r.parameter("kernel").toLowerCase(Locale.ROOT),
          number("%.0f", threads),
          (r.jdk() + " " + flags(r)).strip(),
          number("%,.0f", r.counter("fits")),
          number("%.0f %%", 100 * r.spread()),
          number("%.2f", r.counter("evaluations") / r.counter("fits")),
          // conjugate gradients need no Hessian: the count is not theirs
          peer ? "" : number("%.2f", r.counter("flops") * 1e-9),
          peer ? "" : number("%.1f %%", 100 * share),
          number(
              "%.1f",
              overMinimizePeers(r, List.of(MinimizePeer.COMMONS_MATH, MinimizePeer.HIPPARCHUS))),
          number("%.1f", overMinimizePeers(r, List.of(MinimizePeer.NEWTON_LOOP))));
    }
    text.append('\n');
  }

  private static boolean isMinimizePeer(JmhResult r) {
    return r.is(MinimizePeerBenchmark.class.getSimpleName());
  }

  /** Times as fast as the fastest of some peers with the same function and JDK. */
  private double overMinimizePeers(JmhResult r, List<MinimizePeer> peers) {
    double best =
        results.stream()
            .filter(Tables::isMinimizePeer)
            .filter(o -> peers.contains(MinimizePeer.valueOf(o.parameter("peer"))))
            .filter(o -> o.parameter("problem").equals(r.parameter("problem")))
            .filter(o -> o.jdkMajor().equals(r.jdkMajor()))
            .mapToDouble(o -> o.counter("fits"))
            .max()
            .orElse(Double.NaN);
    return r.counter("fits") / best;
  }

  /** Value and gradient of a formula of many inputs: what both cost beside the value alone. */
  private void gradients(StringBuilder text) {
    String name = GradientBenchmark.class.getSimpleName();
    List<JmhResult> rows =
        results.stream().filter(r -> r.benchmark().equals(name + ".valueAndGradient")).toList();
    if (rows.isEmpty()) {
      return;
    }
    text.append(
        """
        ## Gradients of formulas of a thousand inputs, interpreted

        | Formula | JDK | Value, µs | Value and gradient, µs | Ratio | Derive and compile, ms |
        | --- | --- | ---: | ---: | ---: | ---: |
        """);
    for (JmhResult r : rows) {
      double value = score(name + ".value", r);
      line(
          text,
          r.parameter("shape").toLowerCase(Locale.ROOT).replace('_', ' '),
          r.jdk(),
          number("%.1f", value),
          number("%.1f", r.score()),
          number("%.2f", r.score() / value),
          number("%.1f", score(name + ".compile", r) * 1e-3));
    }
    text.append('\n');
  }

  /** The score of another method of the same benchmark; NaN if it did not run. */
  private double score(String benchmark, JmhResult like) {
    return results.stream()
        .filter(r -> r.benchmark().equals(benchmark))
        .filter(r -> r.parameters().equals(like.parameters()) && r.jdk().equals(like.jdk()))
        .mapToDouble(JmhResult::score)
        .findFirst()
        .orElse(Double.NaN);
  }

  private void compilation(StringBuilder text) {
    List<JmhResult> rows =
        results.stream().filter(r -> r.is(CompileBenchmark.class.getSimpleName())).toList();
    if (rows.isEmpty()) {
      return;
    }
    text.append(
        """
        ## From the text of a new formula to its first fit, warm JVM

        | JDK | Time | ± |
        | --- | ---: | ---: |
        """);
    for (JmhResult r : rows) {
      line(text, r.jdk(), number("%.1f ", r.score()) + r.unit(), number("%.1f", r.error()));
    }
    text.append('\n');
  }

  private static void line(StringBuilder text, String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }
}
