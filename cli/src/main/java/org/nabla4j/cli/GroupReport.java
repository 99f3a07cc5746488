package org.nabla4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nabla4j.result.FitResult;

/**
 * What is printed about the fits of groups.
 *
 * @param fits the fits
 * @param formula the model
 * @param data the file
 * @param column the column that names the groups
 */
record GroupReport(GroupFits fits, String formula, String data, String column) {

  /**
   * For people.
   *
   * @param out the file that has the fits, null to list them here
   * @param most how many to list
   */
  String text(Path out, int most) {
    StringBuilder text = new StringBuilder();
    text.append(formula).append(", each ").append(column).append(" of ").append(data);
    text.append("\n\n");
    if (out == null) {
      appendTable(text, most);
      text.append('\n');
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s of %s fits converged in %.3g s, backend %s (%s)%n",
            Numbers.count(fits.converged()),
            Numbers.count(fits.size()),
            fits.seconds(),
            fits.backend(),
            fits.kernel()));
    fits.statusCounts()
        .forEach(
            (status, count) ->
                text.append(
                    String.format(Locale.ROOT, "  %-22s %s%n", status, Numbers.count(count))));
    if (out != null) {
      text.append("written to ").append(out).append('\n');
    }
    return text.toString();
  }

  private void appendTable(StringBuilder text, int most) {
    List<String[]> rows = new ArrayList<>();
    List<String> parameters = fits.parameters();
    String[] head = new String[2 * parameters.size() + 3];
    head[0] = column;
    for (int j = 0; j < parameters.size(); j++) {
      head[1 + 2 * j] = parameters.get(j);
      head[2 + 2 * j] = "±";
    }
    head[head.length - 2] = "chi-squared";
    head[head.length - 1] = "status";
    rows.add(head);
    int listed = Math.min(most, fits.size());
    for (int g = 0; g < listed; g++) {
      FitResult fit = fits.get(g);
      String[] row = new String[head.length];
      row[0] = fits.label(g);
      for (int j = 0; j < parameters.size(); j++) {
        row[1 + 2 * j] = shown(fit.parameter(parameters.get(j)), 7);
        row[2 + 2 * j] = shown(fit.standardError(parameters.get(j)), 3);
      }
      row[row.length - 2] = shown(fit.chiSquared(), 5);
      row[row.length - 1] = fit.status().toString();
      rows.add(row);
    }
    int[] widths = new int[head.length];
    for (String[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    for (String[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        String blank = " ".repeat(widths[c] - row[c].length());
        boolean left = c == 0 || c == row.length - 1;
        String cell = left ? row[c] + (c == 0 ? blank : "") : blank + row[c];
        text.append(c == 0 ? "" : "  ").append(cell);
      }
      text.append('\n');
    }
    if (listed < fits.size()) {
      text.append("and ").append(Numbers.count(fits.size() - listed));
      text.append(" more; --out FILE writes them all\n");
    }
  }

  private static String shown(double value, int digits) {
    return Double.isFinite(value) ? Numbers.show(value, digits) : "-";
  }

  /**
   * For programs.
   *
   * @param out the file that has the fits, null to list them here
   */
  String json(Path out) {
    return Json.object(
        json -> {
          json.writeStringField("formula", formula);
          json.writeStringField("data", data);
          json.writeStringField("group", column);
          json.writeNumberField("groups", fits.size());
          json.writeNumberField("convergedCount", fits.converged());
          json.writeBooleanField("converged", fits.converged() == fits.size());
          json.writeObjectFieldStart("statusCounts");
          for (var entry : fits.statusCounts().entrySet()) {
            json.writeNumberField(entry.getKey().name(), entry.getValue());
          }
          json.writeEndObject();
          Json.seconds(json, fits.seconds());
          json.writeStringField("backend", fits.backend());
          json.writeStringField("kernel", fits.kernel());
          if (out != null) {
            json.writeStringField("out", out.toString());
            return;
          }
          json.writeArrayFieldStart("fits");
          for (int g = 0; g < fits.size(); g++) {
            FitResult fit = fits.get(g);
            json.writeStartObject();
            json.writeStringField("group", fits.label(g));
            Json.statistics(json, fit);
            Json.outcome(json, fit);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }
}
