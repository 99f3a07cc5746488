package org.nabla4j.regression;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;

/** A linear data set of the NIST Statistical Reference Datasets, read from the resources. */
final class NistData {

  /** Significant digits that certified values have. */
  private static final int CERTIFIED = 15;

  private final Map<String, String> lines = new HashMap<>();
  private final Map<String, double[]> data = new LinkedHashMap<>();

  static NistData read(String name) {
    NistData set = new NistData();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                NistData.class.getResourceAsStream("/linear/" + name + ".txt"),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String[] parts = line.split(" ", 3);
        if (parts[0].equals("data")) {
          set.data.put(parts[1], numbers(parts[2]));
        } else {
          set.lines.put(parts[0], line.substring(parts[0].length() + 1));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return set;
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  String formula() {
    return lines.get("formula");
  }

  Rows rows() {
    return Tables.columns(data);
  }

  Map<String, double[]> data() {
    return data;
  }

  List<String> texts(String quantity) {
    return List.of(lines.get(quantity).split(" ", -1));
  }

  /** The fewest digits in which values agree with certified ones. */
  double digits(String quantity, double... values) {
    List<String> certified = texts(quantity);
    double least = CERTIFIED;
    for (int i = 0; i < values.length; i++) {
      least = Math.min(least, digits(new BigDecimal(certified.get(i)), values[i]));
    }
    return least;
  }

  /** 15 if the value rounds to the certified one, else −log₁₀ of the relative error. */
  private static double digits(BigDecimal certified, double value) {
    if (!Double.isFinite(value)) {
      return 0;
    }
    BigDecimal exact = new BigDecimal(value);
    if (exact.round(new MathContext(CERTIFIED)).compareTo(certified) == 0) {
      return CERTIFIED;
    }
    double scale = certified.signum() == 0 ? 1 : Math.abs(certified.doubleValue());
    double error = exact.subtract(certified).abs().doubleValue() / scale;
    return Math.max(0, Math.min(CERTIFIED, -Math.log10(error)));
  }
}
