package org.nabla4j.result;

/** What the quantities are called that decide how a problem ends, by the kind of problem. */
enum Wording {
  /** The cost ½Σρ(r²) of residuals. */
  LEAST_SQUARES {
    @Override
    String quantity(Status status) {
      return status.quantity();
    }

    @Override
    String threshold(Status status) {
      return status.threshold();
    }
  },

  /** A function f(θ). */
  MINIMIZATION {
    @Override
    String quantity(Status status) {
      return switch (status) {
        case CONVERGED_COST -> "relative reduction of the objective";
        case CONVERGED_GRADIENT, NO_PROGRESS -> "relative gradient";
        case CONVERGED_EXACT, NON_FINITE -> "objective";
        case ITERATION_LIMIT -> "iterations";
        default -> status.quantity();
      };
    }

    @Override
    String threshold(Status status) {
      return switch (status) {
        case CONVERGED_COST -> "valueTolerance";
        case NO_PROGRESS -> "gradientTolerance";
        case ITERATION_LIMIT -> "maxIterations";
        default -> status.threshold();
      };
    }
  },

  /** A function f(θ) without a gradient, searched by a simplex. */
  SIMPLEX {
    @Override
    String quantity(Status status) {
      return switch (status) {
        case CONVERGED_PARAMETERS -> "relative size of the simplex";
        case NO_PROGRESS -> "f differs across a simplex of relative size";
        default -> MINIMIZATION.quantity(status);
      };
    }

    @Override
    String threshold(Status status) {
      return status == Status.NO_PROGRESS ? "parameterTolerance" : MINIMIZATION.threshold(status);
    }
  };

  /** The quantity whose value decided, empty if there is none. */
  abstract String quantity(Status status);

  /** What it was compared with. */
  abstract String threshold(Status status);
}
