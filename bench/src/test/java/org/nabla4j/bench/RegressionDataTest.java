package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nabla4j.Regression;
import org.nabla4j.data.Tables;
import org.nabla4j.regression.RegressionFit;

/** Answers of regressions are checked, and the right ones pass. */
class RegressionDataTest {

  private static final int COLUMNS = 4;
  private static final int ROWS = 3_000;

  private static RegressionData linear() {
    return RegressionData.of(RegressionData.Model.LINEAR, COLUMNS, ROWS);
  }

  @ParameterizedTest
  @EnumSource(RegressionPeer.class)
  void peersAreRight(RegressionPeer peer) {
    RegressionData data = linear();
    double[] coefficients = new double[COLUMNS + 1];
    double[] errors = new double[COLUMNS + 1];
    peer.open(data).fit(coefficients, errors);
    data.require(coefficients, errors, peer.title());
    RegressionFit fit = Regression.ols("y ~ .").backend("cpu").fit(data.table());
    for (int j = 0; j <= COLUMNS; j++) {
      assertEquals(fit.coefficients()[j], coefficients[j], 1e-12);
      assertEquals(fit.standardErrors()[j], errors[j], 1e-12);
    }
  }

  @Test
  void refusesWrongAnswers() {
    RegressionData data = linear();
    RegressionFit fit = Regression.ols("y ~ .").backend("cpu").fit(data.table());
    for (int j = 0; j <= COLUMNS; j++) {
      double[] coefficients = fit.coefficients();
      double[] errors = fit.standardErrors();
      data.require(coefficients, errors, "right");
      coefficients[j] += 1e-7;
      refuses(data, coefficients, errors, "cosine");
      coefficients = fit.coefficients();
      errors[j] *= 0.999;
      refuses(data, coefficients, errors, "standard error " + j);
      errors[j] = Double.NaN;
      refuses(data, coefficients, errors, "standard error " + j);
    }
    refuses(data, new double[COLUMNS], new double[COLUMNS], "4 coefficients, expected 5");
  }

  private static void refuses(
      RegressionData data, double[] coefficients, double[] errors, String message) {
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> data.require(coefficients, errors, "wrong"));
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }

  @Test
  void largeFilesHoldWhatTheySay(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("rows.npy");
    int rows = 20_001;
    LargeRows.write(file, rows);
    assertEquals(128 + 160L * rows, Files.size(file));
    assertEquals(rows, Tables.npy(file).count());
    // fits them and compares with the truth
    LargeRows.main(new String[] {file.toString(), "1000", "1"});
    assertEquals(128 + 160L * rows, Files.size(file), "a file that is there is not written anew");
    assertThrows(IllegalArgumentException.class, () -> LargeRows.main(new String[0]));
    assertThrows(
        IllegalArgumentException.class, () -> LargeRows.main(new String[] {file.toString(), "20"}));
  }
}
