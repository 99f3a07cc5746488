package org.nabla4j.bench;

import java.util.SplittableRandom;
import org.apache.commons.numbers.gamma.Erfc;

/**
 * Prices of European calls by the formula of Black and Scholes (1973), for known volatilities: 5 to
 * 80 % over 3 weeks to 2 years, strikes up to 3 standard deviations from the forward, every tenth
 * quote up to 7.5 of them, deep in or out of the money.
 */
final class Quotes {

  /** The equation that a user would write. */
  static final String EQUATION =
      "S*erfc(-(log(S/K) + (r + v^2/2)*T)/(v*sqrt(2*T)))/2"
          + " - K*exp(-r*T)*erfc(-(log(S/K) + (r - v^2/2)*T)/(v*sqrt(2*T)))/2 = price";

  /** The interval that volatilities are looked for in, and where the search begins. */
  static final double LOWEST = 1e-4;

  static final double HIGHEST = 10;
  static final double START = 0.3;

  private static final double DEEP = 2.5;

  final double[] spot;
  final double[] strike;
  final double[] years;
  final double[] rate;
  final double[] price;
  final double[] volatility;

  Quotes(int count) {
    spot = new double[count];
    strike = new double[count];
    years = new double[count];
    rate = new double[count];
    price = new double[count];
    volatility = new double[count];
    SplittableRandom random = new SplittableRandom(7);
    for (int i = 0; i < count; i++) {
      spot[i] = 100;
      years[i] = 0.05 + 2 * random.nextDouble();
      rate[i] = 0.05 * random.nextDouble();
      volatility[i] = 0.05 + 0.75 * random.nextDouble();
      double deviations = (6 * random.nextDouble() - 3) * (i % 10 == 0 ? DEEP : 1);
      strike[i] = spot[i] * Math.exp(deviations * volatility[i] * Math.sqrt(years[i]));
      price[i] = price(i, volatility[i]);
    }
  }

  int count() {
    return price.length;
  }

  /** The price of quote i at a volatility. */
  double price(int i, double v) {
    double deviation = v * Math.sqrt(2 * years[i]);
    double forward = Math.log(spot[i] / strike[i]) + rate[i] * years[i];
    double half = v * v * years[i] / 2;
    double discounted = strike[i] * Math.exp(-rate[i] * years[i]);
    return spot[i] * Erfc.value(-(forward + half) / deviation) / 2
        - discounted * Erfc.value(-(forward - half) / deviation) / 2;
  }

  /** ∂price/∂v of quote i. */
  double vega(int i, double v) {
    double root = Math.sqrt(years[i]);
    double d = (Math.log(spot[i] / strike[i]) + (rate[i] + v * v / 2) * years[i]) / (v * root);
    return spot[i] * root * Math.exp(-d * d / 2) / Math.sqrt(2 * Math.PI);
  }

  /** Whether a volatility is that of the quote, as far as its price in double tells. */
  boolean isRight(int i, double v) {
    double rounding = Math.ulp(1.0) * 64 * (spot[i] + strike[i]);
    double error = Math.abs(v - volatility[i]);
    // where the price does not tell, another volatility of the same price is as good
    return error <= 1e-10 * volatility[i] + rounding / vega(i, volatility[i])
        || Math.abs(price(i, v) - price[i]) <= rounding;
  }
}
