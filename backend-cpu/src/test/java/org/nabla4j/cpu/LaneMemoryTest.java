package org.nabla4j.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneMemoryTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nonZeroElementsAreBits(boolean isDouble) {
    LaneMemory memory = LaneMemory.allocate(isDouble, 20);
    double[] values = {7, 0, -0.0, Double.NaN, 1e-40, -1, 0, Double.NEGATIVE_INFINITY, 0, 0};
    for (int k = 0; k < values.length; k++) {
      memory.set(5 + k, values[k]);
    }
    memory.set(15, 1);
    assertEquals(0b10111001, memory.nonZero(5, 10));
    assertEquals(0, memory.nonZero(0, 5));
    assertEquals(0b10111001 | 1 << 10, memory.nonZero(5, 11));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void scatteredValuesLieAStrideApart(boolean isDouble) {
    LaneMemory memory = LaneMemory.allocate(isDouble, 12);
    memory.scatter(new double[] {9, 1, 2, 3, 9}, 1, 3, 2, 4);
    memory.scatter(new float[] {4, 5, 6}, 1, 2, 3, 5);
    double[] expected = {0, 0, 1, 5, 0, 0, 2, 0, 6, 0, 3, 0};
    for (int k = 0; k < expected.length; k++) {
      assertEquals(expected[k], memory.get(k));
    }
  }
}
