package org.nabla4j.cpu.codegen;

import java.util.List;

/**
 * Where a map's columns lie in the tile: element i of a column belongs to row i.
 *
 * @param inputs first element of each column that the program reads; not written by it
 * @param outputs where the program's outputs go
 * @param doubleDouble whether values are computed in double-double
 * @param tileSize elements of the tile that the caller uses
 */
public record MapLayout(
    List<Integer> inputs, List<Output> outputs, boolean doubleDouble, int tileSize) {

  /**
   * A column that is computed.
   *
   * @param high first element of the values, or of their high parts
   * @param low first element of the low parts, or −1 where they are not wanted
   * @param shift element that holds a number which is subtracted from the value, or −1
   */
  public record Output(int high, int low, int shift) {}

  /**
   * Copies.
   *
   * @param inputs first element of each column that the program reads; not written by it
   * @param outputs where the program's outputs go
   * @param doubleDouble whether values are computed in double-double
   * @param tileSize elements of the tile that the caller uses
   */
  public MapLayout {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
