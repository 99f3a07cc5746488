package org.nabla4j.objective;

/**
 * What given standard deviations σ (or weights 1/σ²) mean for the uncertainties of a fit.
 *
 * <p>A robust {@linkplain Loss loss} says that σ does not hold for all points: the covariance then
 * is that of an M-estimator for either kind, see {@link org.nabla4j.result.BatchFit}, and the kind
 * only decides between quantiles of the normal distribution and Student's t.
 */
public enum SigmaKind {
  /** σ is known in the units of the response: the covariance is H⁻¹ as it stands. */
  ABSOLUTE,
  /** σ is known up to a common factor: the covariance is H⁻¹ scaled by χ²/(n-p). */
  RELATIVE
}
