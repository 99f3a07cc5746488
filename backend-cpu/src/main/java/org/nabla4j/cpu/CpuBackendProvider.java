package org.nabla4j.cpu;

import org.nabla4j.backend.Availability;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.BackendProvider;

/** Offers the CPU backend; it can always run. */
public final class CpuBackendProvider implements BackendProvider {

  /** Name of the backend. */
  static final String NAME = "cpu";

  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  /** For the service loader. */
  public CpuBackendProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int priority() {
    return 0;
  }

  @Override
  public Availability availability() {
    return Availability.usable(
        ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
            ? "SIMD kernels through " + VECTOR_MODULE
            : "scalar kernels; for SIMD start Java with --add-modules " + VECTOR_MODULE);
  }

  @Override
  public Backend open() {
    return new CpuBackend();
  }
}
