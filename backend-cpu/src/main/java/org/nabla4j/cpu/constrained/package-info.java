/**
 * Minimisation under constraints, a problem at a time: sequential quadratic programming and the
 * augmented Lagrangian method, over dense matrices.
 */
package org.nabla4j.cpu.constrained;
