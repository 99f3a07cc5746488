package org.nabla4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.nabla4j.objective.Precision;

/** The probes run and compute something. */
class CeilingsTest {

  @Test
  void vectorProbesAreThereWithTheModule() {
    boolean module = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    for (Precision precision : Precision.values()) {
      for (boolean fma : new boolean[] {true, false}) {
        assertEquals(module, VectorPeakKernel.of(precision, fma).isPresent());
      }
    }
  }

  @Test
  void everyProbeCountsItsOperations() {
    for (Precision precision : Precision.values()) {
      for (PeakKernel kernel : Ceilings.kernels(precision)) {
        assertTrue(kernel.flopsPerRound() >= 2 * 12);
        double result = kernel.run(3);
        assertTrue(Double.isFinite(result), () -> kernel + " gave " + result);
      }
    }
  }

  @Test
  void sumsAllElements() {
    double[] values = new double[64];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    assertEquals(63 * 64 / 2.0, Ceilings.sum(values));
  }
}
