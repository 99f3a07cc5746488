package org.nabla4j.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.objective.Precision;

/**
 * Whether generated kernels reach the optimising compiler: starts fresh JVMs, each of which fits
 * batches for a few seconds under {@code -XX:+PrintCompilation}, and reads what was compiled at
 * which tier. A method that C1 fails on can stay interpreted for good, a race that one JVM in many
 * loses, so that it takes many JVMs to see it.
 */
public final class JitCheck {

  /** JVMs to start unless asked otherwise. */
  private static final int RUNS = 50;

  /** Small batches, so that code that replaces interpreted code is soon called. */
  private static final int FITS = 1_024;

  /** A JVM works at least so long, then until it has not become faster for a while. */
  private static final double LEAST_SECONDS = 2.5;

  private static final double STEADY_SECONDS = 1.5;
  private static final double MOST_SECONDS = 25;
  private static final double FASTER = 1.05;

  /** Methods smaller than C2's FreqInlineSize have no code of their own where they are inlined. */
  private static final int INLINED = 325;

  /** Share of the median speed below which a JVM counts as not compiled. */
  private static final double LEAST_SHARE = 0.5;

  /** C2's tier. */
  private static final int TOP_TIER = 4;

  /**
   * A line of PrintCompilation: time, number, flags, tier, method, and its size or what became of
   * it.
   */
  private static final Pattern LINE =
      Pattern.compile("^\\s*\\d+\\s+\\d+\\s+[%sbn! ]*\\s([1-4])\\s+(\\S+::\\S+)(.*)$");

  /** Hidden classes have a slash and an address in their names. */
  private static final String GENERATED = "org\\.nabla4j\\.cpu\\..*Kernel/0x[0-9a-f]+::(?!<).*";

  /** What the JVM says of a method that a directive keeps from C1. */
  private static final Pattern EXCLUDED =
      Pattern.compile("made not compilable on level [123] +(\\S+::\\S+) \\((\\d+) bytes\\).*");

  private static final String SPEED = "fits per second: ";

  private JitCheck() {}

  /**
   * What one JVM did.
   *
   * @param tiers highest tier that each generated method was compiled at, 0 for interpreted ones
   * @param failures compiler's words about methods that it refused
   * @param speed fits per second of processor time, of the fastest batch
   */
  record Outcome(Map<String, Integer> tiers, List<String> failures, double speed) {

    /** Methods that were compiled, but not by C2. */
    List<String> stuck() {
      return tiers.entrySet().stream()
          .filter(e -> e.getValue() < TOP_TIER)
          .map(e -> e.getKey() + " (tier " + e.getValue() + ")")
          .toList();
    }

    boolean compiled() {
      return !tiers.isEmpty() && stuck().isEmpty();
    }
  }

  /**
   * Starts JVMs and prints what they did; or, as such a JVM, works.
   *
   * @param arguments {@code [runs] [problem] [pattern]}: how many JVMs, 50 if absent; a name of
   *     {@link Problems.Kind}, {@code GAUSSIAN_2D} if absent; and a regular expression that
   *     generated methods match; or {@code work PROBLEM}
   * @throws IOException if a JVM cannot be started
   * @throws InterruptedException if interrupted
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length == 2 && arguments[0].equals("work")) {
      work(Problems.Kind.valueOf(arguments[1]));
      return;
    }
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : RUNS;
    String kind = arguments.length > 1 ? arguments[1] : Problems.Kind.GAUSSIAN_2D.name();
    Pattern generated = Pattern.compile(arguments.length > 2 ? arguments[2] : GENERATED);
    List<Outcome> outcomes = new ArrayList<>();
    for (int run = 0; run < runs; run++) {
      Outcome outcome = start(kind, generated);
      outcomes.add(outcome);
      System.out.printf(
          Locale.ROOT,
          "%3d: %d methods, %s, %.0f fits/s%s%n",
          run + 1,
          outcome.tiers().size(),
          outcome.compiled() ? "all C2" : "NOT COMPILED: " + outcome.stuck(),
          outcome.speed(),
          outcome.failures().isEmpty() ? "" : " " + outcome.failures());
    }
    int good = good(outcomes);
    System.out.printf(Locale.ROOT, "%d of %d JVMs compiled all generated methods%n", good, runs);
    if (good < runs) {
      System.exit(1);
    }
  }

  /** JVMs whose methods all reached C2 and that are about as fast as the others. */
  static int good(List<Outcome> outcomes) {
    double[] speeds = outcomes.stream().mapToDouble(Outcome::speed).sorted().toArray();
    double median = speeds[speeds.length / 2];
    return (int)
        outcomes.stream().filter(o -> o.compiled() && o.speed() >= LEAST_SHARE * median).count();
  }

  private static Outcome start(String kind, Pattern generated)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+PrintCompilation",
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                JitCheck.class.getName(),
                "work",
                kind)
            .redirectErrorStream(true)
            .start();
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    }
    int exit = process.waitFor();
    if (exit != 0) {
      lines.forEach(System.out::println);
      throw new IOException("a JVM ended with exit code " + exit);
    }
    return read(lines, generated);
  }

  /** Reads what a JVM printed. */
  static Outcome read(List<String> lines, Pattern generated) {
    Map<String, Integer> tiers = new TreeMap<>();
    List<String> failures = new ArrayList<>();
    double speed = 0;
    for (String line : lines) {
      if (line.startsWith(SPEED)) {
        speed = Double.parseDouble(line.substring(SPEED.length()));
        continue;
      }
      Matcher excluded = EXCLUDED.matcher(line);
      if (excluded.find()) {
        boolean own = Integer.parseInt(excluded.group(2)) >= INLINED;
        if (own && generated.matcher(excluded.group(1)).matches()) {
          tiers.merge(excluded.group(1), 0, Math::max);
        }
        continue;
      }
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches() || !generated.matcher(matcher.group(2)).matches()) {
        continue;
      }
      String rest = matcher.group(3);
      if (rest.contains("COMPILE SKIPPED")) {
        failures.add(line.strip());
      } else if (!rest.contains("made not entrant") && !rest.contains("made zombie")) {
        tiers.merge(matcher.group(2), Integer.parseInt(matcher.group(1)), Math::max);
      }
    }
    return new Outcome(tiers, failures, speed);
  }

  /** Fits batches until the JIT has had its time, then says how fast the best was. */
  private static void work(Problems.Kind kind) {
    BenchProblem data = Problems.easy(kind, FITS);
    var fit =
        data.curveFit(Precision.DOUBLE)
            .method(Options.BARE.method(1.5e-8))
            .backend("cpu")
            .execution(Execution.defaults().withKernel(KernelPreference.VECTOR).withParallelism(1));
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    // processor time, so that a busy machine gets as much of it done as an idle one
    double begin = 1e-9 * threads.getCurrentThreadCpuTime();
    double now = begin;
    double steady = begin;
    double reached = 0;
    double best = 0;
    while (now - begin < MOST_SECONDS
        && (now - begin < LEAST_SECONDS || now - steady < STEADY_SECONDS)) {
      fit.fitBatch();
      double end = 1e-9 * threads.getCurrentThreadCpuTime();
      best = Math.max(best, data.fits() / (end - now));
      now = end;
      if (best > FASTER * reached) {
        reached = best;
        steady = now;
      }
    }
    System.out.println();
    System.out.println(SPEED + best);
  }
}
