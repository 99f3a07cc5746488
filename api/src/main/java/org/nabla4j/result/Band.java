package org.nabla4j.result;

/**
 * A fitted curve at several places, with an interval about each value. The intervals hold for each
 * place on its own, not for all of them at once.
 *
 * @param fit what the model predicts
 * @param lower lower ends of the intervals
 * @param upper upper ends of the intervals
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays are what plots and further work take.
public record Band(double[] fit, double[] lower, double[] upper) {}
