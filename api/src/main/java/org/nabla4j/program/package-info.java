/**
 * Straight-line programs: expressions made ready for a machine, and the scalar interpreter that is
 * the reference for every backend.
 */
package org.nabla4j.program;
