package org.nabla4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.nabla4j.backend.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code nabla4j devices}: what can compute here, and why something cannot. */
@Command(
    name = "devices",
    description = "Lists the backends and why they can or cannot run here.",
    footer = {"", "NABLA4J_BACKEND or --backend of the commands chooses one."})
final class DevicesCommand implements Callable<Integer> {

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private final Console console;

  @Option(names = "--json", description = "Write one JSON object.")
  private boolean json;

  DevicesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Backends.Entry> backends = Backends.list();
    boolean vector = ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    String processor = processor();
    int processors = Runtime.getRuntime().availableProcessors();
    if (json) {
      console.out().print(json(backends, vector, processor, processors));
      return Main.SUCCESS;
    }
    StringBuilder text = new StringBuilder();
    line(text, "nabla4j", Version.program());
    line(text, "Java", Version.java().substring("Java ".length()));
    line(text, "processor", processor + ", " + processors + (processors == 1 ? " core" : " cores"));
    line(
        text,
        "vectors",
        vector
            ? "on (module " + VECTOR_MODULE + ")"
            : "off: start Java with --add-modules " + VECTOR_MODULE + ", as bin/nabla4j does");
    text.append('\n');
    if (backends.isEmpty()) {
      text.append("no backend on the class path; nabla4j-backend-cpu is missing from lib\n");
    }
    for (Backends.Entry entry : backends) {
      String remedy = entry.availability().remedy();
      line(
          text,
          entry.name(),
          (entry.availability().usable() ? "usable: " : "not usable: ")
              + entry.availability().reason()
              + (remedy.isEmpty() ? "" : ". " + remedy));
    }
    console.out().print(text);
    return Main.SUCCESS;
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(" ".repeat(Math.max(1, 12 - name.length()))).append(value);
    text.append('\n');
  }

  private static String json(
      List<Backends.Entry> backends, boolean vector, String processor, int processors) {
    return Json.object(
        writer -> {
          writer.writeStringField("version", Version.program());
          writer.writeStringField("java", System.getProperty("java.version"));
          writer.writeStringField("vm", System.getProperty("java.vm.name"));
          writer.writeStringField("processor", processor);
          writer.writeNumberField("processors", processors);
          writer.writeBooleanField("vectorModule", vector);
          writer.writeArrayFieldStart("backends");
          for (Backends.Entry entry : backends) {
            writer.writeStartObject();
            writer.writeStringField("name", entry.name());
            writer.writeNumberField("priority", entry.priority());
            writer.writeBooleanField("usable", entry.availability().usable());
            writer.writeStringField("reason", entry.availability().reason());
            writer.writeStringField("remedy", entry.availability().remedy());
            writer.writeEndObject();
          }
          writer.writeEndArray();
        });
  }

  /** The processor's name where the system tells it, else the architecture. */
  private static String processor() {
    Path info = Path.of("/proc/cpuinfo");
    if (Files.isReadable(info)) {
      try (Stream<String> lines = Files.lines(info, StandardCharsets.ISO_8859_1)) {
        return lines
            .filter(line -> line.startsWith("model name") && line.indexOf(':') > 0)
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
      } catch (IOException | java.io.UncheckedIOException e) {
        return System.getProperty("os.arch");
      }
    }
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return windows == null ? System.getProperty("os.arch") : windows;
  }
}
