package org.nabla4j.cpu.codegen;

import org.nabla4j.cpu.codegen.Value.Mask;
import org.nabla4j.cpu.codegen.Value.Real;

/** What the steps of damped methods have in common. */
final class StepParts {

  /** Share of the predicted reduction that a step must gain to be accepted. */
  static final double ACCEPT = 1e-4;

  private static final double SMALLEST_DAMPING = 1e-30;

  private final LaneCode c;

  StepParts(LaneCode code) {
    this.c = code;
  }

  Real load(int element) {
    return c.load(Place.tile(element), 0);
  }

  void store(int element, Real value) {
    c.store(Place.tile(element), 0, value);
  }

  /** A number where the lane's problem is new, what was stored elsewhere. */
  Real fresh(Mask first, double number, int element) {
    return c.select(first, c.constant(number), load(element));
  }

  /**
   * The larger of a number and a positive one, by their bits: at once, where a comparison of reals
   * takes as long as a multiplication. What is negative or NaN counts for less.
   */
  Real atLeast(Real a, Real positive) {
    return c.fromBits(c.max(c.toBits(a), c.toBits(positive)));
  }

  /**
   * The damping after a step that was accepted: λ·max(1/3, 1 − (2ϱ − 1)³) of Nielsen 1999 with a
   * faster fall, where the gain ratio ϱ is the actual reduction over the expected one. The shortest
   * way from the actual reduction to λ: what does not depend on it is computed while the evaluation
   * ends.
   */
  Real kept(Real damping, Real actual, Real expected) {
    Real reciprocal = c.div(c.constant(2), expected);
    Real u = c.fma(actual, reciprocal, c.constant(-1));
    Real scaled = c.fma(c.neg(c.mul(u, u)), c.mul(damping, u), damping);
    Real least = c.mul(damping, c.constant(StepOptions.DECREASE));
    return atLeast(scaled, atLeast(least, c.constant(SMALLEST_DAMPING)));
  }

  /** A number moved into an interval. */
  Real clamp(Real value, Real low, Real high) {
    Real above = c.select(c.lt(value, low), low, value);
    return c.select(c.lt(high, above), high, above);
  }
}
