/** The front door: {@link org.nabla4j.CurveFit} fits a formula to data in three lines. */
package org.nabla4j;
