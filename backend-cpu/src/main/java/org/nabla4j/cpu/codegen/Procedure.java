package org.nabla4j.cpu.codegen;

/**
 * Generated code, compiled: works on a tile (the state of as many problems as there are lanes, in
 * one array) and on data that all problems share. Subclasses are hidden classes.
 *
 * <p>Thread-safe: all state is in the arguments.
 */
public abstract class Procedure {

  private Facts facts;

  /** For generated subclasses. */
  protected Procedure() {}

  /**
   * What is known of a procedure since it was generated.
   *
   * @param tileSize elements that a tile must have
   * @param methods number of methods that it was cut into
   * @param largestMethod bytes of bytecode of the largest of them
   * @param flopsPerPoint counted operations of one lane for each data point
   * @param flopsPerCall counted operations of one lane for each call beside
   */
  public record Facts(
      int tileSize, int methods, int largestMethod, long flopsPerPoint, long flopsPerCall) {}

  /**
   * Executes the code.
   *
   * @param tile state of the lanes, {@code double[]} or {@code float[]}; modified
   * @param data data of the lanes' own problems, an array of the tile's type; not modified
   * @param shared data of all problems, an array of the tile's type or an array of such arrays; not
   *     modified
   * @param from first data point
   * @param to end of the data points
   */
  public abstract void run(Object tile, Object data, Object shared, int from, int to);

  /**
   * What is known of this procedure.
   *
   * @return its sizes and counts
   */
  public final Facts facts() {
    return facts;
  }

  final Procedure with(Facts known) {
    facts = known;
    return this;
  }
}
