package org.nabla4j.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.nabla4j.cpu.codegen.Kernel;
import org.nabla4j.cpu.codegen.KernelCompiler;
import org.nabla4j.data.Column;
import org.nabla4j.expression.Derivatives;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Functions;
import org.nabla4j.expression.Op;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.objective.Loss;
import org.nabla4j.objective.MissingData;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.ProgramCompiler;
import org.nabla4j.program.ProgramInputs;

/**
 * The program of a problem's residuals, and where its inputs come from.
 *
 * <p>Free parameters are the program's parameters; fixed ones are constants of each problem. A σ or
 * weight column multiplies the residual by √w; so does the mask that leaves out missing points, in
 * a column that each problem has for itself.
 */
final class ResidualProgram {

  /** How √w comes from a column of the problem. */
  private enum Weighting {
    NONE,
    SIGMA,
    WEIGHT
  }

  private final LeastSquaresProblem problem;
  private final boolean masked;
  private final boolean stream;
  private final LeastSquaresProgram least;
  private final List<Column> sharedColumns = new ArrayList<>();
  private final List<Column> problemColumns = new ArrayList<>();
  private final Column spread;
  private final Weighting weighting;
  private final int[] free;
  private final int[] fixed;

  private ResidualProgram(
      LeastSquaresProblem problem, boolean masked, boolean stream, boolean moments) {
    this.problem = problem;
    this.masked = masked;
    this.stream = stream;
    FormulaModel model = (FormulaModel) problem.model();
    weighting =
        problem.sigma().isPresent()
            ? Weighting.SIGMA
            : problem.weights().isPresent() ? Weighting.WEIGHT : Weighting.NONE;
    spread = problem.sigma().or(problem::weights).orElse(null);
    List<String> freeNames = new ArrayList<>();
    List<String> fixedNames = new ArrayList<>();
    List<Integer> freeIndices = new ArrayList<>();
    List<Integer> fixedIndices = new ArrayList<>();
    for (int j = 0; j < problem.parameters().size(); j++) {
      (problem.isFixed(j) ? fixedNames : freeNames).add(problem.parameters().get(j));
      (problem.isFixed(j) ? fixedIndices : freeIndices).add(j);
    }
    free = freeIndices.stream().mapToInt(Integer::intValue).toArray();
    fixed = fixedIndices.stream().mapToInt(Integer::intValue).toArray();
    List<String> shared = new ArrayList<>();
    List<String> own = new ArrayList<>();
    for (int c = 0; c < problem.columns().size(); c++) {
      Column column = problem.columns().get(c);
      // a single problem's response counts as its own, so that it is fitted as among others
      boolean isResponse = model.response().symbols().contains(model.columns().get(c));
      boolean isShared = stream || (column.shared() && !isResponse);
      (isShared ? shared : own).add(model.columns().get(c));
      (isShared ? sharedColumns : problemColumns).add(column);
    }
    Expression residual = model.residual();
    Expression counts = Expression.constant(1);
    if (weighting != Weighting.NONE || masked) {
      String weight = unusedName(problem);
      Expression w = Expression.symbol(weight);
      residual =
          masked || weighting == Weighting.WEIGHT
              // not a product: the model may be infinite at a point that does not count
              // and a faulty weight, which is NaN, must not count as none
              ? Functions.where(w.notEqualTo(0), residual.times(w), Expression.constant(0))
              : residual.times(w);
      counts = masked || weighting == Weighting.WEIGHT ? w.greaterThan(0) : counts;
      (weightIsShared() ? shared : own).add(weight);
    }
    ProgramInputs inputs = new ProgramInputs(freeNames, fixedNames, shared, own);
    ProgramCompiler.Options options =
        ProgramCompiler.Options.defaults().withFma(KernelCompiler.hasFma()).withStream(stream);
    Loss loss = problem.loss().isLinear() ? null : problem.loss();
    least =
        moments
            ? moments(residual, counts, inputs, problem.loss(), options)
            : LeastSquaresProgram.of(residual, inputs, loss, options);
  }

  /** ψ for the residual; beside the derivatives of r, ψ' and 1 for each point that counts. */
  private static LeastSquaresProgram moments(
      Expression residual,
      Expression counts,
      ProgramInputs inputs,
      Loss loss,
      ProgramCompiler.Options options) {
    Expression square = residual.times(residual);
    Expression slope = loss.influenceSlope(square);
    boolean all = counts.op() == Op.CONSTANT;
    List<Expression> row = new ArrayList<>(Derivatives.gradient(residual, inputs.parameters()));
    row.add(all ? slope : Functions.where(counts, slope, Expression.constant(0)));
    row.add(counts);
    Expression influence = residual.times(loss.weight(square));
    return LeastSquaresProgram.ofRow(influence, row, inputs, null, options);
  }

  /** For a problem in each lane; {@code masked}: points with a missing value do not count. */
  static ResidualProgram batch(LeastSquaresProblem problem, boolean masked) {
    return new ResidualProgram(problem, masked, false, false);
  }

  /** For a data point in each lane: all columns are shared. */
  static ResidualProgram stream(LeastSquaresProblem problem) {
    return new ResidualProgram(problem, false, true, false);
  }

  /**
   * For what the covariance of a robust fit needs, see {@link RobustMoments}: its residual is ψ,
   * its row holds the derivatives of r, unweighted by the loss, then ψ' and 1.
   *
   * @param masked whether points with a missing value do not count
   * @param stream whether a lane is a data point
   */
  static ResidualProgram moments(LeastSquaresProblem problem, boolean masked, boolean stream) {
    return new ResidualProgram(problem, masked, stream, true);
  }

  private static String unusedName(LeastSquaresProblem problem) {
    Set<String> used = new HashSet<>(problem.parameters());
    used.addAll(problem.model().columns());
    String name = "weight";
    while (used.contains(name)) {
      name += "_";
    }
    return name;
  }

  private boolean hasWeight() {
    return weighting != Weighting.NONE || masked;
  }

  private boolean weightIsShared() {
    return stream || (!masked && spread != null && spread.shared());
  }

  LeastSquaresProgram least() {
    return least;
  }

  boolean robust() {
    return least.cost() >= 0;
  }

  boolean masked() {
    return masked;
  }

  /** Whether the residual is linear in all free parameters, and the loss is its square. */
  boolean linear() {
    return least.linear();
  }

  /** Indices of the free parameters among the problem's. */
  int[] free() {
    return free;
  }

  /** Indices of the fixed parameters among the problem's. */
  int[] fixed() {
    return fixed;
  }

  /** Columns of the lanes' own data, the weight among them. */
  int problemColumnCount() {
    return least.program().inputs().problemColumns().size();
  }

  /**
   * What the kernel reads of data that all problems share: its values of each point side by side.
   */
  LaneMemory sharedData(Kernel kernel, boolean isDouble) {
    int n = Math.toIntExact(problem.points());
    double[][] columns = new double[least.program().inputs().sharedColumns().size()][];
    for (int c = 0; c < columns.length && !kernel.sharedValues().isEmpty(); c++) {
      columns[c] = new double[n];
      readShared(c, columns[c], n);
    }
    return SharedValues.of(least.program(), kernel, columns, n, isDouble);
  }

  /** Reads shared column c whole, the weight being the last; missing values become a valid one. */
  private void readShared(int c, double[] target, int n) {
    if (c == sharedColumns.size()) {
      spread.read(0, 0, n, target, 0);
      toWeight(target, n);
      return;
    }
    sharedColumns.get(c).read(0, 0, n, target, 0);
    if (masked) {
      replaceMissing(target, n);
    }
  }

  private void toWeight(double[] values, int n) {
    RootWeight.of(weighting == Weighting.SIGMA, values, 0, n);
  }

  /** A masked point must not bring NaN into the sums: it takes another point's value. */
  private static void replaceMissing(double[] values, int n) {
    double valid = 0;
    for (int i = 0; i < n; i++) {
      if (!Double.isNaN(values[i])) {
        valid = values[i];
        break;
      }
    }
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(values[i])) {
        values[i] = valid;
      }
    }
  }

  /** Columns of a stream, the weight among them. */
  int streamColumnCount() {
    return least.program().inputs().sharedColumns().size();
  }

  /**
   * The arrays of a stream's columns where they can be read in place, by one index for all.
   *
   * @return {@code double[][]} or {@code float[][]}, or null if a column must be copied
   */
  Object streamArrays(long problemIndex, boolean isDouble) {
    int count = sharedColumns.size();
    if (!readsInPlace()) {
      return null;
    }
    double[][] doubles = new double[count][];
    float[][] floats = new float[count][];
    for (int c = 0; c < count; c++) {
      Column column = sharedColumns.get(c);
      doubles[c] = isDouble ? column.arrayOrNull(problemIndex) : null;
      floats[c] = isDouble ? null : column.floatArrayOrNull(problemIndex);
      if ((doubles[c] == null && floats[c] == null) || column.base(problemIndex) != 0) {
        return null;
      }
    }
    return isDouble ? doubles : floats;
  }

  /** The columns of a stream, σ or the weights last if there are any. */
  List<Column> streamColumns() {
    List<Column> all = new ArrayList<>(sharedColumns);
    if (hasWeight()) {
      all.add(spread);
    }
    return all;
  }

  /** Whether a stream's kernel takes the columns as they are: no weight, no point left out. */
  boolean readsInPlace() {
    return !hasWeight() && problem.missingData() != MissingData.OMIT;
  }

  /** A run of a stream's points. */
  interface Points {
    /** Copies the values of one of {@link #streamColumns()} to the beginning of an array. */
    void read(int column, double[] target);
  }

  /**
   * Copies a run of a stream's points, leaving out those with a missing value if the problem says
   * so.
   *
   * @param points the run
   * @param count how many points it has
   * @param target an array for each column
   * @param row scratch, as long as {@code count}
   * @param keep scratch, as long as {@code count}
   * @return points copied
   */
  int readStream(Points points, int count, LaneMemory[] target, double[] row, boolean[] keep) {
    boolean omit = problem.missingData() == MissingData.OMIT;
    Arrays.fill(keep, 0, count, true);
    int kept = count;
    for (int pass = omit ? 0 : 1; pass < 2; pass++) {
      for (int c = 0; c < streamColumnCount(); c++) {
        boolean inPlace = !omit && target[c].array() instanceof double[];
        double[] values = inPlace ? (double[]) target[c].array() : row;
        points.read(c, values);
        if (c == sharedColumns.size()
            && pass == 1) { // a faulty one becomes NaN, but is not missing
          toWeight(values, count);
        }
        if (inPlace) {
          continue;
        }
        kept = 0;
        for (int i = 0; i < count; i++) {
          if (pass == 0) {
            keep[i] &= !Double.isNaN(values[i]);
          } else if (keep[i]) {
            target[c].set(kept++, values[i]);
          }
        }
      }
    }
    return kept;
  }

  private List<Column> allColumns() {
    List<Column> all = new ArrayList<>(problemColumns);
    all.addAll(sharedColumns);
    if (spread != null) {
      all.add(spread);
    }
    return all;
  }

  /** A reader of problems' own data; one for each thread. */
  Reader reader() {
    return new Reader();
  }

  /** Puts one problem's own data into lane memory. */
  final class Reader {
    private final int n = Math.toIntExact(problem.points());
    private final double[] values = new double[n];
    private final double[] weights = masked ? new double[n] : null;
    private final boolean[] keep = masked ? new boolean[n] : null;
    private final List<Column> all = allColumns();

    /**
     * Reads a problem.
     *
     * @param index the problem
     * @param data where its values go: column c of point i to {@code i·stride + c·lanes + lane}
     * @param stride elements from one point to the next
     * @param lanes elements from one column to the next
     * @param lane which lane
     * @return points that count
     */
    int read(long index, LaneMemory data, int stride, int lanes, int lane) {
      int used = n;
      if (masked) {
        used = findWeights(index);
      }
      int c = 0;
      for (Column column : problemColumns) {
        int first = c * lanes + lane;
        if (masked) {
          column.read(index, 0, n, values, 0);
          replaceMissing(values, n);
          data.scatter(values, 0, n, first, stride);
        } else {
          LaneReader.spread(column, index, n, values, data, first, stride);
        }
        c++;
      }
      if (masked) {
        data.scatter(weights, 0, n, c * lanes + lane, stride);
      } else if (hasWeight() && !weightIsShared()) {
        spread.read(index, 0, n, values, 0);
        toWeight(values, n);
        data.scatter(values, 0, n, c * lanes + lane, stride);
      }
      return used;
    }

    /** Weights of the problem's points, 0 where a value is missing; returns how many are not. */
    private int findWeights(long index) {
      Arrays.fill(keep, true);
      if (spread == null) {
        Arrays.fill(weights, 1);
      } else {
        spread.read(index, 0, n, weights, 0);
        leaveOutMissing(weights);
        toWeight(weights, n);
      }
      for (Column column : problemColumns) {
        column.read(index, 0, n, values, 0);
        leaveOutMissing(values);
      }
      for (Column column : sharedColumns) {
        column.read(index, 0, n, values, 0);
        leaveOutMissing(values);
      }
      int used = 0;
      for (int i = 0; i < n; i++) {
        weights[i] = keep[i] ? weights[i] : 0;
        used += keep[i] ? 1 : 0;
      }
      return used;
    }

    private void leaveOutMissing(double[] read) {
      for (int i = 0; i < n; i++) {
        keep[i] &= !Double.isNaN(read[i]);
      }
    }

    /** Whether any value of the problem is missing. */
    boolean hasMissing(long index) {
      for (Column column : all) {
        column.read(index, 0, n, values, 0);
        for (double v : values) {
          if (Double.isNaN(v)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
