package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.nabla4j.result.Interval;

/** The printed table of a regression, laid out as statisticians know it: 78 columns. */
final class RegressionSummary {

  /** Of the confidence intervals. */
  static final double LEVEL = 0.95;

  private static final int WIDTH = 78;

  /** Of each of the two blocks, two blanks between them. */
  private static final int BLOCK = 38;

  private static final int NUMBER = 10;

  /** κ from here on is worth a note. */
  private static final double LARGE_CONDITION = 1e6;

  private RegressionSummary() {}

  static String of(RegressionFit fit) {
    StringBuilder text = new StringBuilder();
    boolean general = fit.family().isPresent();
    String title = (general ? "Generalized Linear Model" : fit.model()) + " Regression Results";
    text.append(" ".repeat((WIDTH - title.length()) / 2)).append(title).append('\n');
    rule(text, '=');
    blocks(text, left(fit), right(fit));
    rule(text, '=');
    coefficients(text, fit);
    rule(text, '=');
    notes(text, fit);
    return text.toString();
  }

  private static List<String[]> left(RegressionFit fit) {
    List<String[]> lines = new ArrayList<>();
    add(lines, "Dep. variable:", fit.response());
    add(lines, "Model:", fit.model());
    fit.family()
        .ifPresent(
            family -> {
              add(lines, "Model family:", family.name());
              add(lines, "Link function:", family.link().toString());
            });
    add(lines, "Rows:", String.valueOf(fit.rows()));
    if (fit.omitted() > 0) {
      add(lines, "Rows left out:", String.valueOf(fit.omitted()));
    }
    add(lines, "Df residuals:", whole(fit.degreesOfFreedom()));
    add(lines, "Rank:", String.valueOf(fit.rank()));
    add(lines, "Covariance:", fit.errors());
    add(lines, "Status:", fit.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    if (fit.family().isPresent()) {
      add(lines, "Iterations:", String.valueOf(fit.iterations()));
    }
    add(lines, "Condition number:", significant(fit.conditionNumber(), 3));
    return lines;
  }

  private static List<String[]> right(RegressionFit fit) {
    List<String[]> lines = new ArrayList<>();
    addKnown(lines, "R-squared:", fit.rSquared(), fixed(fit.rSquared()));
    addKnown(lines, "Adj. R-squared:", fit.adjustedRSquared(), fixed(fit.adjustedRSquared()));
    addKnown(lines, "F-statistic:", fit.fStatistic(), significant(fit.fStatistic(), 4));
    addKnown(lines, "Prob (F-statistic):", fit.fPValue(), significant(fit.fPValue(), 3));
    if (fit.family().isPresent()) {
      addKnown(lines, "Pseudo R-squared:", fit.pseudoRSquared(), fixed(fit.pseudoRSquared()));
      addKnown(lines, "Scale:", fit.dispersion(), significant(fit.dispersion(), 5));
      addKnown(lines, "Pearson chi2:", fit.pearson(), significant(fit.pearson(), 5));
      addKnown(lines, "Null deviance:", fit.nullDeviance(), significant(fit.nullDeviance(), 5));
    } else {
      addKnown(lines, "Sigma:", fit.sigma(), significant(fit.sigma(), 5));
    }
    addKnown(lines, "Deviance:", fit.deviance(), significant(fit.deviance(), 5));
    addKnown(lines, "Log-likelihood:", fit.logLikelihood(), significant(fit.logLikelihood(), 5));
    addKnown(lines, "AIC:", fit.aic(), significant(fit.aic(), 5));
    addKnown(lines, "BIC:", fit.bic(), significant(fit.bic(), 5));
    return lines;
  }

  private static void add(List<String[]> lines, String label, String value) {
    lines.add(new String[] {label, value});
  }

  private static void addKnown(List<String[]> lines, String label, double value, String shown) {
    if (!Double.isNaN(value)) {
      add(lines, label, shown);
    }
  }

  private static void blocks(StringBuilder text, List<String[]> left, List<String[]> right) {
    for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
      String line = block(left, i) + "  " + block(right, i);
      text.append(line.stripTrailing()).append('\n');
    }
  }

  private static String block(List<String[]> lines, int i) {
    if (i >= lines.size()) {
      return " ".repeat(BLOCK);
    }
    String label = lines.get(i)[0];
    String value = cut(lines.get(i)[1], BLOCK - label.length() - 1);
    return label + " ".repeat(BLOCK - label.length() - value.length()) + value;
  }

  private static void coefficients(StringBuilder text, RegressionFit fit) {
    int name = WIDTH - 6 * NUMBER;
    String statistic = fit.values().normal ? "z" : "t";
    text.append(" ".repeat(name));
    for (String head : new String[] {"coef", "std err", statistic, "P>|" + statistic + "|"}) {
      text.append(right(head, NUMBER));
    }
    text.append(right("[0.025", NUMBER)).append(right("0.975]", NUMBER)).append('\n');
    rule(text, '-');
    for (String column : fit.names()) {
      String label = column;
      if (column.length() >= name) {
        // A long name has a line of its own.
        text.append(column).append('\n');
        label = "";
      }
      Interval interval = fit.interval(column, LEVEL);
      text.append(label)
          .append(" ".repeat(name - label.length()))
          .append(right(number(fit.coefficient(column)), NUMBER))
          .append(right(number(fit.standardError(column)), NUMBER))
          .append(right(statistic(fit.statistic(column)), NUMBER))
          .append(right(fixed(fit.pValue(column)), NUMBER))
          .append(right(number(interval.lower()), NUMBER))
          .append(right(number(interval.upper()), NUMBER))
          .append('\n');
    }
  }

  private static void notes(StringBuilder text, RegressionFit fit) {
    text.append("Computed by ").append(fit.method());
    text.append(" (").append(fit.backend()).append(").");
    if (fit.conditionNumber() >= LARGE_CONDITION) {
      text.append("\nThe condition number is large: columns are nearly dependent, and small")
          .append(" changes of the\ndata change coefficients much.");
    }
    if (!fit.separation().isEmpty()) {
      text.append("\nThere is ").append(fit.separation()).append('.');
    }
    for (String dependency : fit.dependencies()) {
      text.append("\nLeft out since it depends on others: ").append(dependency);
    }
  }

  private static void rule(StringBuilder text, char mark) {
    text.append(String.valueOf(mark).repeat(WIDTH)).append('\n');
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(1, width - text.length())) + text;
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }

  private static String whole(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String fixed(double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
  }

  private static String statistic(double value) {
    if (Double.isNaN(value)) {
      return "-";
    }
    return Math.abs(value) < 1e5 ? fixed(value) : significant(value, 4);
  }

  /** Four decimals where they say something, four digits elsewhere. */
  private static String number(double value) {
    double size = Math.abs(value);
    if (size == 0 || (size >= 1e-3 && size < 1e4)) {
      return String.format(Locale.ROOT, "%.4f", value);
    }
    return significant(value, 4);
  }

  private static String significant(double value, int digits) {
    if (Double.isNaN(value)) {
      return "-";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(value);
    if (size == 0) {
      return "0";
    }
    int exponent = (int) Math.floor(Math.log10(size));
    if (exponent < -4 || exponent >= 6) {
      // Without the zeros and the plus of the exponent, which no column has room for.
      return String.format(Locale.ROOT, "%." + (digits - 1) + "e", value)
          .replaceFirst("e[+]0*", "e")
          .replaceFirst("e-0*", "e-");
    }
    return String.format(Locale.ROOT, "%." + Math.max(0, digits - 1 - exponent) + "f", value);
  }
}
