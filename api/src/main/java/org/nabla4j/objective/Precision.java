package org.nabla4j.objective;

/**
 * The arithmetic in which the model is evaluated and its sums are made. Covariances, and fits that
 * need a closer look, are computed in double either way.
 */
public enum Precision {
  /** 32-bit floating point: twice the lanes, about seven digits. */
  SINGLE,
  /** 64-bit floating point. */
  DOUBLE
}
