package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.QuadCurve2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.InflaterInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nabla4j.cli.CommandLineRunner.Outcome;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** Plots as outlines, and the files that hold them. */
class VectorPlotTest {

  @TempDir Path directory;

  /** A fit with a title that markup must not take for its own. */
  private byte[] plot(String name) throws IOException {
    Path data =
        Files.writeString(directory.resolve("d.csv"), "x,y,s\n0,1,1\n1,3,1\n2,5,1\n3,6,1\n");
    Path plot = directory.resolve(name);
    Outcome outcome =
        CommandLineRunner.run(
            "fit",
            "--data",
            data.toString(),
            "--formula",
            "y = a + θ*x*(x < 9)",
            "--start",
            "a=1,θ=1",
            "--sigma",
            "s",
            "--plot",
            plot.toString(),
            "--backend",
            "reference");
    assertEquals(0, outcome.code(), outcome.err());
    return Files.readAllBytes(plot);
  }

  private static Document xml(byte[] svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg));
  }

  @Test
  void svgOfAFit() throws Exception {
    Element root = xml(plot("plot.SVG")).getDocumentElement();
    assertEquals("svg", root.getTagName());
    assertEquals("0 0 900 700", root.getAttribute("viewBox"));
    assertEquals(
        "y = a + θ*x*(x < 9)", root.getElementsByTagName("title").item(0).getTextContent());
    var paths = root.getElementsByTagName("path");
    assertTrue(paths.getLength() > 50, "only " + paths.getLength());
    int points = 0;
    for (int k = 0; k < paths.getLength(); k++) {
      Element path = (Element) paths.item(k);
      assertTrue(path.getAttribute("d").matches("M[MLCZ0-9. -]+"), path.getAttribute("d"));
      String limited = path.getAttribute("clip-path");
      if (!limited.isEmpty()) {
        String id = limited.substring("url(#".length(), limited.length() - 1);
        assertTrue(ids(root).contains(id), limited);
      }
      points += path.getAttribute("fill").equals("#1f4e79") ? 1 : 0;
    }
    // Four points above and below with three lines of an error bar each, and the legend's.
    assertTrue(points >= 32, "only " + points);
  }

  private static List<String> ids(Element root) {
    var clips = root.getElementsByTagName("clipPath");
    return java.util.stream.IntStream.range(0, clips.getLength())
        .mapToObj(k -> ((Element) clips.item(k)).getAttribute("id"))
        .toList();
  }

  @Test
  void pdfOfAFit() throws Exception {
    String content = checkedContent(plot("plot.pdf"));
    assertTrue(content.startsWith("0.75 0 0 -0.75 0 525 cm\n"), content.substring(0, 40));
    assertTrue(content.contains("\n0.122 0.306 0.475 rg"), "no points");
    assertTrue(content.contains("\n0.82 0.286 0.18 rg"), "no curve");
  }

  /** Follows the table of contents and unpacks the page. */
  private static String checkedContent(byte[] pdf) throws IOException {
    String text = new String(pdf, StandardCharsets.ISO_8859_1);
    assertTrue(text.startsWith("%PDF-1.4\n"));
    assertTrue(text.endsWith("%%EOF\n"));
    int start =
        Integer.parseInt(
            text.substring(text.lastIndexOf("startxref\n") + 10, text.lastIndexOf("\n%%EOF")));
    String[] table = text.substring(start).split("\n", -1);
    assertEquals("xref", table[0]);
    assertEquals("0 6", table[1]);
    for (int k = 1; k < 6; k++) {
      assertEquals(20, table[2 + k].length() + 1, "bytes of an entry");
      int offset = Integer.parseInt(table[2 + k].substring(0, 10));
      assertTrue(text.startsWith(k + " 0 obj\n", offset), "object " + k);
    }
    assertTrue(
        text.contains("/MediaBox [0 0 675 525]") || text.contains("/MediaBox [0 0 7.5 7.5]"));
    Matcher stream =
        Pattern.compile("/Length (\\d+) /Filter /FlateDecode >>\nstream\n").matcher(text);
    assertTrue(stream.find());
    int length = Integer.parseInt(stream.group(1));
    assertTrue(text.startsWith("\nendstream", stream.end() + length));
    byte[] content =
        new InflaterInputStream(new ByteArrayInputStream(pdf, stream.end(), length)).readAllBytes();
    String page = new String(content, StandardCharsets.ISO_8859_1);
    int depth = 0;
    for (String word : page.split("\\s+", -1)) {
      depth += word.equals("q") ? 1 : word.equals("Q") ? -1 : 0;
      assertTrue(depth == 0 || depth == 1, "nesting");
    }
    assertEquals(0, depth);
    Matcher opacity = Pattern.compile("/(A\\d+) gs").matcher(page);
    while (opacity.find()) {
      assertTrue(text.contains("/" + opacity.group(1) + " << /ca "), opacity.group(1));
    }
    return page;
  }

  /** Clips, opacity and transforms as a small drawing has them. */
  private static List<PathGraphics.Fill> drawing() {
    PathGraphics graphics = new PathGraphics();
    graphics.setColor(Color.RED);
    graphics.fillRect(0, 0, 10, 10);
    graphics.clipRect(2, 2, 4, 4);
    graphics.setColor(new Color(0, 0, 255, 51));
    graphics.translate(1, 2);
    graphics.fill(new QuadCurve2D.Double(0, 0, 3, 3, 6, 0));
    graphics.setClip(null);
    graphics.fillRect(0, 0, 1, 1);
    graphics.setColor(new Color(0, 0, 0, 0));
    graphics.fillRect(0, 0, 5, 5);
    graphics.drawString(" ", 3, 3);
    return graphics.fills();
  }

  @Test
  void drawingsBecomeFills() {
    List<PathGraphics.Fill> fills = drawing();
    assertEquals(3, fills.size());
    assertEquals(new Rectangle2D.Double(0, 0, 10, 10), fills.get(0).outline().getBounds2D());
    assertNull(fills.get(0).clip());
    assertEquals(new Rectangle(2, 2, 4, 4), fills.get(1).clip().getBounds());
    assertEquals(1, fills.get(1).outline().getBounds2D().getX());
    assertNull(fills.get(2).clip());
    assertEquals(new Rectangle(1, 2, 1, 1), fills.get(2).outline().getBounds());
  }

  @Test
  void svgOfADrawing() throws IOException {
    ByteArrayOutputStream svg = new ByteArrayOutputStream();
    SvgFile.write(svg, drawing(), 10, 10, "a < b & c");
    assertEquals(
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" viewBox="0 0 10 10">
        <title>a &lt; b &amp; c</title>
        <path d="M 0 0L 10 0L 10 10L 0 10L 0 0Z" fill="#ff0000"/>
        <clipPath id="c0"><path d="M 2 2L 6 2L 6 6L 2 6L 2 2Z"/></clipPath>
        <path d="M 1 2C 3 4 5 4 7 2" fill="#0000ff" fill-opacity="0.2" clip-path="url(#c0)"/>
        <path d="M 1 2L 2 2L 2 3L 1 3L 1 2Z" fill="#0000ff" fill-opacity="0.2"/>
        </svg>
        """,
        svg.toString(StandardCharsets.UTF_8));
  }

  @Test
  void pdfOfADrawing() throws IOException {
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    PdfFile.write(pdf, drawing(), 10, 10, "θ");
    assertTrue(pdf.toString(StandardCharsets.ISO_8859_1).contains("/Title <FEFF03B8>"));
    assertEquals(
        """
        0.75 0 0 -0.75 0 7.5 cm
        1 0 0 rg 0 0 m 10 0 l 10 10 l 0 10 l 0 0 l h f
        q 2 2 m 6 2 l 6 6 l 2 6 l 2 2 l h W n
        /A51 gs
        0 0 1 rg 1 2 m 3 4 5 4 7 2 c f
        Q
        /A51 gs
        0 0 1 rg 1 2 m 2 2 l 2 3 l 1 3 l 1 2 l h f
        """,
        checkedContent(pdf.toByteArray()));
  }

  /** Draws some of everything, as an image and as outlines. */
  private static void everything(Graphics2D graphics) {
    graphics.setBackground(Color.WHITE);
    graphics.clearRect(0, 0, 200, 200);
    graphics.setColor(Color.BLACK);
    graphics.setStroke(new BasicStroke(3, 0, 0, 10, new float[] {12, 6}, 0));
    graphics.drawLine(10, 10, 190, 40);
    graphics.setStroke(new BasicStroke(2));
    graphics.drawPolyline(new int[] {10, 60, 20}, new int[] {60, 80, 100}, 3);
    graphics.drawPolygon(new int[] {70, 120, 80}, new int[] {60, 80, 100}, 3);
    graphics.fillPolygon(new int[] {130, 180, 140}, new int[] {60, 80, 100}, 3);
    graphics.drawOval(10, 110, 40, 20);
    graphics.fillOval(60, 110, 40, 20);
    graphics.drawArc(110, 110, 30, 30, 0, 90);
    graphics.fillArc(150, 110, 30, 30, 90, 200);
    graphics.drawRoundRect(10, 140, 40, 20, 8, 8);
    graphics.fillRoundRect(60, 140, 40, 20, 8, 8);
    Graphics2D other = (Graphics2D) graphics.create();
    other.rotate(0.3, 150, 150);
    other.scale(1.5, 1);
    other.shear(0.1, 0);
    other.setClip(60, 100, 60, 90);
    other.clip(new Ellipse2D.Double(70, 100, 60, 90));
    other.fill(new Rectangle(60, 140, 60, 60));
    other.dispose();
    graphics.setFont(graphics.getFont().deriveFont(20f));
    graphics.drawString("θ = 1.5", 10, 190);
  }

  private static BufferedImage blank() {
    return new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
  }

  @Test
  void outlinesFillThePlacesThatAnImageHas() {
    BufferedImage image = blank();
    everything(smooth(image));
    PathGraphics graphics = new PathGraphics();
    everything(graphics);
    BufferedImage again = blank();
    Graphics2D target = smooth(again);
    for (PathGraphics.Fill fill : graphics.fills()) {
      target.setColor(fill.color());
      target.setClip(fill.clip());
      target.fill(fill.outline());
    }
    double dark = 0;
    double different = 0;
    for (int x = 0; x < 200; x++) {
      for (int y = 0; y < 200; y++) {
        int expected = image.getRGB(x, y) & 0xff;
        dark += 255 - expected;
        different += Math.abs(expected - (again.getRGB(x, y) & 0xff));
      }
    }
    assertTrue(dark > 255 * 5000, "only " + dark);
    assertTrue(different < 0.03 * dark, different + " of " + dark);
  }

  private static Graphics2D smooth(BufferedImage image) {
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    return graphics;
  }

  @Test
  void clipsAreSeenThroughTheTransform() {
    PathGraphics graphics = new PathGraphics();
    assertNull(graphics.getClipBounds());
    graphics.clipRect(10, 20, 30, 40);
    graphics.translate(5.0, 5.0);
    assertEquals(new Rectangle(5, 15, 30, 40), graphics.getClipBounds());
    Shape before = graphics.getClip();
    graphics.clipRect(0, 0, 10, 20);
    assertEquals(new Rectangle(5, 15, 5, 5), graphics.getClipBounds());
    graphics.setClip(before);
    assertEquals(new Rectangle(5, 15, 30, 40), graphics.getClipBounds());
    assertTrue(graphics.hit(new Rectangle(0, 0, 20, 20), new Rectangle(0, 0, 10, 10), false));
  }

  @Test
  void whatOutlinesCannotHoldIsRefused() {
    PathGraphics graphics = new PathGraphics();
    assertThrows(
        UnsupportedOperationException.class, () -> graphics.drawImage(blank(), 0, 0, null));
    assertThrows(UnsupportedOperationException.class, () -> graphics.setXORMode(Color.RED));
    assertThrows(
        UnsupportedOperationException.class,
        () -> graphics.setPaint(new java.awt.GradientPaint(0, 0, Color.RED, 1, 1, Color.BLUE)));
  }
}
