package org.nabla4j.cpu.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.ProcedureClass.Blocks;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.LeastSquaresProgram;
import org.nabla4j.program.Program;

/**
 * The evaluation of a least-squares problem: residuals, Jacobian, and the sums of {@link
 * TileLayout}, in one loop over the data points.
 *
 * <p>Two layouts of the same program. <em>Batch</em>: a lane is a problem, data shared by all is
 * broadcast. <em>Stream</em>: a lane is a data point, the parameters are the same in all lanes, and
 * the caller adds up the lanes of the sums.
 *
 * <p>For few parameters all sums are accumulators in registers. Beyond {@link #FUSED_PARAMETERS}
 * they would spill: there the loop stores rows [r, J] of a block of points into the first-level
 * cache, and {@link GramCode} accumulates their products.
 */
final class EvaluationCode {

  /** Most parameters whose p(p+3)/2 + 1 sums stay in registers, measured. */
  static final int FUSED_PARAMETERS = 5;

  /** How lanes are used. */
  enum Layout {
    /** A lane is a problem. */
    BATCH,
    /** A lane is a data point. */
    STREAM,
    /**
     * No sums: the row [r, J, cost] of each data point goes into the data array, behind the
     * problem's own columns of that point.
     */
    ROWS
  }

  private final LeastSquaresProgram least;
  private final Program program;
  private final Target target;
  private final Layout layout;
  private final int[] basis;
  private final int[] scale;
  private final int parameters;
  private final TileLayout tile;
  private final LaneInputs inputs;
  private final LaneCode code;
  private final ProgramLowering lowering;
  private int tileSize;
  private Blocks blocks;

  EvaluationCode(LeastSquaresProgram least, Target target, Layout layout) {
    this.least = least;
    this.program = least.program();
    this.target = target;
    this.layout = layout;
    this.basis = least.basis();
    this.scale = least.scale();
    this.parameters = basis.length;
    int constants = program.inputs().problemConstants().size();
    this.tile = new TileLayout(target.lanes(), parameters, constants);
    // the solver's state lies behind the sums; rows and spilled values behind that
    this.tileSize = new StateLayout(tile).end();
    this.code = new LaneCode(target);
    this.inputs = new LaneInputs(code, tile, dataStride());
    if (layout != Layout.STREAM) {
      inputs.findShared(program, outputs());
    }
    this.lowering = new ProgramLowering(code, program, inputs);
  }

  /** Ids of the SHARED values that must be computed once per batch, in the order of their slots. */
  List<Integer> sharedValues() {
    return inputs.sharedValues();
  }

  TileLayout tile() {
    return tile;
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    lowering.lower(Dependence.PARAMETER);
    code.loop(layout == Layout.STREAM ? target.lanes() : 1);
    if (layout == Layout.STREAM) {
      lowering.lower(Dependence.SHARED);
    }
    lowering.lower(Dependence.POINT);
    if (layout == Layout.ROWS) {
      rows();
    } else if (parameters <= FUSED_PARAMETERS) {
      fused();
    } else {
      blocked();
    }
    return ProcedureClass.generate(code, sharedData(), tileSize, blocks);
  }

  private SharedData sharedData() {
    return layout == Layout.STREAM ? SharedData.COLUMNS : SharedData.INTERLEAVED;
  }

  /** Sums in registers; scales are multiplied once, after the loop. */
  private void fused() {
    Real residual = lowering.value(least.residual());
    Accumulator squares = code.accumulator();
    code.accumulate(squares, residual, residual);
    Accumulator loss = null;
    if (least.cost() >= 0) {
      loss = code.accumulator();
      code.accumulate(loss, lowering.value(least.cost()));
    }
    Sums sums = new Sums();
    for (int j = 0; j < parameters; j++) {
      sums.add(basis[j], -2);
      for (int k = 0; k <= j; k++) {
        sums.add(basis[j], basis[k]);
      }
    }
    code.straight();
    store(tile.sum(0, 0), code.accumulated(squares));
    if (loss != null) {
      store(tile.lossSum(), code.accumulated(loss));
    }
    for (int j = 0; j < parameters; j++) {
      store(tile.sum(1 + j, 0), scaled(sums.get(basis[j], -2), j));
      for (int k = 0; k <= j; k++) {
        Real sum = sums.get(basis[j], basis[k]);
        store(tile.sum(1 + j, 1 + k), scaled(scaled(sum, j), k));
      }
    }
  }

  private Real scaled(Real sum, int j) {
    return scale[j] < 0 ? sum : code.mul(sum, lowering.value(scale[j]));
  }

  private void store(int element, Real value) {
    code.store(Place.tile(element), 0, value);
  }

  /** Elements of a data point in the data array. */
  int dataStride() {
    int columns = program.inputs().problemColumns().size();
    return (layout == Layout.ROWS ? columns + parameters + 2 : columns) * target.lanes();
  }

  private void rows() {
    int lanes = target.lanes();
    int first = program.inputs().problemColumns().size() * lanes;
    Place row = new Place(Place.Array.DATA, first, dataStride(), false, false);
    code.store(row, 0, lowering.value(least.residual()));
    for (int j = 0; j < parameters; j++) {
      Real value = basis[j] < 0 ? code.constant(1) : lowering.value(basis[j]);
      code.store(row, (1 + j) * lanes, scaled(value, j));
    }
    if (least.cost() >= 0) {
      code.store(row, (1 + parameters) * lanes, lowering.value(least.cost()));
    }
  }

  /** Rows [r, J] in blocks, their products by micro-kernels. */
  private void blocked() {
    int columns = parameters + 1;
    int points = ProcedureAssembler.blockSize(columns);
    int lanes = target.lanes();
    int rows = tileSize;
    tileSize += points * columns * lanes;
    int step = layout == Layout.STREAM ? lanes : 1;
    Place row = Place.block(rows, columns * lanes / step);
    code.store(row, 0, lowering.value(least.residual()));
    for (int j = 0; j < parameters; j++) {
      Real value = basis[j] < 0 ? code.constant(1) : lowering.value(basis[j]);
      code.store(row, (1 + j) * lanes, scaled(value, j));
    }
    if (least.cost() >= 0) {
      Accumulator loss = code.accumulator();
      code.accumulate(loss, lowering.value(least.cost()));
      code.straight();
      store(tile.lossSum(), code.accumulated(loss));
    }
    String descriptor = ProcedureClass.descriptor(code, sharedData());
    blocks =
        new Blocks(
            points * step,
            tile.sums(),
            tile.lossSum(),
            writer ->
                new GramCode(writer, target, rows, columns, tile.sums(), step)
                    .write(ProcedureClass.NAME, descriptor));
  }

  /** The accumulators of products of bases, each pair once whichever parameters share it. */
  private final class Sums {
    private record Pair(int a, int b) {}

    private final Map<Pair, Accumulator> accumulators = new HashMap<>();

    /** Begins Σ a·b; an operand of −1 is the constant 1, one of −2 the residual. */
    void add(int a, int b) {
      Pair pair = ordered(a, b);
      if (accumulators.containsKey(pair) || isCount(pair)) {
        return;
      }
      Accumulator sum = code.accumulator();
      accumulators.put(pair, sum);
      if (pair.a() == -1 || pair.b() == -1) {
        code.accumulate(sum, operand(pair.a() == -1 ? pair.b() : pair.a()));
      } else {
        code.accumulate(sum, operand(pair.a()), operand(pair.b()));
      }
    }

    Real get(int a, int b) {
      Pair pair = ordered(a, b);
      return isCount(pair) ? count() : code.accumulated(accumulators.get(pair));
    }

    private Pair ordered(int a, int b) {
      return a >= b ? new Pair(a, b) : new Pair(b, a);
    }

    private boolean isCount(Pair pair) {
      return pair.a() == -1 && pair.b() == -1;
    }

    private Real operand(int id) {
      return lowering.value(id == -2 ? least.residual() : id);
    }

    private Real count() {
      return code.load(Place.tile(tile.points()), 0);
    }
  }

  /** The values that leave the loop, beside the sums of products. */
  private List<Integer> outputs() {
    List<Integer> ids = new ArrayList<>();
    ids.add(least.residual());
    ids.add(least.cost());
    for (int b : basis) {
      ids.add(b);
    }
    return ids;
  }
}
