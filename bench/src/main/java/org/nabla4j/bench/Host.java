package org.nabla4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine that figures belong to.
 *
 * @param processor its name
 * @param cores logical processors that the JVM sees
 * @param system operating system and architecture
 */
record Host(String processor, int cores, String system) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  static Host here() {
    return new Host(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
  }

  private static String processorName() {
    if (Files.isReadable(CPU_INFO)) {
      try (Stream<String> lines = Files.lines(CPU_INFO)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
      } catch (IOException e) {
        return "unknown processor";
      }
    }
    String identifier = System.getenv("PROCESSOR_IDENTIFIER");
    return identifier != null ? identifier : "unknown processor";
  }
}
