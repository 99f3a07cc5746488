package org.nabla4j.bench;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What JMH reports per second of regressions over many rows. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class RowCounters {
  /** Rows that were fitted, once for each fit. */
  public long rows;

  /** Bytes of data in those rows. */
  public long bytes;

  /** Operations of Σ x xᵀ and Σ x y alone, a multiply-add counting two. */
  public long flops;

  void add(RegressionData data) {
    rows += data.rows();
    bytes += data.rows() * data.bytesPerRow();
    flops += data.rows() * data.flopsPerRow();
  }
}
