/**
 * Mathematical expressions: from text and from Java, with exact derivatives.
 *
 * <p>{@link org.nabla4j.expression.Expression} is the hash-consed graph, {@link
 * org.nabla4j.expression.Op} lists its operations and {@link org.nabla4j.expression.ScalarMath}
 * says what each means.
 */
package org.nabla4j.expression;
