package org.nabla4j.cpu.codegen;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Region.Accumulator;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Opcode;
import org.nabla4j.program.Program;
import org.nabla4j.program.SumProgram;

/**
 * Sums over data points, a data point in each lane: parameters are the same in all lanes, shared
 * data are columns, and the caller adds up the lanes of the sums. They lie side by side from {@link
 * TileLayout#sums()} on; those that are always 0 are not stored.
 *
 * <p>Both flavours can go along the points in the same way: vectors of w lanes take w points at a
 * time, and plain code every w-th point, so that w calls of it do what the lanes of one vector do,
 * to the last bit.
 */
final class SumCode {

  private final SumProgram sum;
  private final Program program;
  private final TileLayout tile;
  private final int step;
  private final LaneCode code;
  private final ProgramLowering lowering;
  private final Map<Integer, Accumulator> sums = new HashMap<>();

  /**
   * Prepares.
   *
   * @param sum the program, compiled with columns that vary
   * @param step points from one that a lane takes to its next; the lanes of a vector
   */
  SumCode(SumProgram sum, Target target, int step) {
    this.sum = sum;
    this.program = sum.program();
    this.step = step;
    int parameters = program.inputs().parameters().size();
    int constants = program.inputs().problemConstants().size();
    this.tile = new TileLayout(target.lanes(), parameters, constants);
    this.code = new LaneCode(target);
    this.lowering = new ProgramLowering(code, program, new LaneInputs(code, tile, 0));
  }

  TileLayout tile() {
    return tile;
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    lowering.lower(Dependence.PARAMETER);
    code.loop(step);
    lowering.lower(Dependence.POINT);
    bases().forEach(this::accumulate);
    code.straight();
    for (int e = 0; e < sum.size(); e++) {
      if (!sum.isZero(e)) {
        code.store(Place.tile(tile.sums() + e * tile.lanes()), 0, entry(e));
      }
    }
    int end = tile.sums() + sum.size() * tile.lanes();
    return ProcedureClass.generate(code, SharedData.COLUMNS, end, null);
  }

  /** Ids of what is summed up, without the constant 1; entries may have them in common. */
  private List<Integer> bases() {
    List<Integer> ids = new ArrayList<>();
    for (int e = 0; e < sum.size(); e++) {
      if (sum.basis(e) >= 0 && !sum.isZero(e)) {
        ids.add(sum.basis(e));
      }
    }
    return ids.stream().distinct().toList();
  }

  private void accumulate(int basis) {
    sums.put(basis, accumulate(code, lowering, program, basis));
  }

  /** Begins Σ of a value of class POINT. */
  static Accumulator accumulate(
      LaneCode code, ProgramLowering lowering, Program program, int basis) {
    Accumulator sum = code.accumulator();
    Instruction i = program.instruction(basis);
    if (i.opcode() == Opcode.MUL && program.dependence(basis) == Dependence.POINT) {
      // multiplied and added at once; the product itself may not be needed any more
      code.accumulate(sum, lowering.value(i.a()), lowering.value(i.b()));
    } else {
      code.accumulate(sum, lowering.value(basis));
    }
    return sum;
  }

  private Real entry(int e) {
    Real total =
        sum.basis(e) < 0
            ? code.load(Place.tile(tile.points()), 0)
            : code.accumulated(sums.get(sum.basis(e)));
    return sum.scale(e) < 0 ? total : code.mul(lowering.value(sum.scale(e)), total);
  }
}
