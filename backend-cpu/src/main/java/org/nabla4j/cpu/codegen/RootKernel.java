package org.nabla4j.cpu.codegen;

/**
 * Compiled code for one equation in one unknown.
 *
 * @param prepare computes, once per problem, what does not depend on the unknown
 * @param step evaluates F and its derivatives at x and chooses the next x
 * @param check evaluates F at x and how far rounding can shift the root
 * @param layout layout of the tile that all three work on
 * @param tileSize elements of a tile
 * @param warmth what is known from its use
 */
public record RootKernel(
    Procedure prepare,
    Procedure step,
    Procedure check,
    RootLayout layout,
    int tileSize,
    Warmth warmth) {

  /** Outcome of a lane that goes on. */
  public static final int RUNNING = 0;

  /** Outcome of a lane whose x is a root, to be checked. */
  public static final int ENDED = 1;

  /** Outcome of a lane that needs a careful search. */
  public static final int HARD = 2;
}
