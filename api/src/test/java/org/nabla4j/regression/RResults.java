package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Data and results of R, read from the resources. */
final class RResults {

  private final String name;
  private final Map<String, List<String>> lines = new LinkedHashMap<>();

  private RResults(String name) {
    this.name = name;
  }

  static RResults read(String name) {
    RResults set = new RResults(name);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                RResults.class.getResourceAsStream("/glm/expected.txt"), StandardCharsets.UTF_8))) {
      boolean inside = false;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        List<String> parts = List.of(line.split(" "));
        if (parts.get(0).equals("set")) {
          inside = parts.get(1).equals(name);
        } else if (inside) {
          set.lines.put(parts.get(0), parts.subList(1, parts.size()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return set;
  }

  double[] numbers(String quantity) {
    return lines.get(quantity).stream().mapToDouble(Double::parseDouble).toArray();
  }

  /** Compares values, relative to each expected one and to the largest by a thousandth. */
  void check(String quantity, double tolerance, double... values) {
    double[] expected = numbers(quantity);
    assertEquals(expected.length, values.length, () -> name + " " + quantity);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    for (int i = 0; i < expected.length; i++) {
      double size = Math.max(Math.abs(expected[i]), 1e-3 * largest);
      assertEquals(expected[i], values[i], tolerance * size, name + " " + quantity + " " + i);
    }
  }
}
