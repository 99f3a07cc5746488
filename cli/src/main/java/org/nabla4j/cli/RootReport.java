package org.nabla4j.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nabla4j.result.BatchRoots;
import org.nabla4j.result.Root;

/** Roots as JSON, as a table, and as text. */
final class RootReport {

  private RootReport() {}

  /** One root. */
  static String json(Root root) {
    return Json.object(
        json -> {
          equations(json, root.problem().equations());
          fields(json, root);
          json.writeStringField("backend", root.backend());
          json.writeStringField("kernel", root.kernel());
        });
  }

  /**
   * The roots of all rows of a table.
   *
   * @param out where they were written, null for in the JSON
   */
  static String json(BatchRoots roots, Path out) {
    return Json.object(
        json -> {
          equations(json, roots.problem().equations());
          json.writeNumberField("problems", roots.problems());
          json.writeNumberField("convergedCount", roots.convergedCount());
          json.writeBooleanField("converged", roots.convergedCount() == roots.problems());
          json.writeObjectFieldStart("statusCounts");
          for (var entry : roots.statusCounts().entrySet()) {
            json.writeNumberField(entry.getKey().name(), entry.getValue());
          }
          json.writeEndObject();
          Json.seconds(json, roots.prepareSeconds() + roots.solveSeconds());
          json.writeStringField("backend", roots.backend());
          json.writeStringField("kernel", roots.kernel());
          if (out != null) {
            json.writeStringField("out", out.toString());
            return;
          }
          json.writeArrayFieldStart("solutions");
          for (long i = 0; i < roots.problems(); i++) {
            json.writeStartObject();
            json.writeNumberField("row", i + 1);
            fields(json, roots.get(i));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void equations(JsonGenerator json, List<?> equations) throws IOException {
    json.writeArrayFieldStart("equations");
    for (Object equation : equations) {
      json.writeString(equation.toString());
    }
    json.writeEndArray();
  }

  private static void fields(JsonGenerator json, Root root) throws IOException {
    json.writeObjectFieldStart("roots");
    for (String name : root.unknowns()) {
      Json.number(json, name, root.value(name));
    }
    json.writeEndObject();
    json.writeObjectFieldStart("uncertainties");
    for (String name : root.unknowns()) {
      Json.number(json, name, root.uncertainty(name));
    }
    json.writeEndObject();
    Json.number(json, "residual", root.residual());
    json.writeStringField("status", root.status().name());
    json.writeStringField("statusMessage", root.statusMessage());
    json.writeBooleanField("converged", root.converged());
    json.writeNumberField("iterations", root.iterations());
    json.writeNumberField("evaluations", root.evaluations());
  }

  /** A row for each problem, in the order of the table. */
  static void writeCsv(OutputStream stream, BatchRoots roots) throws IOException {
    CsvWriter writer =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.LF)
            .bufferSize(1 << 16)
            .build(stream, StandardCharsets.UTF_8);
    writer.writeRecord(head(roots));
    for (long i = 0; i < roots.problems(); i++) {
      writer.writeRecord(row(roots, i));
    }
    writer.flush();
  }

  private static List<String> head(BatchRoots roots) {
    List<String> head = new ArrayList<>();
    head.add("row");
    for (String name : roots.unknowns()) {
      head.add(name);
      head.add(name + "_uncertainty");
    }
    head.addAll(List.of("residual", "status", "iterations"));
    return head;
  }

  /** Without a number where a problem has no root: what is there then is none. */
  private static List<String> row(BatchRoots roots, long index) {
    List<String> row = new ArrayList<>();
    row.add(Long.toString(index + 1));
    for (int j = 0; j < roots.unknowns().size(); j++) {
      row.add(roots.converged(index) ? cell(roots.value(index, j)) : "");
      row.add(roots.converged(index) ? cell(roots.uncertainty(index, j)) : "");
    }
    row.add(cell(roots.residual(index)));
    row.add(roots.status(index).toString());
    row.add(Integer.toString(roots.iterations(index)));
    return row;
  }

  private static String cell(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }

  /**
   * For people.
   *
   * @param out where the roots were written, null to list them
   * @param most how many are listed
   */
  static String text(BatchRoots roots, Path out, int most) {
    StringBuilder text = new StringBuilder();
    if (out == null) {
      text.append(String.join("  ", head(roots))).append('\n');
      long listed = Math.min(most, roots.problems());
      for (long i = 0; i < listed; i++) {
        text.append(String.join("  ", row(roots, i))).append('\n');
      }
      if (listed < roots.problems()) {
        text.append("and ").append(Numbers.count(roots.problems() - listed));
        text.append(" more; --out FILE writes them all\n");
      }
      text.append('\n');
    }
    text.append(roots).append('\n');
    if (out != null) {
      text.append("written to ").append(out).append('\n');
    }
    return text.toString();
  }
}
