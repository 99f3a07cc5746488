package org.nabla4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The columns of a table by name. */
final class Fields {

  /** Most columns that a message lists. */
  private static final int LISTED = 20;

  private final String description;
  private final List<Rows.Field> fields;
  private final Map<String, Integer> indices = new HashMap<>();

  /**
   * Fields with different names that are not empty.
   *
   * @param description how messages call the table
   * @param fields the columns
   * @throws IllegalArgumentException if a name is empty or there twice
   */
  Fields(String description, List<Rows.Field> fields) {
    this.description = description;
    this.fields = List.copyOf(fields);
    for (int i = 0; i < this.fields.size(); i++) {
      String name = this.fields.get(i).name();
      if (Objects.requireNonNull(name, "name").isEmpty()) {
        throw new IllegalArgumentException(
            description + ": column " + (i + 1) + " has an empty name");
      }
      Integer other = indices.putIfAbsent(name, i);
      if (other != null) {
        throw new IllegalArgumentException(
            description
                + ": the name '"
                + name
                + "' stands over columns "
                + (other + 1)
                + " and "
                + (i + 1)
                + ", expected it once");
      }
    }
  }

  /** Numbers of the names given, or of x1 to xk where none is. */
  static List<Rows.Field> numbers(String description, long width, String... names) {
    if (names.length != 0 && names.length != width) {
      throw new IllegalArgumentException(
          names.length + " names, expected " + width + " as " + description + " has columns");
    }
    List<Rows.Field> fields = new ArrayList<>();
    for (int j = 0; j < width; j++) {
      fields.add(new Rows.Field(names.length == 0 ? "x" + (j + 1) : names[j], Rows.Kind.NUMBER));
    }
    return fields;
  }

  List<Rows.Field> list() {
    return fields;
  }

  /** The place of a column. */
  int index(String name) {
    Integer index = indices.get(Objects.requireNonNull(name, "name"));
    if (index == null) {
      throw new IllegalArgumentException(
          "no column '" + name + "' in " + description + ", " + listed());
    }
    return index;
  }

  /** The places of columns. */
  int[] indices(List<String> names) {
    return names.stream().mapToInt(this::index).toArray();
  }

  /** Refuses text where numbers are asked for. */
  void checkNumbers(List<String> names) {
    for (String name : names) {
      if (fields.get(index(name)).kind() == Rows.Kind.TEXT) {
        throw new IllegalArgumentException(
            "column '" + name + "' of " + description + " holds text, expected numbers");
      }
    }
  }

  /** The columns in words. */
  private String listed() {
    StringBuilder text = new StringBuilder("the columns are ");
    for (int i = 0; i < fields.size(); i++) {
      if (i == LISTED) {
        return text.append(", …").toString();
      }
      text.append(i == 0 ? "" : ", ").append(fields.get(i).name());
    }
    return text.toString();
  }
}
