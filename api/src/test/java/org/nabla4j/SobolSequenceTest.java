package org.nabla4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SobolSequenceTest {

  private static final int[] COORDINATES = {0, 1, 2, 7, 49, 199};

  /** The second to twelfth point of SciPy 1.17, {@code qmc.Sobol(200, scramble=False, bits=32)}. */
  private static final long[][] EXPECTED = {
    {2147483648L, 2147483648L, 2147483648L, 2147483648L, 2147483648L, 2147483648L},
    {3221225472L, 1073741824L, 1073741824L, 3221225472L, 3221225472L, 1073741824L},
    {1073741824L, 3221225472L, 3221225472L, 1073741824L, 1073741824L, 3221225472L},
    {1610612736L, 1610612736L, 2684354560L, 3758096384L, 1610612736L, 3758096384L},
    {3758096384L, 3758096384L, 536870912L, 1610612736L, 3758096384L, 1610612736L},
    {2684354560L, 536870912L, 3758096384L, 536870912L, 2684354560L, 2684354560L},
    {536870912L, 2684354560L, 1610612736L, 2684354560L, 536870912L, 536870912L},
    {805306368L, 1342177280L, 4026531840L, 4026531840L, 268435456L, 268435456L},
    {2952790016L, 3489660928L, 1879048192L, 1879048192L, 2415919104L, 2415919104L},
    {4026531840L, 268435456L, 2952790016L, 805306368L, 3489660928L, 1342177280L},
    {1879048192L, 2415919104L, 805306368L, 2952790016L, 1342177280L, 3489660928L}
  };

  private static long bits(double coordinate) {
    return (long) Math.floor(coordinate * 0x1p32);
  }

  @Test
  void pointsAreThoseOfSciPyButForTheShift() {
    SobolSequence sequence = new SobolSequence(200);
    double[] shift = sequence.next();
    for (long[] expected : EXPECTED) {
      double[] point = sequence.next();
      for (int k = 0; k < expected.length; k++) {
        int d = COORDINATES[k];
        assertEquals(expected[k], bits(point[d]) ^ bits(shift[d]), "coordinate " + d);
      }
    }
  }

  @Test
  void everyCellOfAGridHoldsOnePoint() {
    SobolSequence sequence = new SobolSequence(2);
    boolean[] taken = new boolean[256];
    for (int i = 0; i < 256; i++) {
      double[] point = sequence.next();
      assertTrue(point[0] > 0 && point[0] < 1 && point[1] > 0 && point[1] < 1);
      int cell = 16 * (int) (point[0] * 16) + (int) (point[1] * 16);
      assertTrue(!taken[cell], "two points in cell " + cell);
      taken[cell] = true;
    }
  }

  @Test
  void dimensionsAreChecked() {
    assertEquals(
        "dimension = 201, expected 1 to 200",
        assertThrows(IllegalArgumentException.class, () -> new SobolSequence(201)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new SobolSequence(0));
    assertEquals(1, new SobolSequence(1).next().length);
  }
}
