package org.nabla4j.backend;

/**
 * The service by which a backend is found: a module names its implementation in {@code
 * META-INF/services/org.nabla4j.backend.BackendProvider}.
 */
public interface BackendProvider {

  /**
   * The name by which the backend is asked for.
   *
   * @return a short lower-case word such as {@code cpu}, the same as {@link Backend#name()}
   */
  String name();

  /**
   * How it ranks among those that can run; the highest is taken.
   *
   * @return the rank; the CPU has 0
   */
  int priority();

  /**
   * Whether it can run here. Cheap: loads no native library in order to say no.
   *
   * @return yes, or no with reason and remedy
   */
  Availability availability();

  /**
   * Opens it. Called only where it is available.
   *
   * @return an open backend
   */
  Backend open();
}
