/**
 * Data as the solvers see it: columns of values, shared by all problems of a batch or one row per
 * problem, over plain arrays or ND4J arrays, without a copy.
 */
package org.nabla4j.data;
