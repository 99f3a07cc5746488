package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading JMH's results and the JIT's log. */
class ReportTest {

  private static String element(String name, String parameters, String counters) {
    return """
    {"benchmark": "org.nabla4j.bench.%s", "mode": "thrpt", "jdkVersion": "25.0.1",
     "jvmArgs": ["-Xmx3g"], "params": {%s},
     "primaryMetric": {"score": 2.0, "scoreError": "NaN", "scoreUnit": "ops/s"},
     "secondaryMetrics": {%s}}
    """
        .formatted(name, parameters, counters);
  }

  private static String counter(String name, double score) {
    return "\"" + name + "\": {\"score\": " + score + ", \"scoreUnit\": \"ops/s\"}";
  }

  private static Path write(Path directory) throws IOException {
    String text =
        "["
            + String.join(
                ",",
                element(
                    "PeakProbe.multiplyAdd", "\"precision\": \"DOUBLE\"", counter("flops", 100e9)),
                element(
                    "PeerBenchmark.fit",
                    "\"peer\": \"HIPPARCHUS\", \"problem\": \"DECAY\", \"tolerance\": \"1.5e-8\"",
                    counter("fits", 50e3)
                        + ","
                        + counter("evaluations", 250e3)
                        + ","
                        + counter("flops", 1e9)),
                element(
                    "BatchFitBenchmark.fit",
                    "\"problem\": \"DECAY\", \"tolerance\": \"1.5e-8\", \"precision\": \"DOUBLE\","
                        + " \"kernel\": \"VECTOR\", \"threads\": \"2\", \"options\": \"BARE\"",
                    counter("fits", 4e6)
                        + ","
                        + counter("evaluations", 20e6)
                        + ","
                        + counter("flops", 90e9)))
            + "]";
    return Files.writeString(directory.resolve("jmh.json"), text);
  }

  @Test
  void holdsEachFigureAgainstCeilingAndPeer(@TempDir Path directory) throws IOException {
    List<JmhResult> results =
        Json.readObjects(write(directory)).stream().map(JmhResult::of).toList();
    Tables.Row row =
        new Tables(results)
            .rows().stream().filter(r -> r.who().equals("nabla4j")).findFirst().orElseThrow();
    assertEquals(80, row.overHipparchus(), 1e-12);
    assertTrue(Double.isNaN(row.overCommonsMath()));
    assertEquals(0.45, row.share(), 1e-12, "of two cores");
    assertEquals(5, row.evaluationsPerFit(), 1e-12);
    assertTrue(Double.isNaN(row.result().error()));
  }

  @Test
  void writesTablesSummaryAndChart(@TempDir Path directory) throws Exception {
    Path out = directory.resolve("out");
    Report.main(new String[] {"--out", out.toString(), write(directory).toString()});
    try (Stream<Path> files = Files.list(out)) {
      List<String> names =
          files.map(p -> p.getFileName().toString().replaceAll("-[-0-9]+", "")).sorted().toList();
      assertEquals(List.of("chart.png", "report.md", "summary.json"), names);
    }
  }

  @Test
  void holdsRegressionsAgainstTheirLimitAndPeers(@TempDir Path directory) throws IOException {
    String shape = "\"columns\": \"20\", \"numbers\": \"10000000\"";
    String text =
        "["
            + String.join(
                ",",
                element(
                    "PeakProbe.multiplyAdd", "\"precision\": \"DOUBLE\"", counter("flops", 100e9)),
                element("PeakProbe.read", "", counter("bytes", 16e9)),
                element(
                    "RegressionPeerBenchmark.fit", "\"peer\": \"EJML\", " + shape, regression(1e6)),
                element(
                    "RegressionBenchmark.fit",
                    "\"kernel\": \"VECTOR\", \"threads\": \"1\", " + shape,
                    regression(50e6)),
                element(
                    "CsvRegressionBenchmark.fit",
                    "\"rows\": \"100000\", \"digits\": \"6\", \"threads\": \"1\"",
                    counter("rows", 200e3)),
                element(
                    "CsvRegressionBenchmark.fastCsv",
                    "\"rows\": \"100000\", \"digits\": \"6\", \"threads\": \"1\"",
                    counter("rows", 200e3)))
            + "]";
    List<JmhResult> results =
        Json.readObjects(Files.writeString(directory.resolve("jmh.json"), text)).stream()
            .map(JmhResult::of)
            .toList();
    String table = new Tables(results).markdown();
    assertTrue(
        table.contains(
            "| 20 | nabla4j | vector | 1 | 25.0.1 | 50.00 |  | 8.40 | 23.00 | 52.5 % |  |  | 50.0 |"
                + "  |"),
        table);
    assertTrue(table.contains("| 6 | 100000 | 1 | 25.0.1 | 200 |  | 200 | 1.00 |"), table);
  }

  private static String regression(double rows) {
    return counter("rows", rows)
        + ","
        + counter("bytes", 168 * rows)
        + ","
        + counter("flops", 460 * rows);
  }

  @Test
  void refusesUnknownGroups() {
    assertThrows(
        IllegalArgumentException.class, () -> Report.main(new String[] {"--only", "nonsense"}));
    assertThrows(IllegalArgumentException.class, () -> Report.main(new String[] {"--fast"}));
    assertThrows(IllegalArgumentException.class, () -> Report.main(new String[] {"--jvm"}));
  }

  @Test
  void readsWhatTheCompilerSays() {
    List<String> lines =
        List.of(
            "    812  901       3       pkg.Kernel/0x00007f10::run (52 bytes)",
            "    990  950 %  !  4       pkg.Kernel/0x00007f10::run @ 4 (52 bytes)",
            "    991  901       3       pkg.Kernel/0x00007f10::run (52 bytes)   made not entrant",
            "    995  960       3       pkg.Kernel/0x00007f10::part1 (1520 bytes)",
            "    999  961       2       pkg.Kernel/0x00007f10::part2 (1520 bytes)   COMPILE SKIPPED:"
                + " out of virtual registers in linear scan (retry at different tier)",
            "    999  962       4       other.Thing::part2 (1520 bytes)",
            "made not compilable on level 2  pkg.Kernel/0x00007f10::part3 (400 bytes)   excluded by"
                + " CompileCommand",
            "made not compilable on level 2  pkg.Kernel/0x00007f10::small (100 bytes)   excluded by"
                + " CompileCommand",
            "made not compilable on level 2  pkg.Kernel/0x00007f10::run (400 bytes)   excluded by"
                + " CompileCommand",
            "fits per second: 1234.5");
    JitCheck.Outcome outcome = JitCheck.read(lines, Pattern.compile("pkg\\..*"));
    assertEquals(4, outcome.tiers().get("pkg.Kernel/0x00007f10::run"));
    assertEquals(
        List.of("pkg.Kernel/0x00007f10::part1 (tier 3)", "pkg.Kernel/0x00007f10::part3 (tier 0)"),
        outcome.stuck());
    assertEquals(1, outcome.failures().size());
    assertEquals(1234.5, outcome.speed());
    assertEquals(0, JitCheck.good(List.of(outcome)));
  }
}
