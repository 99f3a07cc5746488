/**
 * What is minimised: models and objectives, their data, parameters, bounds and constraints, and how
 * residuals count.
 */
package org.nabla4j.objective;
