package org.nabla4j.cpu.codegen;

/**
 * Where lane values lie in memory: element {@code base + stride·i} of an array, i being the index
 * of the data point in a loop region, or its distance from the start of the current block of
 * points.
 *
 * @param array which array
 * @param base first element
 * @param stride elements from one data point to the next; 0 for a place that does not move
 * @param relative whether i counts from the start of the block instead of from 0
 * @param readOnly whether generated code never writes there, so that loads may be shared and moved
 */
record Place(Array array, int base, int stride, boolean relative, boolean readOnly) {

  /**
   * An array that generated code works on.
   *
   * @param parameter which argument of the method holds it
   * @param column index into an argument that is an array of arrays, or −1
   */
  record Array(int parameter, int column) {
    /** The lanes' state: one array for everything that belongs to the problems of a tile. */
    static final Array TILE = new Array(0, -1);

    /** Data of the lanes' own problems, read only: for each data point, lanes side by side. */
    static final Array DATA = new Array(1, -1);

    /** What all problems share, read only. */
    static final Array SHARED = new Array(2, -1);

    /** One of the columns that all problems share, read only. */
    static Array column(int index) {
      return new Array(2, index);
    }
  }

  static Place tile(int base) {
    return new Place(Array.TILE, base, 0, false, false);
  }

  static Place tile(int base, int stride) {
    return new Place(Array.TILE, base, stride, false, false);
  }

  static Place data(Array array, int base, int stride) {
    return new Place(array, base, stride, false, true);
  }

  static Place block(int base, int stride) {
    return new Place(Array.TILE, base, stride, true, false);
  }
}
