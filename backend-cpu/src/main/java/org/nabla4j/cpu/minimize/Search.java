package org.nabla4j.cpu.minimize;

import org.nabla4j.result.Status;

/**
 * One problem's way to a minimum. A search does not call the objective: it says where it needs what
 * and is told, so that many searches can share one evaluation of a batch.
 *
 * <pre>
 *   while (search.need() != Need.NOTHING) {
 *     evaluate at search.point() what search.need() says;
 *     search.tell(value, gradient, hessian);
 *   }
 * </pre>
 *
 * <p>Not thread-safe; a search never depends on any other.
 */
abstract class Search {

  /** What a search needs to be told next. */
  enum Need {
    /** f. */
    VALUE,
    /** f and ∇f. */
    GRADIENT,
    /** f, ∇f and the Hessian. */
    HESSIAN,
    /** The Hessian at {@link Search#point()} times {@link Search#direction()}. */
    PRODUCT,
    /** Nothing: the search has ended. */
    NOTHING
  }

  /** What is needed next. */
  abstract Need need();

  /** Where it is needed: p parameters within the bounds, valid until the next {@code tell}. */
  abstract double[] point();

  /**
   * Which terms of a sum over data are needed, where not all are: indices, those that count
   * standing at {@link #selectionFrom()} until {@link #selectionTo()}. Only asked of searches with
   * minibatches; what they are told is the bare sum over these terms.
   *
   * @return the indices, valid until the next {@code tell}; null where the whole sum is needed
   */
  int[] selection() {
    return null;
  }

  /** Where the terms begin in {@link #selection()}. */
  int selectionFrom() {
    return 0;
  }

  /** Where the terms end in {@link #selection()}, exclusive. */
  int selectionTo() {
    return 0;
  }

  /** What the Hessian is to be multiplied by, where a {@code PRODUCT} is needed. */
  double[] direction() {
    throw new IllegalStateException("no product is needed");
  }

  /**
   * Tells what was needed. The arrays belong to the caller, who will overwrite them.
   *
   * @param value f, not finite outside the domain; ignored for a product
   * @param gradient ∇f, {@code [p]}, or the product; null for a value
   * @param hessian H, {@code [p, p]} row-major; null unless needed
   */
  abstract void tell(double value, double[] gradient, double[] hessian);

  /** Stops it: the result is the best point so far. */
  abstract void cancel();

  /** The best point, p parameters. */
  abstract double[] best();

  /** f at the best point. */
  abstract double value();

  /** ∇f at the best point, or null for a method that does not use it. */
  abstract double[] gradient();

  /** How it ended; to be asked for only once nothing is needed. */
  abstract Status status();

  /** The quantity that decided how it ended, NaN if there is none. */
  abstract double statusValue();

  /** Steps taken. */
  abstract int iterations();
}
