package org.nabla4j.cli;

import java.awt.Color;
import java.awt.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;

/** Writes outlines as Scalable Vector Graphics 1.1. */
final class SvgFile {

  private static final OutlineText.Syntax SYNTAX =
      new OutlineText.Syntax() {
        @Override
        public void move(StringBuilder text, double[] p) {
          text.append('M');
          OutlineText.numbers(text, p, 2);
        }

        @Override
        public void line(StringBuilder text, double[] p) {
          text.append('L');
          OutlineText.numbers(text, p, 2);
        }

        @Override
        public void cubic(StringBuilder text, double[] p) {
          text.append('C');
          OutlineText.numbers(text, p, 6);
        }

        @Override
        public void close(StringBuilder text) {
          text.append('Z');
        }
      };

  private SvgFile() {}

  static void write(
      OutputStream stream, List<PathGraphics.Fill> fills, int width, int height, String title)
      throws IOException {
    StringBuilder text = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(width);
    text.append("\" height=\"").append(height).append("\" viewBox=\"0 0 ").append(width);
    text.append(' ').append(height).append("\">\n<title>").append(escaped(title));
    text.append("</title>\n");
    IdentityHashMap<Shape, Integer> clips = new IdentityHashMap<>();
    for (PathGraphics.Fill fill : fills) {
      if (fill.clip() != null && !clips.containsKey(fill.clip())) {
        clips.put(fill.clip(), clips.size());
        text.append("<clipPath id=\"c").append(clips.size() - 1).append("\"><path");
        outline(text, fill.clip(), "clip-rule");
        text.append("/></clipPath>\n");
      }
      text.append("<path");
      outline(text, fill.outline(), "fill-rule");
      Color color = fill.color();
      text.append(" fill=\"#").append(hex(color.getRed())).append(hex(color.getGreen()));
      text.append(hex(color.getBlue())).append('"');
      if (color.getAlpha() < 255) {
        text.append(" fill-opacity=\"");
        text.append(OutlineText.number(color.getAlpha() / 255.0, 3)).append('"');
      }
      if (fill.clip() != null) {
        text.append(" clip-path=\"url(#c").append(clips.get(fill.clip())).append(")\"");
      }
      text.append("/>\n");
    }
    stream.write(text.append("</svg>\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void outline(StringBuilder text, Shape shape, String rule) {
    if (OutlineText.evenOdd(shape)) {
      text.append(' ').append(rule).append("=\"evenodd\"");
    }
    text.append(" d=\"");
    OutlineText.append(text, shape, SYNTAX);
    text.append('"');
  }

  private static String hex(int value) {
    return (value < 16 ? "0" : "") + Integer.toHexString(value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
