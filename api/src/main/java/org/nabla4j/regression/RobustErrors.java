package org.nabla4j.regression;

/**
 * Standard errors that hold although the variance of a response is not what the model says: the
 * covariance of the coefficients is C M C with C = (Σ a x xᵀ)⁻¹ and M = Σ ω x xᵀ, u = w (y − μ)
 * μ′/V the score of a row and h its leverage (MacKinnon and White 1985). With HC2 and HC3 ω is 0
 * where h is 1 within 1e-10: the fit meets such a row whatever its response.
 */
public enum RobustErrors {
  /** ω = u² (White 1980). */
  HC0(0),
  /** ω = u² n/(n − p). */
  HC1(0),
  /** ω = u²/(1 − h), without bias if variances are the same after all. */
  HC2(1),
  /** ω = u²/(1 − h)², close to the jackknife; the safest with few rows. */
  HC3(2);

  private final int power;

  RobustErrors(int power) {
    this.power = power;
  }

  /** The power of 1 − h in the denominator. */
  int power() {
    return power;
  }
}
