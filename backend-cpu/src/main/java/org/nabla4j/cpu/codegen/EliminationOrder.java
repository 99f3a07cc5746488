package org.nabla4j.cpu.codegen;

/**
 * In which order the rows of a symmetric matrix are eliminated: minimum degree (Tinney and Walker
 * 1967), so that little of what is always 0 fills up, and of those the one that waits for the
 * fewest others, so that chains of operations are short. A full matrix keeps its order.
 */
final class EliminationOrder {

  private EliminationOrder() {}

  /**
   * Finds an order.
   *
   * @param adjacent whether an entry may differ from 0, symmetric; modified, entries that fill up
   *     are set
   * @return row numbers in the order of their elimination
   */
  static int[] of(boolean[][] adjacent) {
    int p = adjacent.length;
    int[] order = new int[p];
    int[] depth = new int[p];
    boolean[] done = new boolean[p];
    for (int position = 0; position < p; position++) {
      int best = -1;
      int least = Integer.MAX_VALUE;
      for (int j = 0; j < p; j++) {
        int degree = 0;
        for (int k = 0; k < p; k++) {
          degree += k != j && !done[k] && adjacent[j][k] ? 1 : 0;
        }
        int rank = degree * (p + 1) + depth[j];
        if (!done[j] && rank < least) {
          best = j;
          least = rank;
        }
      }
      order[position] = best;
      done[best] = true;
      for (int i = 0; i < p; i++) {
        if (!done[i] && adjacent[best][i]) {
          depth[i] = Math.max(depth[i], depth[best] + 1);
          for (int k = 0; k < p; k++) {
            if (!done[k] && adjacent[best][k]) {
              adjacent[i][k] = true;
            }
          }
        }
      }
    }
    return order;
  }
}
