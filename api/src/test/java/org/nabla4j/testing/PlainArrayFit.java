package org.nabla4j.testing;

import org.nabla4j.CurveFit;

/** A program that fits plain arrays, run in a virtual machine of its own. */
public final class PlainArrayFit {

  private PlainArrayFit() {}

  /**
   * Fits and prints the report.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) {
    double[] x = {0, 1, 2, 3, 4, 5};
    double[] y = {2.5, 1.7, 1.25, 1, 0.85, 0.7};
    System.out.println(CurveFit.of("y = a*exp(-b*x) + c").start(1, 0.5, 0).fit(x, y));
  }
}
