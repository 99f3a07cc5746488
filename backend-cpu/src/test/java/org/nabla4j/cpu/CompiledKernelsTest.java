package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Generated methods reach C2 in fresh JVMs, and C1 leaves them alone: where it fails on one, the
 * method can stay interpreted for good, a race that one JVM in many loses. {@code
 * -Dnabla4j.jit.jvms} says how many JVMs to start.
 */
class CompiledKernelsTest {

  private static final int JVMS = Integer.getInteger("nabla4j.jit.jvms", 3);

  /** Methods of at least so many bytes are never inlined (FreqInlineSize). */
  private static final int NOT_INLINED = 325;

  private static final long MINUTES = 2;

  /** Hidden classes have a slash and an address in their names. */
  private static final String METHOD = "(org\\.nabla4j\\.cpu\\.codegen\\.Kernel/\\S+::\\S+)";

  /** Time, number, flags, tier, method, size. */
  private static final Pattern COMPILED =
      Pattern.compile("^\\s*\\d+\\s+\\d+\\s+[%sbn! ]*\\s([1-4])\\s+" + METHOD + "(.*)$");

  /** A method that was hot enough for C1, which the directive keeps from it. */
  private static final Pattern HOT =
      Pattern.compile("made not compilable on level [123] +" + METHOD + " \\((\\d+) bytes\\).*");

  /** What one JVM's compilers did. */
  private static final class Log {
    final Map<String, Integer> hot = new TreeMap<>();
    final Map<String, Integer> tiers = new TreeMap<>();
    final List<String> byC1 = new ArrayList<>();
    final List<String> failures = new ArrayList<>();

    Log(List<String> lines) {
      for (String line : lines) {
        Matcher m = HOT.matcher(line);
        if (m.find()) {
          hot.put(m.group(1), Integer.parseInt(m.group(2)));
          continue;
        }
        m = COMPILED.matcher(line);
        if (m.matches()) {
          int tier = Integer.parseInt(m.group(1));
          if (m.group(3).contains("COMPILE SKIPPED")) {
            failures.add(line);
          } else if (tier < 4) {
            byC1.add(line);
          } else {
            tiers.put(m.group(2), tier);
          }
        }
      }
    }

    /** Hot methods that were not inlined, and that C2 did not compile. */
    List<String> interpreted() {
      return hot.entrySet().stream()
          .filter(e -> e.getValue() >= NOT_INLINED && !tiers.containsKey(e.getKey()))
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  @TempDir private Path folder;

  @Test
  void logsAreRead() {
    Log log =
        new Log(
            List.of(
                "made not compilable on level 2  org.nabla4j.cpu.codegen.Kernel/0x0f00::procedure"
                    + " (801 bytes)   excluded by CompileCommand",
                "made not compilable on level 2  org.nabla4j.cpu.codegen.Kernel/0x0f00::other"
                    + " (901 bytes)   excluded by CompileCommand",
                "made not compilable on level 3  org.nabla4j.cpu.codegen.Kernel/0x0f00::small"
                    + " (20 bytes)   excluded by CompileCommand",
                "   1048 1960       4       org.nabla4j.cpu.codegen.Kernel/0x0f00::procedure (801"
                    + " bytes)",
                "   1049 1961 %     3       org.nabla4j.cpu.codegen.Kernel/0x0f00::x @ 4 (20 bytes)",
                "   1049 1961   !   4       org.nabla4j.cpu.codegen.Kernel/0x0f00::y (900 bytes)  "
                    + " COMPILE SKIPPED: out of nodes",
                "   1050 1962       3       java.lang.Object::toString (36 bytes)"));
    assertEquals(List.of("org.nabla4j.cpu.codegen.Kernel/0x0f00::other"), log.interpreted());
    assertEquals(1, log.byC1.size());
    assertEquals(1, log.failures.size());
  }

  @Test
  void generatedMethodsReachTheOptimisingCompiler() throws Exception {
    for (int run = 1; run <= JVMS; run++) {
      Log log = run();
      String where = "JVM " + run + " of " + JVMS;
      // evaluations and steps of two models
      assertTrue(log.tiers.size() >= 8, where + ": " + log.tiers);
      assertEquals(List.of(), log.interpreted(), where + ": hot and not compiled by C2");
      assertEquals(List.of(), log.byC1, where + ": compiled by C1");
      assertEquals(List.of(), log.failures, where + ": refused by C2");
    }
  }

  private Log run() throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "-XX:+PrintCompilation",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                KernelWorkload.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(MINUTES, TimeUnit.MINUTES), "the JVM did not end");
    } finally {
      process.destroyForcibly();
    }
    List<String> lines = Files.readAllLines(output);
    assertEquals(
        0,
        process.exitValue(),
        () -> String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size())));
    return new Log(lines);
  }
}
