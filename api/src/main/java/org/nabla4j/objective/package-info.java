/** What is minimised: the model, its data, parameters and bounds, and how residuals count. */
package org.nabla4j.objective;
