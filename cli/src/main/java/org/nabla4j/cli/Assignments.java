package org.nabla4j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.StartGuess;
import org.nabla4j.result.Interval;

/**
 * Reads the little languages of the options: {@code a=1,b=0.5}, {@code a=0:10}, {@code huber:2}.
 */
final class Assignments {

  /** The highest order of a Taylor series. */
  private static final int MOST_TERMS = 1000;

  private Assignments() {}

  /** The parts between commas of all the texts. */
  private static List<String> parts(List<String> texts) {
    List<String> parts = new ArrayList<>();
    for (String text : texts) {
      for (String part : text.split(",", -1)) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  private static String[] pair(String option, String part, String example) {
    int equals = part.indexOf('=');
    if (equals <= 0 || equals == part.length() - 1) {
      throw new InputException(
          option + " has '" + part + "', expected NAME=VALUE", "for example " + example);
    }
    return new String[] {part.substring(0, equals).strip(), part.substring(equals + 1).strip()};
  }

  private static <T> void putOnce(Map<String, T> map, String option, String name, T value) {
    if (map.putIfAbsent(name, value) != null) {
      throw new InputException(option + " gives " + name + " twice, expected it once");
    }
  }

  private static double finite(String option, String name, String text) {
    double value = Numbers.parse(text);
    if (!Double.isFinite(value)) {
      throw new InputException(
          option + " gives " + name + " = '" + text + "', expected a finite number");
    }
    return value;
  }

  /**
   * Values by name.
   *
   * @param option the option, for messages
   * @param texts what was given
   */
  static Map<String, Double> values(String option, List<String> texts) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String part : parts(texts)) {
      String[] pair = pair(option, part, option + " a=1,b=0.5");
      putOnce(values, option, pair[0], finite(option, pair[0], pair[1]));
    }
    return values;
  }

  /**
   * Names between commas.
   *
   * @param option the option, for messages
   * @param texts what was given
   */
  static List<String> names(String option, List<String> texts) {
    List<String> names = parts(texts);
    for (int j = 0; j < names.size(); j++) {
      if (names.get(j).isEmpty()) {
        throw new InputException(option + " has an empty name", "for example " + option + " x,y");
      }
      if (names.indexOf(names.get(j)) < j) {
        throw new InputException(option + " gives " + names.get(j) + " twice, expected it once");
      }
    }
    return names;
  }

  /**
   * A Taylor series that is asked for.
   *
   * @param symbol its variable
   * @param order its order
   */
  record Series(String symbol, int order) {}

  /** A symbol with an order. */
  static Series taylor(String text) {
    int colon = text.indexOf(':');
    String order = colon < 0 ? "" : text.substring(colon + 1).strip();
    if (colon <= 0 || !order.matches("[0-9]{1,4}") || Integer.parseInt(order) > MOST_TERMS) {
      throw new InputException(
          "--taylor has '" + text + "', expected NAME:ORDER with an order up to " + MOST_TERMS,
          "for example --taylor x:4");
    }
    return new Series(text.substring(0, colon).strip(), Integer.parseInt(order));
  }

  /** Names with or without values; NaN stands for none. */
  static Map<String, Double> fixed(List<String> texts) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (String part : parts(texts)) {
      if (part.indexOf('=') >= 0) {
        String[] pair = pair("--fix", part, "--fix b=2");
        putOnce(values, "--fix", pair[0], finite("--fix", pair[0], pair[1]));
      } else if (part.isEmpty()) {
        throw new InputException("--fix has an empty name", "for example --fix b or --fix b=2");
      } else {
        putOnce(values, "--fix", part, Double.NaN);
      }
    }
    return values;
  }

  /** Intervals by name; an end that is left out is open. */
  static Map<String, Interval> bounds(List<String> texts) {
    return intervals("--bounds", texts, "--fix holds a parameter at a value");
  }

  /** Intervals by name in which an unknown lies; an end that is left out is open. */
  static Map<String, Interval> brackets(List<String> texts) {
    return intervals("--bracket", texts, "--set gives a constant its value");
  }

  private static Map<String, Interval> intervals(String option, List<String> texts, String hint) {
    Map<String, Interval> intervals = new LinkedHashMap<>();
    for (String part : parts(texts)) {
      String example = option + " a=0:10 or a=0: or a=:10";
      String[] pair = pair(option, part, example);
      int colon = pair[1].indexOf(':');
      if (colon < 0 || colon != pair[1].lastIndexOf(':') || pair[1].length() == 1) {
        throw new InputException(
            option + " has '" + part + "', expected NAME=LOWER:UPPER", "for example " + example);
      }
      Interval interval =
          new Interval(
              end(option, pair[0], pair[1].substring(0, colon), Double.NEGATIVE_INFINITY),
              end(option, pair[0], pair[1].substring(colon + 1), Double.POSITIVE_INFINITY));
      if (!(interval.lower() < interval.upper())) {
        throw new InputException(option + " has '" + part + "', expected lower < upper", hint);
      }
      putOnce(intervals, option, pair[0], interval);
    }
    return intervals;
  }

  private static double end(String option, String name, String text, double open) {
    return text.isBlank() ? open : finite(option, name, text.strip());
  }

  /** Other names for columns: symbol to header. */
  static Map<String, String> columns(List<String> texts) {
    Map<String, String> columns = new LinkedHashMap<>();
    for (String text : texts) {
      String[] pair = pair("--column", text, "--column x='time [s]'");
      putOnce(columns, "--column", pair[0], pair[1]);
    }
    return columns;
  }

  /** A loss with its δ. */
  static Loss loss(String text) {
    String[] parts = text.split(":", 2);
    String name = parts[0].strip().toLowerCase(Locale.ROOT);
    if (name.equals("linear")) {
      if (parts.length > 1) {
        throw new InputException("--loss '" + text + "' has a delta, expected none for linear");
      }
      return Loss.linear();
    }
    String typical =
        switch (name) {
          case "huber" -> "1.345";
          case "soft-l1" -> "1";
          case "cauchy" -> "2.385";
          case "tukey" -> "4.685";
          default ->
              throw new InputException(
                  "--loss '"
                      + text
                      + "', expected linear, huber:DELTA, soft-l1:DELTA, cauchy:DELTA or"
                      + " tukey:DELTA");
        };
    double delta = parts.length > 1 ? Numbers.parse(parts[1].strip()) : Double.NaN;
    if (!(delta > 0 && delta < Double.POSITIVE_INFINITY)) {
      throw new InputException(
          "--loss '" + text + "', expected a delta > 0 after the colon",
          "for example --loss "
              + name
              + ":"
              + typical
              + "; delta is in units of sigma, or of the response where no sigma is given");
    }
    return switch (name) {
      case "huber" -> Loss.huber(delta);
      case "soft-l1" -> Loss.softL1(delta);
      case "cauchy" -> Loss.cauchy(delta);
      default -> Loss.tukey(delta);
    };
  }

  /**
   * A shape whose start values can be estimated.
   *
   * @param shape its estimator
   * @param parameters the model's names in the shape's order, empty for the model's own order
   */
  record Guess(StartGuess shape, List<String> parameters) {}

  /** A shape, perhaps with names. */
  static Guess guess(String text) {
    String[] parts = text.split(":", 2);
    StartGuess shape =
        switch (parts[0].strip().toLowerCase(Locale.ROOT)) {
          case "exponential" -> StartGuess.EXPONENTIAL;
          case "gaussian" -> StartGuess.GAUSSIAN_PEAK;
          case "logistic" -> StartGuess.LOGISTIC;
          case "power-law" -> StartGuess.POWER_LAW;
          case "sinusoid" -> StartGuess.SINUSOID;
          default ->
              throw new InputException(
                  "--guess '"
                      + text
                      + "', expected exponential, gaussian, logistic, power-law or sinusoid");
        };
    return new Guess(shape, parts.length > 1 ? parts(List.of(parts[1])) : List.of());
  }
}
