package org.nabla4j.cpu.codegen;

import java.util.List;

/**
 * A compiled evaluation: residuals, derivatives and their sums over data points.
 *
 * @param evaluation the code
 * @param tile layout of its tile
 * @param sharedValues ids of the program's values that the caller computes once for each data
 *     point; they lie side by side in the shared data
 * @param dataStride elements from one data point to the next in the lanes' own data
 * @param warmth what is known from its use
 */
public record Kernel(
    Procedure evaluation,
    TileLayout tile,
    List<Integer> sharedValues,
    int dataStride,
    Warmth warmth) {}
