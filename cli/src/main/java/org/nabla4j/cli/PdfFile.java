package org.nabla4j.cli;

import java.awt.Color;
import java.awt.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.DeflaterOutputStream;

/** Writes outlines as one page of PDF 1.4 (ISO 32000-1, sections 7.5 and 8.5). */
final class PdfFile {

  /** Points for each pixel: 72 to the inch where pixels are 96. */
  private static final double SCALE = 0.75;

  private static final OutlineText.Syntax SYNTAX =
      new OutlineText.Syntax() {
        @Override
        public void move(StringBuilder text, double[] p) {
          OutlineText.numbers(text, p, 2);
          text.append(" m");
        }

        @Override
        public void line(StringBuilder text, double[] p) {
          OutlineText.numbers(text, p, 2);
          text.append(" l");
        }

        @Override
        public void cubic(StringBuilder text, double[] p) {
          OutlineText.numbers(text, p, 6);
          text.append(" c");
        }

        @Override
        public void close(StringBuilder text) {
          text.append(" h");
        }
      };

  private PdfFile() {}

  static void write(
      OutputStream stream, List<PathGraphics.Fill> fills, int width, int height, String title)
      throws IOException {
    Map<Integer, String> opacities = new TreeMap<>();
    byte[] content = deflated(content(fills, height, opacities));
    StringBuilder states = new StringBuilder();
    opacities.forEach(
        (alpha, name) ->
            states
                .append('/')
                .append(name)
                .append(" << /ca ")
                .append(OutlineText.number(alpha / 255.0, 3))
                .append(" >> "));
    List<byte[]> objects = new ArrayList<>();
    objects.add(bytes("<< /Type /Catalog /Pages 2 0 R >>"));
    objects.add(bytes("<< /Type /Pages /Kids [3 0 R] /Count 1 >>"));
    objects.add(
        bytes(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 "
                + OutlineText.number(SCALE * width, 2)
                + " "
                + OutlineText.number(SCALE * height, 2)
                + "] /Contents 4 0 R /Resources << /ExtGState << "
                + states
                + ">> >> >>"));
    objects.add(
        joined(
            bytes("<< /Length " + content.length + " /Filter /FlateDecode >>\nstream\n"),
            content,
            bytes("\nendstream")));
    objects.add(bytes("<< /Title <" + hex(title) + "> >>"));
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    // The second line tells that the file is no text.
    file.write(bytes("%PDF-1.4\n%"));
    file.write(new byte[] {(byte) 0xe2, (byte) 0xe3, (byte) 0xcf, (byte) 0xd3, '\n'});
    StringBuilder table = new StringBuilder("0000000000 65535 f \n");
    for (int k = 0; k < objects.size(); k++) {
      table.append(String.format(Locale.ROOT, "%010d 00000 n \n", file.size()));
      file.write(joined(bytes((k + 1) + " 0 obj\n"), objects.get(k), bytes("\nendobj\n")));
    }
    int start = file.size();
    int count = objects.size() + 1;
    file.write(bytes("xref\n0 " + count + "\n" + table));
    file.write(bytes("trailer\n<< /Size " + count + " /Root 1 0 R /Info 5 0 R >>\n"));
    file.write(bytes("startxref\n" + start + "\n%%EOF\n"));
    file.writeTo(stream);
  }

  private static String content(
      List<PathGraphics.Fill> fills, int height, Map<Integer, String> opacities) {
    StringBuilder text = new StringBuilder();
    String scale = OutlineText.number(SCALE, 2);
    text.append(scale).append(" 0 0 -").append(scale).append(" 0 ");
    text.append(OutlineText.number(SCALE * height, 2)).append(" cm\n");
    Shape clip = null;
    int alpha = 255;
    for (PathGraphics.Fill fill : fills) {
      Color color = fill.color();
      if (fill.clip() != clip) {
        // What was set inside the old clip, its opacity too, is undone with it.
        text.append(clip == null ? "" : "Q\n");
        alpha = clip == null ? alpha : 255;
        clip = fill.clip();
        if (clip != null) {
          text.append(alpha == 255 ? "" : opacity(opacities, 255)).append("q");
          alpha = 255;
          OutlineText.append(text, clip, SYNTAX);
          text.append(OutlineText.evenOdd(clip) ? " W* n\n" : " W n\n");
        }
      }
      if (color.getAlpha() != alpha) {
        alpha = color.getAlpha();
        text.append(opacity(opacities, alpha));
      }
      text.append(OutlineText.number(color.getRed() / 255.0, 3)).append(' ');
      text.append(OutlineText.number(color.getGreen() / 255.0, 3)).append(' ');
      text.append(OutlineText.number(color.getBlue() / 255.0, 3)).append(" rg");
      OutlineText.append(text, fill.outline(), SYNTAX);
      text.append(OutlineText.evenOdd(fill.outline()) ? " f*\n" : " f\n");
    }
    return text.append(clip == null ? "" : "Q\n").toString();
  }

  private static String opacity(Map<Integer, String> opacities, int alpha) {
    return "/" + opacities.computeIfAbsent(alpha, a -> "A" + a) + " gs\n";
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] joined(byte[]... parts) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.write(part);
    }
    return all.toByteArray();
  }

  private static byte[] deflated(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(bytes(text));
    }
    return packed.toByteArray();
  }

  /** Any text, as UTF-16 with its mark. */
  private static String hex(String text) {
    StringBuilder hex = new StringBuilder("FEFF");
    for (int k = 0; k < text.length(); k++) {
      hex.append(String.format(Locale.ROOT, "%04X", (int) text.charAt(k)));
    }
    return hex.toString();
  }
}
