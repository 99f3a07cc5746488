package org.nabla4j.result;

import java.util.ArrayList;
import java.util.List;
import org.nabla4j.objective.Constraint;

/** The printed report of one minimum. */
final class MinimumReport {

  private static final int DIGITS = 10;

  private MinimumReport() {}

  static String of(Minimum minimum) {
    StringBuilder text = new StringBuilder();
    text.append("minimise ").append(minimum.problem().objective()).append('\n');
    text.append(minimum.statusMessage()).append("\n\n");
    text.append(parameters(minimum)).append('\n');
    if (minimum.problem().isNegativeLogLikelihood()) {
      minimum
          .covarianceFailure()
          .ifPresent(reason -> text.append("no standard errors: ").append(reason).append('\n'));
    }
    if (!minimum.problem().constraints().isEmpty()) {
      text.append(constraints(minimum)).append('\n');
    }
    text.append("value ").append(Report.number(minimum.value(), 17));
    if (!Double.isNaN(minimum.gradientNorm())) {
      boolean plain = minimum.problem().constraints().isEmpty() && !minimum.problem().bounded();
      text.append(plain ? ", gradient norm " : ", gradient norm without what is held ");
      text.append(Report.number(minimum.gradientNorm(), 4));
    }
    text.append('\n').append(minimum.method()).append('\n');
    return text.append(Report.count(minimum.iterations(), "iteration"))
        .append(", ")
        .append(Report.count(minimum.evaluations(), "evaluation"))
        .append(", backend ")
        .append(minimum.backend())
        .append(" (")
        .append(minimum.kernel())
        .append(')')
        .toString();
  }

  private static String parameters(Minimum minimum) {
    double[] theta = minimum.parameters();
    double[] gradient = minimum.gradient();
    List<String> names = minimum.parameterNames();
    List<String[]> rows = new ArrayList<>();
    boolean likelihood = minimum.problem().isNegativeLogLikelihood();
    double[] errors = likelihood ? minimum.standardErrors() : null;
    rows.add(
        likelihood
            ? new String[] {"parameter", "value", "standard error", "gradient", ""}
            : new String[] {"parameter", "value", "gradient", ""});
    for (int j = 0; j < Math.min(theta.length, Report.SHOWN); j++) {
      String name = names.get(j);
      String note = minimum.isFixed(name) ? "fixed" : minimum.isAtBound(name) ? "at bound" : "";
      String value = Report.number(theta[j], DIGITS);
      String slope = Double.isNaN(gradient[j]) ? "-" : Report.number(gradient[j], 4);
      if (likelihood) {
        boolean known = !minimum.isFixed(name) && !Double.isNaN(errors[j]);
        String error = known ? Report.number(errors[j], 4) : "-";
        rows.add(new String[] {name, value, error, slope, note});
      } else {
        rows.add(new String[] {name, value, slope, note});
      }
    }
    String table = Report.table(rows);
    return theta.length > Report.SHOWN
        ? table + "and " + (theta.length - Report.SHOWN) + " more\n"
        : table;
  }

  private static String constraints(Minimum minimum) {
    double[] multipliers = minimum.multipliers();
    List<Constraint> constraints = minimum.problem().constraints();
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"constraint", "multiplier"});
    for (int k = 0; k < multipliers.length; k++) {
      String value = Double.isNaN(multipliers[k]) ? "-" : Report.number(multipliers[k], DIGITS);
      rows.add(new String[] {constraints.get(k).toString(), value});
    }
    return Report.table(rows);
  }
}
