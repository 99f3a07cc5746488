package org.nabla4j.backend;

/** The flavour of kernels to run, for tests and measurements. */
public enum KernelPreference {
  /**
   * The fastest that this machine has. Batches begin with the scalar kernel, which the JVM compiles
   * soon; when that has been busy for a while, a thread of the library's own warms the vector
   * kernel up, for some seconds and once for a formula, and batches go on with it. Results are the
   * same to the last bit.
   */
  AUTO,
  /** The vector flavour; an error where the vector module is not there. */
  VECTOR,
  /** The scalar flavour. */
  SCALAR
}
