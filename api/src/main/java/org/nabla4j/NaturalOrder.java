package org.nabla4j;

import java.util.Comparator;

/** The order of names in which runs of digits count by their value: x2 before x10. */
public final class NaturalOrder {

  /** Names that differ in leading zeros alone are told apart by their characters. */
  public static final Comparator<String> COMPARATOR =
      ((Comparator<String>) NaturalOrder::compare).thenComparing(Comparator.naturalOrder());

  private NaturalOrder() {}

  private static int compare(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() && j < b.length()) {
      int endA = endOfNumber(a, i);
      int endB = endOfNumber(b, j);
      int order;
      if (endA > i && endB > j) {
        String first = withoutZeros(a.substring(i, endA));
        String second = withoutZeros(b.substring(j, endB));
        order = Integer.compare(first.length(), second.length());
        order = order != 0 ? order : first.compareTo(second);
        i = endA;
        j = endB;
      } else {
        order = Character.compare(a.charAt(i++), b.charAt(j++));
      }
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.length() - i, b.length() - j);
  }

  private static int endOfNumber(String text, int from) {
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static String withoutZeros(String digits) {
    int first = 0;
    while (first < digits.length() - 1 && digits.charAt(first) == '0') {
      first++;
    }
    return digits.substring(first);
  }
}
