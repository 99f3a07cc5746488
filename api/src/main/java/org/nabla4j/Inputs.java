package org.nabla4j;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Backends;
import org.nabla4j.data.Column;
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
