package org.nabla4j.cpu.codegen;

/**
 * Loops over the rows of a block that lies in the cache, generated for vectors or one row at a
 * time: a lane is a row. A column is a run of elements of the tile t; its address is the first of
 * them. Subclasses are hidden classes.
 *
 * <p>All counts of rows are multiples of {@link #lanes()}. Sums are kept lane by lane: a sum at
 * element k of an array takes the elements k to k + lanes − 1, one in double-double the next lanes
 * too, for its low part.
 *
 * <p>Thread-safe: all state is in the arguments.
 */
public abstract class RowLoops {

  /** Most columns whose products are summed at once, on either side. */
  public static final int SIDE = 4;

  /** The same in double-double. */
  public static final int EXACT_SIDE = 2;

  /** Most columns of {@link #fused}. */
  public static final int FUSED = 6;

  /** Rows of a leverage factor at a time. */
  public static final int FACTOR_ROWS = 8;

  private int lanes;
  private boolean wide;

  /** For generated subclasses. */
  protected RowLoops() {}

  final RowLoops with(Target target) {
    lanes = target.lanes();
    wide = lanes == 8;
    return this;
  }

  /**
   * The number of rows at once.
   *
   * @return a power of two, at most 8
   */
  public final int lanes() {
    return lanes;
  }

  /**
   * Whether there are registers for {@link #SIDE} by {@link #SIDE} sums.
   *
   * @return false if half as many rows of sums are better
   */
  public final boolean isWide() {
    return wide;
  }

  /**
   * Which {@link #products} to sum: all of a rectangle.
   *
   * @param height columns on the left, 1 to {@link #SIDE}
   * @param width columns on the right, 1 to {@link #SIDE}
   * @return its kind
   */
  public static int rectangle(int height, int width) {
    return (height - 1) * SIDE + width - 1;
  }

  /**
   * Which {@link #products} to sum: those of a column on the left with those on the right up to the
   * same place.
   *
   * @param height columns on both sides, 1 to {@link #SIDE}
   * @return its kind
   */
  public static int triangle(int height) {
    return SIDE * SIDE + height - 1;
  }

  /**
   * Adds Σ aᵤ·bᵥ of columns u on the left and v on the right.
   *
   * @param kind a {@link #rectangle} or {@link #triangle}
   * @param t the tile
   * @param a address of the first column on the left
   * @param b address of the first column on the right
   * @param stride from one column to the next
   * @param count rows
   * @param sums modified: the sum of u and v at {@code at + (u·width + v)·lanes}
   * @param at the first sum
   */
  public abstract void products(
      int kind, double[] t, int a, int b, int stride, int count, double[] sums, int at);

  /**
   * Adds Σ aᵤ·bᵥ in double-double, of at most {@link #EXACT_SIDE} columns on either side.
   *
   * @param kind a {@link #rectangle} or {@link #triangle}
   * @param t the tile
   * @param a address of the first column on the left
   * @param aLow address of the low parts of the first column on the left
   * @param b address of the first column on the right
   * @param bLow address of the low parts of the first column on the right
   * @param stride from one column to the next
   * @param count rows
   * @param sums modified: the sum of u and v at {@code at + (u·width + v)·2·lanes}
   * @param at the first sum
   */
  public abstract void exactProducts(
      int kind,
      double[] t,
      int a,
      int aLow,
      int b,
      int bLow,
      int stride,
      int count,
      double[] sums,
      int at);

  /**
   * Adds Σ (cⱼ − sⱼ)(cₖ − sₖ) of up to {@link #FUSED} columns that lie anywhere, and Σ (cⱼ − sⱼ) if
   * asked for.
   *
   * @param columns arrays that hold the columns c; not modified
   * @param number how many, 1 to {@link #FUSED}
   * @param ones whether the columns themselves are summed up too
   * @param first first element of each column
   * @param shifts s
   * @param count rows
   * @param sums receives the sums: of j and k ≤ j at {@code (j·(j + 1)/2 + k)·lanes}, then those of
   *     the columns themselves
   */
  public abstract void fused(
      double[][] columns,
      int number,
      boolean ones,
      int[] first,
      double[] shifts,
      int count,
      double[] sums);

  /**
   * Copies a column less a number: t = x − shift.
   *
   * @param source holds x
   * @param x first element
   * @param t modified
   * @param to address of the result
   * @param count rows
   * @param shift what is subtracted
   */
  public abstract void subtract(
      double[] source, int x, double[] t, int to, int count, double shift);

  /**
   * Copies a column less a number, exactly: t + low = x − shift.
   *
   * @param source holds x
   * @param x first element
   * @param t modified
   * @param to address of the result
   * @param low address of its low parts
   * @param count rows
   * @param shift what is subtracted
   */
  public abstract void exactSubtract(
      double[] source, int x, double[] t, int to, int low, int count, double shift);

  /**
   * Multiplies: to = a·x.
   *
   * @param t modified
   * @param a address of a
   * @param x address of x
   * @param to address of the result
   * @param count rows
   */
  public abstract void multiply(double[] t, int a, int x, int to, int count);

  /**
   * Multiplies in double-double: to + low = a·(x + xLow).
   *
   * @param t modified
   * @param a address of a
   * @param x address of x
   * @param xLow address of its low parts
   * @param to address of the result
   * @param low address of its low parts
   * @param count rows
   */
  public abstract void exactMultiply(
      double[] t, int a, int x, int xLow, int to, int low, int count);

  /**
   * Adds a multiple of a column: to += f·x.
   *
   * @param t modified
   * @param f the factor
   * @param x address of x
   * @param to address of the result
   * @param count rows
   */
  public abstract void addMultiple(double[] t, double f, int x, int to, int count);

  /**
   * Adds multiples of {@link #SIDE} columns: to += Σ fᵤ·xᵤ.
   *
   * @param t modified
   * @param f holds the factors
   * @param first the first factor
   * @param x address of the first column
   * @param stride from one column to the next
   * @param to address of the result
   * @param count rows
   */
  public abstract void addMultiples(
      double[] t, double[] f, int first, int x, int stride, int to, int count);

  /**
   * Adds a multiple of a column in double-double, without carrying: to + rest += f·(x + xLow).
   *
   * @param t modified
   * @param f the factor
   * @param x address of x
   * @param xLow address of its low parts
   * @param to address of the result
   * @param rest address of what the result lacks
   * @param count rows
   */
  public abstract void addExactMultiple(
      double[] t, double f, int x, int xLow, int to, int rest, int count);

  /**
   * Adds the squares of {@link #FACTOR_ROWS} combinations of columns: h += Σᵤ (Σⱼ fⱼᵤ·xⱼ)².
   *
   * @param t modified
   * @param f holds the factors, those of a column side by side
   * @param first the first factor
   * @param columns how many columns
   * @param x address of the first column
   * @param stride from one column to the next
   * @param h address of the result
   * @param count rows
   */
  public abstract void addSquares(
      double[] t, double[] f, int first, int columns, int x, int stride, int h, int count);

  /**
   * Adds Σ x.
   *
   * @param t the tile
   * @param x address of x
   * @param count rows
   * @param sums modified
   * @param at the sum
   */
  public abstract void total(double[] t, int x, int count, double[] sums, int at);

  /**
   * Adds Σ x in double-double.
   *
   * @param t the tile
   * @param x address of x
   * @param count rows
   * @param sums modified
   * @param at the sum
   */
  public abstract void exactTotal(double[] t, int x, int count, double[] sums, int at);

  /**
   * Looks for what is not finite.
   *
   * @param t the tile
   * @param from first element
   * @param count elements, a multiple of 4 {@link #lanes()}
   * @param found receives {@link #lanes()} numbers: all 0 if everything is finite, else one is NaN
   */
  public abstract void notFinite(double[] t, int from, int count, double[] found);
}
