package org.nabla4j.bench;

/** Chains of multiply-add on arrays in L1, which the JIT vectorises on its own. */
final class PlainPeakKernel extends PeakKernel {

  private static final int LENGTH = 512;
  private static final int CHAIN = 8;
  private static final double FACTOR = 0.999_999;
  private static final double SUMMAND = 1e-9;

  private final boolean fma;
  private final double[] values = new double[LENGTH];

  PlainPeakKernel(boolean fma) {
    this.fma = fma;
  }

  @Override
  double run(int rounds) {
    for (int round = 0; round < rounds; round++) {
      if (fma) {
        fused();
      } else {
        separate();
      }
    }
    return values[rounds % LENGTH];
  }

  private void fused() {
    for (int i = 0; i < LENGTH; i++) {
      double v = values[i];
      v = Math.fma(v, FACTOR, SUMMAND);
      v = Math.fma(v, FACTOR, SUMMAND);
      v = Math.fma(v, FACTOR, SUMMAND);
      v = Math.fma(v, FACTOR, SUMMAND);
      v = Math.fma(v, FACTOR, SUMMAND);
      v = Math.fma(v, FACTOR, SUMMAND);
      v = Math.fma(v, FACTOR, SUMMAND);
      values[i] = Math.fma(v, FACTOR, SUMMAND);
    }
  }

  private void separate() {
    for (int i = 0; i < LENGTH; i++) {
      double v = values[i];
      v = v * FACTOR + SUMMAND;
      v = v * FACTOR + SUMMAND;
      v = v * FACTOR + SUMMAND;
      v = v * FACTOR + SUMMAND;
      v = v * FACTOR + SUMMAND;
      v = v * FACTOR + SUMMAND;
      v = v * FACTOR + SUMMAND;
      values[i] = v * FACTOR + SUMMAND;
    }
  }

  @Override
  double flopsPerRound() {
    return 2.0 * CHAIN * LENGTH;
  }
}
