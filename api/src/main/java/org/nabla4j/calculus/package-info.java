/**
 * Calculus on formulas: Taylor series of one variable to any order, second order in many,
 * linearisation, stationary points.
 *
 * <p>{@link org.nabla4j.calculus.Taylor} runs power series through the graph of an expression: the
 * rule of each operation stands in {@code SeriesRules}. {@link org.nabla4j.Derive} is the front
 * door.
 */
package org.nabla4j.calculus;
