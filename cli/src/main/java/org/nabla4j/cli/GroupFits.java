package org.nabla4j.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.result.BatchFit;
import org.nabla4j.result.FitResult;
import org.nabla4j.result.Status;

/** The fits of all groups in the order of the groups' appearance, over one batch or several. */
final class GroupFits {

  private final List<String> labels;
  private final List<BatchFit> batches;
  private final int[] batchOf;
  private final int[] indexOf;

  /**
   * Joins batches.
   *
   * @param labels the groups' names
   * @param data what was fitted
   * @param batches the fits of each
   */
  GroupFits(List<String> labels, List<GroupedData.Batch> data, List<BatchFit> batches) {
    this.labels = labels;
    this.batches = List.copyOf(batches);
    batchOf = new int[labels.size()];
    indexOf = new int[labels.size()];
    for (int b = 0; b < data.size(); b++) {
      int[] groups = data.get(b).groups();
      for (int i = 0; i < groups.length; i++) {
        batchOf[groups[i]] = b;
        indexOf[groups[i]] = i;
      }
    }
  }

  int size() {
    return labels.size();
  }

  String label(int group) {
    return labels.get(group);
  }

  FitResult get(int group) {
    return batches.get(batchOf[group]).get(indexOf[group]);
  }

  List<String> parameters() {
    return batches.get(0).parameterNames();
  }

  String backend() {
    return batches.get(0).backend();
  }

  String kernel() {
    return batches.get(0).kernel();
  }

  long converged() {
    return batches.stream().mapToLong(BatchFit::convergedCount).sum();
  }

  Map<Status, Long> statusCounts() {
    Map<Status, Long> counts = new EnumMap<>(Status.class);
    for (BatchFit batch : batches) {
      batch.statusCounts().forEach((status, count) -> counts.merge(status, count, Long::sum));
    }
    return counts;
  }

  double seconds() {
    return batches.stream().mapToDouble(b -> b.prepareSeconds() + b.solveSeconds()).sum();
  }

  /**
   * Writes a row for each group: its name, each parameter and its standard error, χ², degrees of
   * freedom, status and iterations. What is not known is left empty.
   *
   * @param stream where to; left open
   * @param groupColumn the heading of the groups
   */
  void writeCsv(OutputStream stream, String groupColumn) throws IOException {
    List<String> parameters = parameters();
    CsvWriter writer =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.LF)
            .bufferSize(1 << 16)
            .build(stream, StandardCharsets.UTF_8);
    List<String> row = new ArrayList<>();
    row.add(groupColumn);
    for (String parameter : parameters) {
      row.add(parameter);
      row.add(parameter + "_standardError");
    }
    row.addAll(List.of("chiSquared", "degreesOfFreedom", "status", "iterations"));
    writer.writeRecord(row);
    for (int g = 0; g < size(); g++) {
      BatchFit batch = batches.get(batchOf[g]);
      long index = indexOf[g];
      row.clear();
      row.add(labels.get(g));
      for (int j = 0; j < parameters.size(); j++) {
        row.add(cell(batch.parameter(index, j)));
        row.add(cell(batch.standardError(index, j)));
      }
      row.add(cell(batch.chiSquared(index)));
      row.add(Long.toString(batch.degreesOfFreedom(index)));
      row.add(batch.status(index).toString());
      row.add(Integer.toString(batch.iterations(index)));
      writer.writeRecord(row);
    }
    writer.flush();
  }

  private static String cell(double value) {
    return Double.isFinite(value) ? Double.toString(value) : "";
  }
}
