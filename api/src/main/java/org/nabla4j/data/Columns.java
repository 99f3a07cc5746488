package org.nabla4j.data;

import java.util.Arrays;
import java.util.List;

/** Which fields are read, each once, however often it was asked for. */
final class Columns {

  private final int[] numberFields;
  private final int[] categoryFields;

  /** For each column asked for its place among the distinct ones. */
  private final int[] numberSlots;

  private final int[] categorySlots;

  Columns(Fields fields, List<String> numbers, List<String> categories) {
    int[] askedNumbers = fields.indices(numbers);
    int[] askedCategories = fields.indices(categories);
    numberFields = Arrays.stream(askedNumbers).distinct().toArray();
    categoryFields = Arrays.stream(askedCategories).distinct().toArray();
    numberSlots = slots(askedNumbers, numberFields);
    categorySlots = slots(askedCategories, categoryFields);
  }

  private static int[] slots(int[] asked, int[] distinct) {
    return Arrays.stream(asked)
        .map(
            field -> {
              int slot = 0;
              while (distinct[slot] != field) {
                slot++;
              }
              return slot;
            })
        .toArray();
  }

  /** How many columns were asked for: the size of blocks follows from it. */
  int asked() {
    return numberSlots.length + categorySlots.length;
  }

  /** How many different columns of numbers there are. */
  int numberCount() {
    return numberFields.length;
  }

  /** How many different categories there are. */
  int categoryCount() {
    return categoryFields.length;
  }

  /** The field of a distinct column of numbers. */
  int numberField(int slot) {
    return numberFields[slot];
  }

  /** The field of a distinct category. */
  int categoryField(int slot) {
    return categoryFields[slot];
  }

  /** The distinct column of one asked for. */
  int number(int asked) {
    return numberSlots[asked];
  }

  /** The distinct category of one asked for. */
  int category(int asked) {
    return categorySlots[asked];
  }
}
