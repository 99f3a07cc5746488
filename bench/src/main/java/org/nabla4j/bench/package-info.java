/**
 * Benchmarks of the library and of the libraries it is compared with, all on the same data and with
 * the same tolerances. Every benchmark checks its answers outside the timed part and fails if too
 * many are wrong.
 */
package org.nabla4j.bench;
