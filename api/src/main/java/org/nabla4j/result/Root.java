package org.nabla4j.result;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.objective.EquationProblem;

/**
 * The root of one problem. A view of one problem of a {@link BatchRoots}; {@link #toString()} is a
 * report for people.
 */
public final class Root {

  /** Digits that tell any two doubles apart. */
  private static final int MOST_DIGITS = 17;

  private final BatchRoots batch;
  private final long index;

  Root(BatchRoots batch, long index) {
    this.batch = batch;
    this.index = index;
  }

  /**
   * What was solved.
   *
   * @return the problem, of which this one may be one of many
   */
  public EquationProblem problem() {
    return batch.problem();
  }

  /**
   * How the problem ended.
   *
   * @return its status
   */
  public Status status() {
    return batch.status(index);
  }

  /**
   * How the problem ended, with the value that decided.
   *
   * @return one line
   */
  public String statusMessage() {
    return batch.statusMessage(index);
  }

  /**
   * Whether the values are a root.
   *
   * @return true if the problem converged
   */
  public boolean converged() {
    return status().converged();
  }

  /**
   * The names of the unknowns, in order.
   *
   * @return p names, not modifiable
   */
  public List<String> unknowns() {
    return batch.unknowns();
  }

  /**
   * The value of the first unknown.
   *
   * @return the root, or the best point found where there is none
   */
  public double value() {
    return batch.value(index);
  }

  /**
   * The value of an unknown.
   *
   * @param name its name
   * @return the root, or the best point found where there is none
   * @throws IllegalArgumentException if there is no unknown of that name
   */
  public double value(String name) {
    return batch.value(index, name);
  }

  /**
   * The values of all unknowns.
   *
   * @return a new array of p values
   */
  public double[] values() {
    return batch.values(index);
  }

  /**
   * The values by name.
   *
   * @return a new map in the order of the unknowns
   */
  public Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    List<String> names = unknowns();
    for (int j = 0; j < names.size(); j++) {
      map.put(names.get(j), batch.value(index, j));
    }
    return map;
  }

  /**
   * How far rounding in the evaluation of F can shift the first unknown; see {@link
   * BatchRoots#uncertainty(long, int)}.
   *
   * @return the uncertainty
   */
  public double uncertainty() {
    return batch.uncertainty(index, 0);
  }

  /**
   * How far rounding in the evaluation of F can shift an unknown; see {@link
   * BatchRoots#uncertainty(long, int)}.
   *
   * @param name its name
   * @return the uncertainty
   * @throws IllegalArgumentException if there is no unknown of that name
   */
  public double uncertainty(String name) {
    return batch.uncertainty(index, batch.indexOf(name));
  }

  /**
   * What is left of F at the end: F itself for one equation, the largest |F_i| for a system.
   *
   * @return the residual
   */
  public double residual() {
    return batch.residual(index);
  }

  /**
   * The number of steps taken.
   *
   * @return iterations
   */
  public int iterations() {
    return batch.iterations(index);
  }

  /**
   * The number of times that F was evaluated.
   *
   * @return evaluations
   */
  public int evaluations() {
    return batch.evaluations(index);
  }

  /**
   * The name of the backend that ran.
   *
   * @return its name
   */
  public String backend() {
    return batch.backend();
  }

  /**
   * The flavour of kernels that ran.
   *
   * @return a short text such as {@code vector 8 x double, fma}
   */
  public String kernel() {
    return batch.kernel();
  }

  /**
   * A report: the unknowns with their uncertainties, what is left of F, how the problem ended.
   * Several lines, the last one without a line end.
   */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    problem().equations().forEach(e -> text.append(e).append('\n'));
    text.append(statusMessage()).append("\n\n");
    int width = unknowns().stream().mapToInt(String::length).max().orElse(0);
    List<String> names = unknowns();
    for (int j = 0; j < names.size(); j++) {
      String name = names.get(j);
      double uncertainty = batch.uncertainty(index, j);
      text.append(name).append(" ".repeat(width - name.length())).append(" = ");
      text.append(Report.number(batch.value(index, j), MOST_DIGITS));
      if (uncertainty > 0) {
        text.append("  ± ").append(Report.number(uncertainty, 2));
      }
      text.append('\n');
    }
    text.append("residual ").append(Report.number(residual(), 3)).append('\n');
    text.append(count(iterations(), "iteration")).append(", ");
    text.append(count(evaluations(), "evaluation")).append(", backend ").append(backend());
    return text.append(" (").append(kernel()).append(')').toString();
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
