package org.nabla4j.cpu.codegen;

import java.util.List;
import org.nabla4j.cpu.codegen.DoubleDoubleLowering.Pair;
import org.nabla4j.cpu.codegen.ProcedureClass.SharedData;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Program;

/**
 * Computes expressions of columns, row by row: a lane is a row, and all columns lie in the tile,
 * from 0 on. No sums are made.
 */
final class MapCode {

  private final Program program;
  private final Target target;
  private final MapLayout layout;

  MapCode(Program program, Target target, MapLayout layout) {
    this.program = program;
    this.target = target;
    this.layout = layout;
  }

  /** Generates the class. */
  ProcedureClass.Bytes generate() {
    LaneCode code = new LaneCode(target);
    code.loop(target.lanes());
    if (layout.doubleDouble()) {
      pairs(code);
    } else {
      reals(code);
    }
    return ProcedureClass.generate(code, SharedData.INTERLEAVED, layout.tileSize(), null);
  }

  private void reals(LaneCode code) {
    ProgramLowering lowering = new ProgramLowering(code, program, new Columns(code));
    lowering.lower(Dependence.POINT);
    int[] ids = program.outputs();
    for (int k = 0; k < ids.length; k++) {
      MapLayout.Output output = layout.outputs().get(k);
      Real value = lowering.value(ids[k]);
      if (output.shift() >= 0) {
        value = code.sub(value, shift(code, output));
      }
      code.store(Place.tile(output.high(), 1), 0, value);
    }
  }

  private void pairs(LaneCode code) {
    DoubleDoubleLowering lowering =
        new DoubleDoubleLowering(code, program, c -> new Columns(code).sharedColumn(c));
    lowering.lower();
    int[] ids = program.outputs();
    for (int k = 0; k < ids.length; k++) {
      MapLayout.Output output = layout.outputs().get(k);
      Pair value = lowering.value(ids[k]);
      if (output.shift() >= 0) {
        value = lowering.subtract(value, new Pair(shift(code, output), null));
      }
      code.store(Place.tile(output.high(), 1), 0, value.high());
      if (output.low() >= 0) {
        Real low = value.low() == null ? code.constant(0) : value.low();
        code.store(Place.tile(output.low(), 1), 0, low);
      }
    }
  }

  private static Real shift(LaneCode code, MapLayout.Output output) {
    return code.broadcast(Place.data(Place.Array.TILE, output.shift(), 0), 0);
  }

  /** Inputs are never written, so their loads may be shared and moved. */
  private final class Columns implements ProgramLowering.Inputs {
    private final LaneCode code;

    Columns(LaneCode code) {
      this.code = code;
    }

    @Override
    public Real sharedColumn(int index) {
      List<Integer> inputs = layout.inputs();
      return code.load(Place.data(Place.Array.TILE, inputs.get(index), 1), 0);
    }

    @Override
    public Real parameter(int index) {
      throw unexpected();
    }

    @Override
    public Real problemConstant(int index) {
      throw unexpected();
    }

    @Override
    public Real problemColumn(int index) {
      throw unexpected();
    }

    @Override
    public Real shared(int id) {
      throw unexpected();
    }

    private IllegalStateException unexpected() {
      return new IllegalStateException("a map reads shared columns only");
    }
  }
}
