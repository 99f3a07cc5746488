package org.nabla4j.cpu.regression;

import java.util.Arrays;

/**
 * Σ s x of each cluster in a run of rows. Memory grows with the number of clusters in the run, and
 * by a number for each cluster of the table.
 */
final class ClusterSums {

  private final int width;
  private int[] slotOf = {};
  private int[] clusters = new int[16];
  private double[] sums;
  private int count;

  /**
   * No sums.
   *
   * @param width numbers of a cluster
   */
  ClusterSums(int width) {
    this.width = width;
    sums = new double[16 * width];
  }

  void clear() {
    for (int k = 0; k < count; k++) {
      slotOf[clusters[k]] = -1;
    }
    Arrays.fill(sums, 0, count * width, 0);
    count = 0;
  }

  /** First of the cluster's numbers in {@link #sums()}. */
  int slot(int cluster) {
    if (cluster >= slotOf.length) {
      int length = slotOf.length;
      slotOf = Arrays.copyOf(slotOf, Math.max(cluster + 1, 2 * length));
      Arrays.fill(slotOf, length, slotOf.length, -1);
    }
    if (slotOf[cluster] < 0) {
      if (count == clusters.length) {
        clusters = Arrays.copyOf(clusters, 2 * count);
        sums = Arrays.copyOf(sums, Math.multiplyExact(2 * count, width));
      }
      clusters[count] = cluster;
      slotOf[cluster] = count++;
    }
    return slotOf[cluster] * width;
  }

  double[] sums() {
    return sums;
  }

  /** Adds to the sums of earlier runs, which grow where there are further clusters. */
  double[][] addTo(double[][] total) {
    int largest = total.length - 1;
    for (int k = 0; k < count; k++) {
      largest = Math.max(largest, clusters[k]);
    }
    double[][] result = total;
    if (largest >= total.length) {
      result = Arrays.copyOf(total, Math.max(largest + 1, total.length + total.length / 2));
    }
    for (int k = 0; k < count; k++) {
      if (result[clusters[k]] == null) {
        result[clusters[k]] = new double[width];
      }
      double[] sum = result[clusters[k]];
      for (int j = 0; j < width; j++) {
        sum[j] += sums[k * width + j];
      }
    }
    return result;
  }
}
