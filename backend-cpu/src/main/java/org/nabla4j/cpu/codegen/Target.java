package org.nabla4j.cpu.codegen;

/**
 * The machine that code is generated for: one value per lane, {@code lanes} lanes at a time.
 *
 * <p>The two flavours execute the same sequence of correctly rounded operations lane by lane, so a
 * problem has the same result to the last bit in either of them.
 *
 * @param flavour Vector API calls or plain scalar bytecode
 * @param precision element type of every lane
 * @param lanes number of lanes, 1 for {@link Flavour#SCALAR}
 * @param fma whether the processor multiplies and adds with one rounding; without it the generated
 *     code multiplies, then adds, since {@code Math.fma} in software is some hundred times slower
 */
record Target(Flavour flavour, Precision precision, int lanes, boolean fma) {

  /** How lanes are expressed in bytecode. */
  enum Flavour {
    /** Calls to {@code jdk.incubator.vector}, several lanes at a time. */
    VECTOR,
    /** Plain bytecode, one lane at a time. */
    SCALAR
  }

  /** Element type of a lane. */
  enum Precision {
    /** 64-bit IEEE 754. */
    DOUBLE,
    /** 32-bit IEEE 754. */
    FLOAT
  }

  /**
   * Validates the combination.
   *
   * @throws IllegalArgumentException if {@code lanes} is not a power of two, or not 1 for scalar
   */
  Target {
    if (Integer.bitCount(lanes) != 1) {
      throw new IllegalArgumentException("lanes = " + lanes + " must be a power of two");
    }
    if (flavour == Flavour.SCALAR && lanes != 1) {
      throw new IllegalArgumentException("lanes = " + lanes + " must be 1 for scalar code");
    }
  }

  /**
   * A target of plain bytecode.
   *
   * @param precision element type
   * @param fma whether the processor has fused multiply-add
   * @return a one-lane target
   */
  static Target scalar(Precision precision, boolean fma) {
    return new Target(Flavour.SCALAR, precision, 1, fma);
  }

  boolean isVector() {
    return flavour == Flavour.VECTOR;
  }

  boolean isDouble() {
    return precision == Precision.DOUBLE;
  }
}
