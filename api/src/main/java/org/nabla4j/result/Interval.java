package org.nabla4j.result;

/**
 * A closed interval.
 *
 * @param lower its lower end
 * @param upper its upper end
 */
public record Interval(double lower, double upper) {}
