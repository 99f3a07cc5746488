package org.nabla4j.result;

import java.util.Arrays;

/**
 * How each problem of a batch ended. Threads may set different problems at once; reading comes
 * after all of that.
 */
final class Outcomes {

  /** Status of a problem whose outcome has not been set. */
  private static final byte NOT_SET = -1;

  final String backend;
  final DoubleTable parameters;

  /** The cost, f, or what is left of F, of each problem. */
  final DoubleTable values;

  final int[] iterations;
  final int[] evaluations;
  final float[] statusValues;
  private final byte[] statuses;
  String kernel;
  long prepareNanos;
  long solveNanos;

  Outcomes(int problems, int parameters, String backend, String kernel) {
    this.backend = backend;
    this.kernel = kernel;
    this.parameters = new DoubleTable(problems, parameters);
    values = new DoubleTable(problems, 1);
    iterations = new int[problems];
    evaluations = new int[problems];
    statusValues = new float[problems];
    statuses = new byte[problems];
    Arrays.fill(statuses, NOT_SET);
  }

  int problems() {
    return statuses.length;
  }

  boolean isSet(int index) {
    return statuses[index] != NOT_SET;
  }

  Status status(int index) {
    return Status.of(statuses[index]);
  }

  void set(int index, Status status, double statusValue, double value, int steps, int calls) {
    statuses[index] = status.code();
    statusValues[index] = (float) statusValue;
    values.set(index, 0, value);
    iterations[index] = steps;
    evaluations[index] = calls;
  }
}
