package org.nabla4j.cli;

import java.awt.Shape;
import java.awt.geom.PathIterator;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Outlines in the words of a vector format. */
final class OutlineText {

  private OutlineText() {}

  /** How a format writes the pieces of an outline; coordinates are those of the shape. */
  interface Syntax {
    void move(StringBuilder text, double[] p);

    void line(StringBuilder text, double[] p);

    void cubic(StringBuilder text, double[] p);

    void close(StringBuilder text);
  }

  /** Writes an outline; quadratic pieces become cubic ones, which every format has. */
  static void append(StringBuilder text, Shape shape, Syntax syntax) {
    double[] p = new double[6];
    double x = 0;
    double y = 0;
    double startX = 0;
    double startY = 0;
    for (PathIterator it = shape.getPathIterator(null); !it.isDone(); it.next()) {
      switch (it.currentSegment(p)) {
        case PathIterator.SEG_MOVETO -> {
          syntax.move(text, p);
          x = p[0];
          y = p[1];
          startX = x;
          startY = y;
        }
        case PathIterator.SEG_LINETO -> {
          syntax.line(text, p);
          x = p[0];
          y = p[1];
        }
        case PathIterator.SEG_QUADTO -> {
          double endX = p[2];
          double endY = p[3];
          double[] cubic = {
            x + 2 * (p[0] - x) / 3,
            y + 2 * (p[1] - y) / 3,
            endX + 2 * (p[0] - endX) / 3,
            endY + 2 * (p[1] - endY) / 3,
            endX,
            endY
          };
          syntax.cubic(text, cubic);
          x = endX;
          y = endY;
        }
        case PathIterator.SEG_CUBICTO -> {
          syntax.cubic(text, p);
          x = p[4];
          y = p[5];
        }
        default -> {
          syntax.close(text);
          x = startX;
          y = startY;
        }
      }
    }
  }

  static boolean evenOdd(Shape shape) {
    return shape.getPathIterator(null).getWindingRule() == PathIterator.WIND_EVEN_ODD;
  }

  /** Numbers with a blank before each, to hundredths of a pixel. */
  static void numbers(StringBuilder text, double[] values, int count) {
    for (int k = 0; k < count; k++) {
      text.append(' ').append(number(values[k], 2));
    }
  }

  /** A number without exponent, as all formats read it. */
  static String number(double value, int decimals) {
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
