package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.backend.Execution;
import org.nabla4j.testing.ReferenceBackend;

/**
 * The certified digits of NIST's linear data sets, with default settings. Where the bar is below 15
 * the data, rounded from decimals to doubles, have no more digits of the certified solution.
 */
class NistLinearTest {

  @ParameterizedTest
  @CsvSource({
    "Norris, 14.0",
    "Pontius, 13.5",
    "NoInt1, 15",
    "NoInt2, 15",
    "Filip, 13.9",
    "Longley, 14.7",
    "Wampler1, 15",
    "Wampler2, 13.2",
    "Wampler3, 15",
    "Wampler4, 15",
    "Wampler5, 15",
  })
  void coefficientsHaveTheCertifiedDigits(String name, double digits) {
    NistData set = NistData.read(name);
    RegressionFit fit =
        OlsSolver.fit(
                Designs.of(set.formula()),
                set.rows(),
                OlsOptions.defaults(),
                new ReferenceBackend(),
                Execution.defaults())
            .fit(0);
    double found = set.digits("certified", fit.coefficients());
    double errors = set.digits("deviations", fit.standardErrors());
    double sigma = set.digits("residualDeviation", fit.sigma());
    double rSquared = set.digits("rSquared", fit.rSquared());
    double squares = set.digits("residualSquares", fit.deviance());
    assertEquals(RegressionStatus.SOLVED, fit.status());
    assertTrue(found >= digits, () -> "coefficients: " + found + " digits");
    assertTrue(errors >= 12, () -> "standard deviations: " + errors + " digits");
    assertTrue(sigma >= 12, () -> "residual standard deviation: " + sigma + " digits");
    assertTrue(squares >= 12, () -> "residual sum of squares: " + squares + " digits");
    assertTrue(rSquared >= 14, () -> "R-squared: " + rSquared + " digits");
  }
}
