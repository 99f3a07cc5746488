/**
 * Dense linear algebra of small matrices, one problem at a time: what minimisation, with
 * constraints and without, and the solution of equations share. Matrices are arrays by rows.
 */
package org.nabla4j.cpu.algebra;
