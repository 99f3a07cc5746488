package org.nabla4j;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Column;
import org.nabla4j.result.Interval;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How front doors check, name and show what they are given. */
final class Inputs {

  /** Most start values that are shown as they are. */
  private static final int SHOWN_VALUES = 20;

  private Inputs() {}

  /** The backend that was given, or that of the name, or the fastest. */
  static Backend backend(Backend given, String name) {
    if (given != null) {
      return given;
    }
    return name == null ? Backends.shared() : Backends.shared(name);
  }

  /**
   * A vector as a column of one point per problem.
   *
   * @param what its name, for the message
   * @param values the array
   * @throws IllegalArgumentException if it is no vector
   */
  static Column eachProblem(String what, INDArray values) {
    Objects.requireNonNull(values, "values");
    if (!values.isVectorOrScalar()) {
      throw new IllegalArgumentException(
          what
              + " has shape "
              + Arrays.toString(values.shape())
              + ", expected a vector with one value per problem");
    }
    return Column.perProblem(values.reshape(values.length(), 1));
  }

  static List<String> list(String argument, String... names) {
    Objects.requireNonNull(names, argument);
    for (int i = 0; i < names.length; i++) {
      if (names[i] == null) {
        throw new NullPointerException(argument + "[" + i + "] must not be null");
      }
    }
    return List.of(names);
  }

  /**
   * Rows that make a column, complained about by the name that the caller knows them by.
   *
   * @param argument the name of the array among the arguments
   * @param name what it is
   * @param rows arrays of numbers
   */
  static <T> T[] rows(String argument, String name, T[] rows) {
    Objects.requireNonNull(rows, argument);
    if (rows.length == 0) {
      throw new IllegalArgumentException(name + " has 0 rows: at least one problem is needed");
    }
    for (int i = 0; i < rows.length; i++) {
      if (rows[i] == null) {
        throw new NullPointerException(name + "[" + i + "] must not be null");
      }
      int length = Array.getLength(rows[i]);
      if (length != Array.getLength(rows[0])) {
        throw new IllegalArgumentException(
            name
                + "["
                + i
                + "] has length "
                + length
                + ", expected "
                + Array.getLength(rows[0])
                + " as in "
                + name
                + "[0]; mark missing points with NaN");
      }
    }
    return rows;
  }

  /** The bounds of a parameter. */
  static Interval interval(String parameter, double lower, double upper) {
    if (!(lower < upper)) {
      throw new IllegalArgumentException(
          "bounds of " + parameter + " = [" + lower + ", " + upper + "], expected lower < upper");
    }
    return new Interval(lower, upper);
  }

  /**
   * The place of a parameter.
   *
   * @param parameters all names
   * @param name one of them
   * @param what names it, for the message
   * @throws IllegalArgumentException if there is no parameter of that name
   */
  static int indexOf(List<String> parameters, String name, String what) {
    int j = parameters.indexOf(name);
    if (j < 0) {
      throw new IllegalArgumentException(
          what + " names " + name + ", expected one of the parameters " + parameters);
    }
    return j;
  }

  /** Hands bounds by name on as lower and upper ones of all parameters, if there are any. */
  static void bounds(
      Map<String, Interval> bounds, List<String> parameters, BiConsumer<double[], double[]> taker) {
    if (bounds.isEmpty()) {
      return;
    }
    double[] lower = new double[parameters.size()];
    double[] upper = new double[parameters.size()];
    Arrays.fill(lower, Double.NEGATIVE_INFINITY);
    Arrays.fill(upper, Double.POSITIVE_INFINITY);
    bounds.forEach(
        (name, interval) -> {
          int j = indexOf(parameters, name, "bounds");
          lower[j] = interval.lower();
          upper[j] = interval.upper();
        });
    taker.accept(lower, upper);
  }

  /** Which parameters are held. */
  static boolean[] fixed(Set<String> names, List<String> parameters) {
    boolean[] flags = new boolean[parameters.size()];
    for (String name : names) {
      flags[indexOf(parameters, name, "fix")] = true;
    }
    return flags;
  }

  /** Complains about start values by position that are not one for each parameter. */
  static void checkStarts(long values, List<String> parameters) {
    if (values != parameters.size()) {
      throw new IllegalArgumentException(
          "start has "
              + values
              + " values, expected "
              + parameters.size()
              + ", one for each of "
              + parameters);
    }
  }

  /** Complains about names of start values that are no parameters. */
  static void checkStarts(Column positions, Map<String, Column> named, List<String> parameters) {
    for (String name : named.keySet()) {
      indexOf(parameters, name, "start");
    }
    if (positions != null) {
      checkStarts(positions.points(), parameters);
    }
  }

  /**
   * The start values of all parameters: those by name come first, then those by position, then
   * estimates.
   *
   * @param parameters the names
   * @param positions values by position, checked; null for none
   * @param named values by name, checked
   * @param estimates estimates by name
   * @param owner what has the parameters, for the message
   * @param known the calls that make a symbol something else, for the message
   * @throws IllegalArgumentException if a parameter has no start value
   */
  static Column starts(
      List<String> parameters,
      Column positions,
      Map<String, Column> named,
      Map<String, Column> estimates,
      String owner,
      String known) {
    if (positions != null && named.isEmpty()) {
      return positions;
    }
    List<Column> each = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (int j = 0; j < parameters.size(); j++) {
      String name = parameters.get(j);
      if (named.containsKey(name)) {
        each.add(named.get(name));
      } else if (positions != null) {
        each.add(positions.slice(j, 1));
      } else if (estimates.containsKey(name)) {
        each.add(estimates.get(name));
      } else {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "no start value for "
              + String.join(", ", missing)
              + " of the "
              + owner
              + "; a symbol is a parameter unless "
              + known
              + " name it");
    }
    return Column.stack(each);
  }

  static void addBounds(List<String> parts, Map<String, Interval> bounds) {
    List<String> items = new ArrayList<>();
    bounds.forEach(
        (name, bound) -> items.add(name + " [" + bound.lower() + ", " + bound.upper() + "]"));
    add(parts, "bounds", items);
  }

  /** Where and how it runs, as far as that was set. */
  static void addRun(List<String> parts, Backend backend, String backendName, Execution execution) {
    String name = backend != null ? backend.name() : backendName;
    if (name != null) {
      parts.add("backend " + name);
    }
    if (execution != Execution.defaults()) {
      parts.add(execution.toString());
    }
  }

  static void add(List<String> parts, String what, List<String> items) {
    if (!items.isEmpty()) {
      parts.add(what + " " + String.join(", ", items));
    }
  }

  static List<String> shown(Map<String, Column> columns) {
    List<String> items = new ArrayList<>();
    columns.forEach(
        (name, column) ->
            items.add(
                column.shared() && column.points() == 1
                    ? name + " = " + column.value(0, 0)
                    : name + " " + column));
    return items;
  }

  /** The values of a shared column of few points, type and shape of any other. */
  static String shown(Column column) {
    if (!column.shared() || column.points() > SHOWN_VALUES) {
      return column.toString();
    }
    double[] values = new double[(int) column.points()];
    column.read(0, 0, values.length, values, 0);
    return Arrays.toString(values);
  }
}
