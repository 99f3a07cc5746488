package org.nabla4j.cpu.codegen;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nabla4j.cpu.codegen.Value.Real;
import org.nabla4j.program.Dependence;
import org.nabla4j.program.Instruction;
import org.nabla4j.program.Program;

/** Where the inputs of a program lie in tile and data, in every layout of an evaluation. */
final class LaneInputs implements ProgramLowering.Inputs {

  private final LaneCode code;
  private final TileLayout tile;
  private final int dataStride;
  private final Map<Integer, Integer> sharedSlots = new LinkedHashMap<>();

  /**
   * Names the places.
   *
   * @param code what loads them
   * @param tile where parameters and constants lie
   * @param dataStride elements from one data point to the next in the lanes' own data
   */
  LaneInputs(LaneCode code, TileLayout tile, int dataStride) {
    this.code = code;
    this.tile = tile;
    this.dataStride = dataStride;
  }

  /**
   * Gives a slot to each value of class SHARED that code of class POINT needs.
   *
   * @param outputs ids that are needed beside, or negative numbers
   */
  void findShared(Program program, List<Integer> outputs) {
    for (int id = program.start(Dependence.POINT); id < program.end(Dependence.POINT); id++) {
      Instruction i = program.instruction(id);
      if (!i.opcode().isInput()) {
        for (int k = 0; k < i.opcode().arity(); k++) {
          addShared(program, i.operand(k));
        }
      }
    }
    outputs.forEach(id -> addShared(program, id));
  }

  private void addShared(Program program, int id) {
    if (id >= 0 && program.dependence(id) == Dependence.SHARED) {
      sharedSlots.putIfAbsent(id, sharedSlots.size());
    }
  }

  /** Ids of the SHARED values that must be computed once per batch, in the order of their slots. */
  List<Integer> sharedValues() {
    return List.copyOf(sharedSlots.keySet());
  }

  @Override
  public Real parameter(int index) {
    return code.load(Place.tile(tile.trial(index)), 0);
  }

  @Override
  public Real problemConstant(int index) {
    return code.load(Place.tile(tile.problemConstant(index)), 0);
  }

  @Override
  public Real sharedColumn(int index) {
    return code.load(Place.data(Place.Array.column(index), 0, 1), 0);
  }

  @Override
  public Real problemColumn(int index) {
    return code.load(Place.data(Place.Array.DATA, 0, dataStride), index * tile.lanes());
  }

  @Override
  public Real shared(int id) {
    int count = sharedSlots.size();
    return code.broadcast(Place.data(Place.Array.SHARED, 0, count), sharedSlots.get(id));
  }
}
