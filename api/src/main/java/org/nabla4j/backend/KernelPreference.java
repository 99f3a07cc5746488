package org.nabla4j.backend;

/** The flavour of kernels to run, for tests and measurements. */
public enum KernelPreference {
  /**
   * The fastest that this machine has. Batches, and minimisations of sums over many rows, begin
   * with the scalar kernel, which the JVM compiles soon; when that has been busy for a while, a
   * thread of the library's own warms the vector kernel up, for some seconds and once for a
   * formula, and they go on with it. Results are the same to the last bit. A minimisation of a sum
   * over few rows is left to an interpreter.
   */
  AUTO,
  /** The vector flavour; an error where the vector module is not there. */
  VECTOR,
  /** The scalar flavour. */
  SCALAR
}
