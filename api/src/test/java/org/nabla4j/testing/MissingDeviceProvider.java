package org.nabla4j.testing;

import org.nabla4j.backend.Availability;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.BackendProvider;

/** A backend that ranks first and cannot run. */
public final class MissingDeviceProvider implements BackendProvider {

  @Override
  public String name() {
    return "abacus";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Availability availability() {
    return Availability.unusable("no beads found", "Buy some beads");
  }

  @Override
  public Backend open() {
    throw new AssertionError("opened although it is not available");
  }
}
