package org.nabla4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values of options that have to be checked. */
final class OptionValues {

  private OptionValues() {}

  /** Complains of a number that is not positive; null where the option was not given. */
  static void positive(String option, Integer value) {
    if (value != null && value <= 0) {
      throw new InputException(option + " " + value + ", expected > 0");
    }
  }

  /** The value of that name, in whatever case. */
  static <E extends Enum<E>> E choice(String option, String text, Class<E> type) {
    List<String> names = new ArrayList<>();
    for (E value : type.getEnumConstants()) {
      String name = value.name().toLowerCase(Locale.ROOT);
      if (name.equals(text.toLowerCase(Locale.ROOT))) {
        return value;
      }
      names.add(name);
    }
    throw new InputException(option + " " + text + ", expected " + String.join(" or ", names));
  }
}
