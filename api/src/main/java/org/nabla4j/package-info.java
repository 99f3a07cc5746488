/**
 * The front doors: {@link org.nabla4j.CurveFit} fits a formula to data in three lines, {@link
 * org.nabla4j.Minimize} minimises one.
 */
package org.nabla4j;
