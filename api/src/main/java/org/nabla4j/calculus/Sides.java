package org.nabla4j.calculus;

/**
 * A sign or a condition just before, at and just after t = 0; NaN on a side where it is not known.
 * A condition holds where it is not 0.
 *
 * @param before just before
 * @param at at t = 0
 * @param after just after
 */
record Sides(double before, double at, double after) {

  /** The signs of a series, −1, 0 or 1, by its first coefficient that is not 0. */
  static Sides ofSign(Series a) {
    double at = Math.signum(a.value());
    if (a.isConstant() || (at != 0 && (a.flaw() == null || a.known() > 1))) {
      return new Sides(at, at, at);
    }
    int v = a.valuation();
    if (at != 0 || v == a.known()) {
      // One value alone may be that of a jump.
      return new Sides(Double.NaN, at, Double.NaN);
    }
    double after = Math.signum(a.at(v));
    return new Sides(v % 2 == 0 ? after : -after, 0, after);
  }

  /** Whether both sides are known and of one kind. */
  boolean areEqual() {
    return before == after;
  }

  /** Whether nothing changes. */
  boolean areSteady() {
    return before == at && after == at;
  }
}
