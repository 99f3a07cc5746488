package org.nabla4j.cpu.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.ObjectiveProgram;
import org.nabla4j.program.Program;

/**
 * The evaluation of an objective: f, ∇f and the Hessian as the sums of {@link TileLayout}, the
 * value in the place of Σr², a problem in each lane.
 *
 * <p>Without data columns this is straight-line code; else all sums grow in one loop over the data
 * points. Entries that are always 0 are not stored.
 */
final class ObjectiveCode {

  private final ObjectiveProgram objective;
  private final Program program;
  private final TileLayout tile;
  private final LaneCode code;
  private final LaneInputs inputs;
  private final ProgramLowering lowering;
  private final Map<Integer, Accumulator> sums = new HashMap<>();

  ObjectiveCode(ObjectiveProgram objective, Target target) {
    this.objective = objective;
    this.program = objective.program();
    int constants = program.inputs().problemConstants().size();
    this.tile = new TileLayout(target.lanes(), objective.parameters(), constants);
    this.code = new LaneCode(target);
    this.inputs = new LaneInputs(code, tile, dataStride());
    inputs.findShared(program, bases());
    this.lowering = new ProgramLowering(code, program, inputs);
  }

  TileLayout tile() {
    return tile;
  }

  /** Elements of a data point in the data array. */
  int dataStride() {
    return program.inputs().problemColumns().size() * tile.lanes();
  }

  /** Ids of the SHARED values that must be computed once per batch, in the order of their slots. */
  List<Integer> sharedValues() {
    return inputs.sharedValues();
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    lowering.lower(Dependence.PARAMETER);
    if (!objective.isPlain()) {
      code.loop(1);
      lowering.lower(Dependence.POINT);
      bases().forEach(this::accumulate);
      code.straight();
    }
    for (int row = 0; row <= objective.parameters(); row++) {
      for (int column = 0; column <= row; column++) {
        if (!objective.isZero(row, column) || column == 0) {
          code.store(Place.tile(tile.sum(row, column)), 0, entry(row, column));
        }
      }
    }
    // the solver's state lies behind the sums
    return ProcedureClass.generate(code, SharedData.INTERLEAVED, new NewtonState(tile).end(), null);
  }

  /** Ids of what is summed up, without the constant 1; entries may have them in common. */
  private List<Integer> bases() {
    List<Integer> ids = new ArrayList<>();
    for (int row = 0; row <= objective.parameters(); row++) {
      for (int column = 0; column <= row; column++) {
        int basis = objective.basis(row, column);
        if (basis >= 0 && !ids.contains(basis)) {
          ids.add(basis);
        }
      }
    }
    return ids;
  }

  private void accumulate(int basis) {
    sums.put(basis, SumCode.accumulate(code, lowering, program, basis));
  }

  private Real entry(int row, int column) {
    int basis = objective.basis(row, column);
    int scale = objective.scale(row, column);
    Real sum = null;
    if (basis >= 0) {
      sum = code.accumulated(sums.get(basis));
    } else if (!objective.isPlain()) {
      sum = code.load(Place.tile(tile.points()), 0);
    }
    if (scale < 0) {
      return sum == null ? code.constant(1) : sum;
    }
    Real factor = lowering.value(scale);
    return sum == null ? factor : code.mul(factor, sum);
  }
}
