/**
 * Methods of minimisation, a problem at a time: each a {@link Search} that asks for evaluations.
 */
package org.nabla4j.cpu.minimize;
