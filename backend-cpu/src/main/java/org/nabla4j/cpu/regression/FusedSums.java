package org.nabla4j.cpu.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nabla4j.cpu.codegen.RowLoops;
import org.nabla4j.cpu.regression.DesignProgram.BlockColumn;
import org.nabla4j.cpu.regression.DesignProgram.Kind;
import org.nabla4j.data.RowBlock;
import org.nabla4j.regression.RowPass;
import org.nabla4j.regression.RowSums;

/**
 * Sums of unweighted products of a few columns of the table, read where they lie: memory is the
 * limit there, and a copy would be noticed. What is missing shows in the sums of squares, which are
 * NaN then.
 */
final class FusedSums {

  private final RowLoops loops;
  private final List<BlockColumn> columns = new ArrayList<>();
  private final boolean ones;
  private final int counted;
  private final int[] targets;
  private final double[][] arrays;
  private final int[] first;
  private final double[] shifts;
  private final double[] lanes;

  private FusedSums(PassProgram program, RowSums places) {
    DesignProgram design = program.design();
    loops = design.loops();
    int p = design.columns().size();
    int q = program.joint() ? design.responses().size() : 0;
    List<Integer> index = new ArrayList<>();
    int one = -1;
    for (int j = 0; j < p + q; j++) {
      BlockColumn c = j < p ? design.columns().get(j) : design.responses().get(j - p);
      if (c.kind() == Kind.ONES) {
        one = j;
      } else {
        columns.add(c);
        index.add(j);
      }
    }
    ones = one >= 0;
    int n = columns.size();
    targets = new int[n * (n + 1) / 2 + (ones ? n : 0)];
    int k = 0;
    for (int j : index) {
      for (int i : index.subList(0, index.indexOf(j) + 1)) {
        targets[k++] = target(places, p, j, i);
      }
    }
    for (int j = 0; ones && j < n; j++) {
      int i = index.get(j);
      targets[k++] = target(places, p, Math.max(i, one), Math.min(i, one));
    }
    counted = ones ? places.gram(one, one) : -1;
    arrays = new double[n][];
    first = new int[n];
    shifts = new double[n];
    double[] shift = program.pass().shift();
    for (int j = 0; shift != null && j < n; j++) {
      shifts[j] = shift[index.get(j)];
    }
    lanes = new double[targets.length * loops.lanes()];
  }

  private static int target(RowSums places, int p, int i, int j) {
    if (i < p) {
      return places.gram(i, j);
    }
    return j < p ? places.product(i - p, j) : i == j ? places.square(i - p) : -1;
  }

  /**
   * Prepares sums of one thread.
   *
   * @param program what is summed up
   * @param places tells where each sum stands
   * @return the sums, or null if the pass needs more than products of a few columns as they are
   */
  static FusedSums of(PassProgram program, RowSums places) {
    DesignProgram design = program.design();
    RowPass pass = program.pass();
    boolean products = pass.gram() && (program.joint() || !pass.responses());
    boolean plain =
        design.checked().stream().allMatch(c -> c.place() >= design.x())
            && design.design().categories().isEmpty()
            && design.map() == null;
    boolean others =
        design.isExact()
            || !program.isUnweighted()
            || program.scores().length + program.totals().length > 0;
    if (!products || !plain || others) {
      return null;
    }
    // responses that are not summed up are looked through all the same
    boolean unread = !pass.responses() && !design.responses().isEmpty();
    long constant = design.columns().stream().filter(c -> c.kind() == Kind.ONES).count();
    FusedSums sums = new FusedSums(program, places);
    int n = sums.columns.size();
    return unread || constant > 1 || n == 0 || n > RowLoops.FUSED ? null : sums;
  }

  /**
   * Sums up the whole vectors of a block, unless something is missing.
   *
   * @param block holds the rows
   * @param count rows
   * @param sums of the run; modified unless the result is 0
   * @return rows that were summed up; 0 if the block has to be taken apart
   */
  int add(RowBlock block, int count, RunSums sums) {
    int whole = count - count % loops.lanes();
    for (int j = 0; j < arrays.length; j++) {
      int number = columns.get(j).number();
      arrays[j] = block.arrayOrNull(number);
      if (arrays[j] == null) {
        return 0;
      }
      first[j] = block.base(number);
    }
    loops.fused(arrays, arrays.length, ones, first, shifts, whole, lanes);
    Arrays.fill(arrays, null);
    for (int j = 0; j < arrays.length; j++) {
      int square = (j * (j + 1) / 2 + j) * loops.lanes();
      for (int l = 0; l < loops.lanes(); l++) {
        if (Double.isNaN(lanes[square + l])) {
          return 0;
        }
      }
    }
    for (int k = 0; k < targets.length; k++) {
      if (targets[k] >= 0) {
        sums.addLanes(targets[k], lanes, k * loops.lanes(), loops.lanes());
      }
    }
    if (ones) {
      sums.high[counted] += whole;
    }
    sums.rows += whole;
    return whole;
  }
}
