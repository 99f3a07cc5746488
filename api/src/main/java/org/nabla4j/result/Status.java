package org.nabla4j.result;

import java.util.Locale;

/** How a problem ended. */
public enum Status {
  /** Actual and predicted relative reduction of the cost fell below the cost tolerance. */
  CONVERGED_COST(0, true, "relative reduction of the cost", "costTolerance"),
  /** The relative change of the parameters fell below the parameter tolerance. */
  CONVERGED_PARAMETERS(1, true, "relative change of the parameters", "parameterTolerance"),
  /** The gradient fell below the gradient tolerance. */
  CONVERGED_GRADIENT(2, true, "cosine between residuals and Jacobian columns", "gradientTolerance"),
  /** The cost is zero to the accuracy of the arithmetic: the model meets every point. */
  CONVERGED_EXACT(3, true, "cost", "rounding"),
  /** The limit of evaluations was reached first. */
  ITERATION_LIMIT(4, false, "evaluations", "maxEvaluations"),
  /** No step lowers the cost although no tolerance is met; tolerances may be too tight. */
  NO_PROGRESS(5, false, "damping", "largest damping"),
  /** The parameters are not determined by the data: the Jacobian has no full rank. */
  SINGULAR(6, false, "reciprocal condition of the curvature", "rounding"),
  /** A NaN or an infinity at the start or among the data. */
  NON_FINITE(7, false, "cost", "finite"),
  /** Fewer points than free parameters. */
  TOO_FEW_POINTS(8, false, "points", "free parameters"),
  /** Stopped from outside; the parameters are the best so far, or the start values. */
  CANCELLED(9, false, "", ""),
  /** The objective falls without end: it has no minimum. */
  UNBOUNDED(10, false, "objective", "finite"),
  /** No point that meets all constraints was found. */
  INFEASIBLE(11, false, "constraint violation", "constraintTolerance"),
  /** The function has the same sign at both ends of the bracket. */
  NO_SIGN_CHANGE(12, false, "", "");

  private static final Status[] VALUES = values();

  /** The place among the values, as kept in arrays of bytes. */
  private final byte code;

  private final boolean converged;
  private final String quantity;
  private final String threshold;

  Status(int code, boolean converged, String quantity, String threshold) {
    this.code = (byte) code;
    this.converged = converged;
    this.quantity = quantity;
    this.threshold = threshold;
  }

  /**
   * Whether the parameters are a solution.
   *
   * @return true for the {@code CONVERGED} statuses
   */
  public boolean converged() {
    return converged;
  }

  byte code() {
    return code;
  }

  static Status of(byte code) {
    return VALUES[code];
  }

  /**
   * Says how a least-squares problem ended, with the value that decided beside its threshold. A
   * value above the threshold of a problem that converged is rounding: nothing changes any more.
   *
   * @param value the quantity that was tested, NaN if it is not known
   * @param limit the threshold that it was tested against, NaN if there is none
   * @return one line
   */
  public String message(double value, double limit) {
    return message(Wording.LEAST_SQUARES, value, limit);
  }

  String quantity() {
    return quantity;
  }

  String threshold() {
    return threshold;
  }

  /** The same for any kind of problem. */
  String message(Wording wording, double value, double limit) {
    String tested = wording.quantity(this);
    String bound = wording.threshold(this);
    String subject = converged ? "converged" : name().toLowerCase(Locale.ROOT).replace('_', ' ');
    boolean known = !Double.isNaN(value) || this == NON_FINITE;
    if (tested.isEmpty() || !(known || converged)) {
      return subject;
    }
    if (converged && known && (float) value > (float) limit) {
      return subject
          + ": "
          + tested
          + " "
          + shortest(value)
          + " is rounding ("
          + bound
          + " "
          + shortest(limit)
          + ")";
    }
    String relation =
        switch (this) {
          case ITERATION_LIMIT -> ">=";
          case NON_FINITE, UNBOUNDED -> ", expected";
          case NO_PROGRESS ->
              switch (wording) {
                case LEAST_SQUARES -> "at";
                case MINIMIZATION -> ">";
                case SIMPLEX -> value <= limit ? "<=" : ">";
              };
          case INFEASIBLE -> ">";
          case TOO_FEW_POINTS, SINGULAR -> "<";
          default -> "<=";
        };
    return subject
        + ": "
        + tested
        + (known ? " " + shortest(value) : "")
        + (relation.startsWith(",") ? relation : " " + relation)
        + " "
        + bound
        + (Double.isNaN(limit) ? "" : " " + shortest(limit));
  }

  private static String shortest(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3g", value);
  }
}
