package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.nabla4j.Solve;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Execution;
import org.nabla4j.backend.KernelPreference;
import org.nabla4j.result.BatchRoots;

/** Roots of one equation, in both flavours of kernels and from one to the other. */
class RootsTest {

  @Nested
  class Vector extends RootsContract {
    Vector() {
      super(KernelPreference.VECTOR);
    }
  }

  @Nested
  class Scalar extends RootsContract {
    Scalar() {
      super(KernelPreference.SCALAR);
    }
  }

  @Test
  void flavoursAgreeToTheLastBit() {
    double[] a = new double[777];
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.exp(0.05 * i - 10);
    }
    Solve solve = Solve.of("x*exp(x) + erf(x) = a").constant("a", a).start(1);
    BatchRoots scalar = run(solve, KernelPreference.SCALAR);
    BatchRoots vector = run(solve, KernelPreference.VECTOR);
    assertTrue(scalar.kernel().startsWith("scalar"), scalar.kernel());
    assertTrue(vector.kernel().startsWith("vector"), vector.kernel());
    for (int i = 0; i < a.length; i++) {
      assertEquals(scalar.value(i), vector.value(i), "problem " + i);
      assertEquals(scalar.evaluations(i), vector.evaluations(i), "problem " + i);
    }
  }

  private static BatchRoots run(Solve solve, KernelPreference flavour) {
    return solve
        .backend(RootsContract.CPU)
        .execution(Execution.defaults().withKernel(flavour))
        .runBatch();
  }

  /** A large batch begins with the scalar kernel; what follows is the same to the last bit. */
  @Test
  void theVectorKernelTakesOverWhenItIsWarm() {
    double[] a = new double[20_000];
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.exp(1e-3 * i - 5);
    }
    try (Backend fresh = new CpuBackend()) {
      Solve solve = Solve.of("x*exp(x) + erfc(x) = a").constant("a", a).start(1).backend(fresh);
      BatchRoots expected =
          solve.execution(Execution.defaults().withKernel(KernelPreference.SCALAR)).runBatch();
      long end = System.nanoTime() + 60_000_000_000L;
      BatchRoots roots = solve.runBatch();
      while (!roots.kernel().startsWith("vector") && System.nanoTime() < end) {
        roots = solve.runBatch();
      }
      assertTrue(roots.kernel().startsWith("vector"), roots.kernel());
      for (int i = 0; i < a.length; i++) {
        assertEquals(expected.value(i), roots.value(i), "problem " + i);
      }
    }
  }
}
