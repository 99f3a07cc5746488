package org.nabla4j.result;

import java.util.Objects;

/**
 * What the builders of results of batches of any kind have in common. Setters for different
 * problems may run on different threads at once.
 *
 * @param <B> the builder
 */
abstract sealed class ResultBuilder<B extends ResultBuilder<B>>
    permits BatchFit.Builder, BatchMinima.Builder, BatchRoots.Builder {

  final Outcomes outcomes;

  ResultBuilder(long problems, int parameters, String backend, String kernel) {
    outcomes =
        new Outcomes(
            Math.toIntExact(problems),
            parameters,
            Objects.requireNonNull(backend, "backend"),
            Objects.requireNonNull(kernel, "kernel"));
  }

  abstract B self();

  /** Puts the values that a problem was to start from, where it was never begun. */
  abstract void startOver(int index);

  final int check(long index) {
    return (int) Objects.checkIndex(index, (long) outcomes.problems());
  }

  /** Sets how a problem ended. */
  final void ended(
      long index, Status status, double statusValue, double value, int steps, int evaluations) {
    Objects.requireNonNull(status, "status");
    outcomes.set(check(index), status, statusValue, value, steps, evaluations);
  }

  /** Makes what was never begun cancelled; its best parameters are those it was to start from. */
  final void complete() {
    for (int i = 0; i < outcomes.problems(); i++) {
      if (!outcomes.isSet(i)) {
        startOver(i);
        ended(i, Status.CANCELLED, Double.NaN, Double.NaN, 0, 0);
      }
    }
  }

  /**
   * Says what evaluates the functions, where it was not known before it ran.
   *
   * @param description the flavour of kernels, or whose code, for people to read
   * @return this builder
   */
  public B kernel(String description) {
    outcomes.kernel = Objects.requireNonNull(description, "description");
    return self();
  }

  /**
   * Sets the times.
   *
   * @param prepare nanoseconds before the work on the problems began
   * @param solve nanoseconds from there to the last result, wall clock
   * @return this builder
   */
  public B timings(long prepare, long solve) {
    outcomes.prepareNanos = prepare;
    outcomes.solveNanos = solve;
    return self();
  }
}
