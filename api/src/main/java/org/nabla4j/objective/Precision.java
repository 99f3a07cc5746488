package org.nabla4j.objective;

/** The arithmetic in which the model is evaluated; sums and steps are in double either way. */
public enum Precision {
  /** 32-bit floating point: twice the lanes, about seven digits. */
  SINGLE,
  /** 64-bit floating point. */
  DOUBLE
}
