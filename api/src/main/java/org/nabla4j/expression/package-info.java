/**
 * Mathematical expressions: from text and from Java, with exact derivatives.
 *
 * <p>{@link org.nabla4j.expression.Formula} reads text and traces Java code, {@link
 * org.nabla4j.expression.Expression} is the hash-consed graph that both give, and {@link
 * org.nabla4j.expression.Derivatives} derives it. {@link org.nabla4j.expression.Op} lists the
 * operations, {@link org.nabla4j.expression.ScalarMath} says what each means on numbers, and the
 * chain rule stands in {@code ChainRule}.
 */
package org.nabla4j.expression;
