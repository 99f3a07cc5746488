/**
 * Data as the solvers see it: columns of values, shared by all problems of a batch or one row per
 * problem, over plain arrays or ND4J arrays, without a copy; and tables of any length, {@link
 * org.nabla4j.data.Rows}, that are read in blocks from arrays, files and queries.
 */
package org.nabla4j.data;
