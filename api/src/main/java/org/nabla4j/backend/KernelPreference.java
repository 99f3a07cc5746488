package org.nabla4j.backend;

/** The flavour of kernels to run, for tests and measurements. */
public enum KernelPreference {
  /** The fastest that this machine has. */
  AUTO,
  /** The vector flavour; an error where the vector module is not there. */
  VECTOR,
  /** The scalar flavour. */
  SCALAR
}
