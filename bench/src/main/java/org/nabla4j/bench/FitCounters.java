package org.nabla4j.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What JMH reports per second beside batches: fits, evaluations of a model, useful operations. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class FitCounters {
  /** Fits that ended. */
  public long fits;

  /** Evaluations of model and Jacobian on all points of a fit. */
  public long evaluations;

  /** Operations as {@link Work} counts them. */
  public long flops;
}
