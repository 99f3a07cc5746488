package org.nabla4j.regression;

import org.nabla4j.data.Rows;
import org.nabla4j.data.Tables;

/**
 * Data sets that come with R 4.2: cars (Ezekiel 1930) and mtcars (Henderson and Velleman 1981),
 * with which expected values of R were computed.
 */
final class Cars {

  static final double[] SPEED = {
    4, 4, 7, 7, 8, 9, 10, 10, 10, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15,
    15, 16, 16, 17, 17, 17, 18, 18, 18, 18, 19, 19, 19, 20, 20, 20, 20, 20, 22, 23, 24, 24, 24, 24,
    25
  };
  static final double[] DISTANCE = {
    2, 10, 4, 22, 16, 10, 18, 26, 34, 17, 28, 14, 20, 24, 28, 26, 34, 34, 46, 26, 36, 60, 80, 20,
    26, 54, 32, 40, 32, 40, 50, 42, 56, 76, 84, 36, 46, 68, 32, 48, 52, 56, 64, 66, 54, 70, 92, 93,
    120, 85
  };
  static final double[] MPG = {
    21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4,
    14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4
  };
  static final double[] WEIGHT = {
    2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25,
    5.424, 5.345, 2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17,
    2.77, 3.57, 2.78
  };
  static final double[] POWER = {
    110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65,
    97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109
  };
  static final double[] QUARTER = {
    16.46, 17.02, 18.61, 19.44, 17.02, 20.22, 15.84, 20, 22.9, 18.3, 18.9, 17.4, 17.6, 18, 17.98,
    17.82, 17.42, 19.47, 18.52, 19.9, 20.01, 16.87, 17.3, 15.41, 17.05, 18.9, 16.7, 16.9, 14.5,
    15.5, 14.6, 18.6
  };
  static final double[] CYLINDERS = {
    6, 6, 4, 6, 8, 6, 8, 4, 4, 6, 6, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 4, 8, 6, 8, 4
  };

  private Cars() {}

  static Rows cars() {
    return Tables.builder().numbers("speed", SPEED).numbers("dist", DISTANCE).build();
  }

  static Rows mtcars() {
    double[] number = new double[MPG.length];
    for (int i = 0; i < number.length; i++) {
      number[i] = i + 1;
    }
    return Tables.builder()
        .numbers("mpg", MPG)
        .numbers("wt", WEIGHT)
        .numbers("hp", POWER)
        .numbers("qsec", QUARTER)
        .numbers("cyl", CYLINDERS)
        .numbers("number", number)
        .build();
  }
}
