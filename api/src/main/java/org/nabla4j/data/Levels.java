package org.nabla4j.data;

import java.util.Arrays;
import java.util.List;

/**
 * The levels of a category in the order in which they appeared. One thread adds; others may list
 * those that it had added when it handed over a block.
 */
final class Levels {

  /** The code of what is missing. */
  static final int MISSING = -1;

  /** So many digits every double tells apart. */
  static final int EXACT_DIGITS = 15;

  private static final double EXACT = 1e15;

  /** Labels by code; a new array holds the labels of the old one before it is put here. */
  private volatile String[] labels = new String[16];

  private int size;

  /** Open addressing: code + 1 of the label at its hash, 0 for an empty place. */
  private int[] byLabel = new int[32];

  private int[] hashes = new int[16];

  /** Open addressing: code + 1 of the number whose bits are in numberBits. */
  private int[] byNumber = new int[32];

  private long[] numberBits = new long[32];
  private int numbers;

  /** How many levels there are. */
  int size() {
    return size;
  }

  /** The first levels, as many as were there when a block was handed over. */
  List<String> first(int count) {
    return List.of(Arrays.copyOf(labels, count));
  }

  /** The code of a label; null is missing. */
  int code(String label) {
    if (label == null) {
      return MISSING;
    }
    int hash = label.hashCode();
    int place = place(hash, byLabel.length);
    for (int found; (found = byLabel[place] - 1) >= 0; ) {
      if (hashes[found] == hash && labels[found].equals(label)) {
        return found;
      }
      place = (place + 1) & (byLabel.length - 1);
    }
    return add(label, hash);
  }

  /** The code of a label that lies in a buffer; a String is made of a new one only. */
  int code(char[] text, int offset, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + text[offset + i];
    }
    int place = place(hash, byLabel.length);
    for (int found; (found = byLabel[place] - 1) >= 0; ) {
      if (hashes[found] == hash && isAt(labels[found], text, offset, length)) {
        return found;
      }
      place = (place + 1) & (byLabel.length - 1);
    }
    return add(new String(text, offset, length), hash);
  }

  private static boolean isAt(String label, char[] text, int offset, int length) {
    if (label.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (label.charAt(i) != text[offset + i]) {
        return false;
      }
    }
    return true;
  }

  /** The code of a number's label; NaN is missing, and -0 is 0. */
  int code(double value) {
    if (Double.isNaN(value)) {
      return MISSING;
    }
    long bits = Double.doubleToRawLongBits(value + 0.0);
    int place = place(Long.hashCode(bits), byNumber.length);
    while (byNumber[place] != 0) {
      if (numberBits[place] == bits) {
        return byNumber[place] - 1;
      }
      place = (place + 1) & (byNumber.length - 1);
    }
    int code = code(label(value + 0.0));
    if (2 * ++numbers > byNumber.length) {
      growNumbers();
      place = freePlace(bits);
    }
    byNumber[place] = code + 1;
    numberBits[place] = bits;
    return code;
  }

  /** The code of a whole number, also beyond what a double holds. */
  int code(long value) {
    return Math.abs((double) value) < EXACT ? code((double) value) : code(Long.toString(value));
  }

  /** How a number is called: whole ones without a point. */
  static String label(double value) {
    return value == Math.rint(value) && Math.abs(value) < EXACT
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private int add(String label, int hash) {
    int code = size;
    if (code == labels.length) {
      labels = Arrays.copyOf(labels, 2 * code);
      hashes = Arrays.copyOf(hashes, 2 * code);
    }
    labels[code] = label;
    hashes[code] = hash;
    size++;
    if (2 * size > byLabel.length) {
      byLabel = new int[2 * byLabel.length];
      for (int c = 0; c < size; c++) {
        put(c);
      }
    } else {
      put(code);
    }
    return code;
  }

  private void put(int code) {
    int place = place(hashes[code], byLabel.length);
    while (byLabel[place] != 0) {
      place = (place + 1) & (byLabel.length - 1);
    }
    byLabel[place] = code + 1;
  }

  private void growNumbers() {
    int[] oldCodes = byNumber;
    long[] oldBits = numberBits;
    byNumber = new int[2 * oldCodes.length];
    numberBits = new long[byNumber.length];
    for (int i = 0; i < oldCodes.length; i++) {
      if (oldCodes[i] != 0) {
        int place = freePlace(oldBits[i]);
        byNumber[place] = oldCodes[i];
        numberBits[place] = oldBits[i];
      }
    }
  }

  private int freePlace(long bits) {
    int place = place(Long.hashCode(bits), byNumber.length);
    while (byNumber[place] != 0) {
      place = (place + 1) & (byNumber.length - 1);
    }
    return place;
  }

  /** Multiplies by 2³² over the golden ratio and takes the high bits. */
  private static int place(int hash, int length) {
    return (hash * 0x9E3779B9) >>> (Integer.numberOfLeadingZeros(length) + 1);
  }
}
