package org.nabla4j.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.nabla4j.method.Covariance;

/** The printed report of one fit. */
final class Report {

  private static final double LEVEL = 0.95;

  /** Digits that tell any two doubles apart. */
  /** Parameters in a table or a sentence; of more the first ones are shown. */
  static final int SHOWN = 50;

  private static final int MOST_DIGITS = 17;

  /** Correlations from here on are worth a line. */
  private static final double STRONG = 0.95;

  private Report() {}

  static String of(FitResult fit) {
    StringBuilder text = new StringBuilder();
    text.append(fit.problem().model()).append('\n');
    text.append(fit.statusMessage()).append("\n\n");
    text.append(table(fit)).append('\n');
    text.append(
        count(fit.points(), "point")
            + ", "
            + count(fit.problem().freeCount(), "free parameter")
            + ", "
            + fit.degreesOfFreedom()
            + (fit.degreesOfFreedom() == 1 ? " degree" : " degrees")
            + " of freedom\n");
    List<String> items = new ArrayList<>();
    add(items, robust(fit) + "chi-squared", fit.chiSquared());
    add(items, "reduced", fit.reducedChiSquared());
    add(items, "p-value", fit.pValue());
    line(text, items);
    add(items, "R-squared", fit.rSquared());
    add(items, "adjusted", fit.adjustedRSquared());
    residualSpread(items, fit);
    line(text, items);
    if (Double.isFinite(fit.aic())) {
      // Of a fit without residuals they are -∞, which compares with nothing.
      add(items, "AIC", fit.aic());
      add(items, "BIC", fit.bic());
    }
    line(text, items);
    correlations(text, fit);
    text.append(
        count(fit.iterations(), "iteration")
            + ", "
            + count(fit.evaluations(), "evaluation")
            + ", backend "
            + fit.backend()
            + " ("
            + fit.kernel()
            + ")");
    return text.toString();
  }

  private static String table(FitResult fit) {
    List<String[]> rows = new ArrayList<>();
    rows.add(
        new String[] {"parameter", "value", "standard error", "t", "95 % confidence interval"});
    for (String name : fit.parameterNames()) {
      double error = fit.standardError(name);
      double estimate = fit.parameter(name);
      String value = number(estimate, digits(estimate, error, 10));
      if (fit.isFixed(name)) {
        rows.add(new String[] {name, value, "fixed", "", ""});
        continue;
      }
      Interval interval = fit.confidenceInterval(name, LEVEL);
      double half = interval.upper() - estimate;
      String mark = fit.isAtBound(name) ? " (at bound)" : "";
      rows.add(
          new String[] {
            name,
            value,
            Double.isNaN(error) ? "-" : number(error, 4),
            Double.isNaN(fit.tStatistic(name)) ? "-" : number(fit.tStatistic(name), 4),
            Double.isNaN(interval.lower())
                ? "-" + mark
                : number(interval.lower(), digits(interval.lower(), half, 6))
                    + " to "
                    + number(interval.upper(), digits(interval.upper(), half, 6))
                    + mark
          });
    }
    return table(rows);
  }

  /** Cells in columns: the first and the last begin alike, those between end alike. */
  static String table(List<String[]> rows) {
    int[] widths = new int[rows.get(0).length];
    for (String[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        widths[c] = Math.max(widths[c], row[c].length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder(pad(row[0], widths[0], true));
      for (int c = 1; c < row.length; c++) {
        line.append("  ").append(pad(row[c], widths[c], c == row.length - 1));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** As many digits as show four of the uncertainty, and the least number or more. */
  private static int digits(double value, double uncertainty, int least) {
    if (!(uncertainty > 0) || value == 0 || !Double.isFinite(value)) {
      return least;
    }
    double ahead = Math.floor(Math.log10(Math.abs(value))) - Math.floor(Math.log10(uncertainty));
    return (int) Math.max(least, Math.min(MOST_DIGITS, ahead + 4));
  }

  static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  private static String robust(FitResult fit) {
    return fit.problem().loss().isLinear() ? "" : "robust ";
  }

  /** In units of the response, unless residuals are divided by σ: then it is a plain number. */
  private static void residualSpread(List<String> items, FitResult fit) {
    double value = fit.residualStandardDeviation();
    if (!Double.isNaN(value)) {
      String unit =
          fit.problem().sigma().isPresent()
              ? " in units of sigma"
              : fit.problem().weights().isPresent() ? " in units of 1/sqrt(weight)" : "";
      items.add(robust(fit) + "residual standard deviation " + number(value, 6) + unit);
    }
  }

  private static void correlations(StringBuilder text, FitResult fit) {
    if (fit.method().covariance() != Covariance.FULL) {
      return;
    }
    double[][] correlation = fit.correlation();
    List<String> names = fit.parameterNames();
    for (int j = 0; j < names.size(); j++) {
      for (int k = 0; k < j; k++) {
        if (Math.abs(correlation[j][k]) >= STRONG) {
          text.append("correlation of ").append(names.get(k)).append(" and ");
          text.append(names.get(j)).append(' ').append(number(correlation[j][k], 4)).append('\n');
        }
      }
    }
  }

  private static void add(List<String> items, String name, double value) {
    if (!Double.isNaN(value)) {
      items.add(name + " " + number(value, 6));
    }
  }

  private static void line(StringBuilder text, List<String> items) {
    if (!items.isEmpty()) {
      text.append(String.join(", ", items)).append('\n');
    }
    items.clear();
  }

  private static String pad(String text, int width, boolean left) {
    String blank = " ".repeat(width - text.length());
    return left ? text + blank : blank + text;
  }

  /** A number with at most so many significant digits and no zeros at its end. */
  static String number(double value, int digits) {
    if (value == 0) {
      return "0";
    }
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -5 && exponent < Math.max(digits, 6)) {
      return rounded.toPlainString();
    }
    BigDecimal mantissa = rounded.movePointLeft(exponent).stripTrailingZeros();
    return mantissa.toPlainString() + "e" + exponent;
  }
}
