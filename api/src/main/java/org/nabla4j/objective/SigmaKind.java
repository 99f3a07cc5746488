package org.nabla4j.objective;

/** What given standard deviations σ (or weights 1/σ²) mean for the uncertainties of a fit. */
public enum SigmaKind {
  /** σ is known in the units of the response: the covariance is H⁻¹ as it stands. */
  ABSOLUTE,
  /** σ is known up to a common factor: the covariance is H⁻¹ scaled by χ²/(n-p). */
  RELATIVE
}
