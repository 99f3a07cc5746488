/**
 * Sums over the rows of a table, from which regressions are computed: blocks of rows are read in
 * order, turned into blocks of the design matrix and summed up by kernels, on several threads.
 */
package org.nabla4j.cpu.regression;
