package org.nabla4j.cli;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.GraphicsConfiguration;
import java.awt.Image;
import java.awt.Paint;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.NoninvertibleTransformException;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Keeps what is drawn as filled outlines: of lines with their width and dashes, of text with its
 * letters. A vector format then needs to know nothing but how to fill an outline, and looks alike
 * wherever it is shown. Images and exclusive-or are not supported.
 */
final class PathGraphics extends Graphics2D {

  /**
   * Something filled.
   *
   * @param outline its outline, in pixels from the top left
   * @param color its colour, perhaps translucent
   * @param clip what limits it, null for nothing; the same object where it is the same
   */
  record Fill(Shape outline, Color color, Shape clip) {}

  private final List<Fill> fills;
  private final Graphics2D measure;
  private final RenderingHints hints = new RenderingHints(Collections.emptyMap());
  private AffineTransform transform = new AffineTransform();
  private Color color = Color.BLACK;
  private Color background = Color.WHITE;
  private Stroke stroke = new BasicStroke();
  private Composite composite = AlphaComposite.SrcOver;
  private Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  /** In pixels, whatever the transform. */
  private Shape clip;

  /** Begins with nothing. */
  PathGraphics() {
    fills = new ArrayList<>();
    measure = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
  }

  private PathGraphics(PathGraphics other) {
    fills = other.fills;
    measure = other.measure;
    hints.putAll(other.hints);
    transform = new AffineTransform(other.transform);
    color = other.color;
    background = other.background;
    stroke = other.stroke;
    composite = other.composite;
    font = other.font;
    clip = other.clip;
  }

  /** What was drawn, from back to front. */
  List<Fill> fills() {
    return Collections.unmodifiableList(fills);
  }

  @Override
  public Graphics create() {
    return new PathGraphics(this);
  }

  @Override
  public void dispose() {
    // Holds nothing but memory.
  }

  @Override
  public void fill(Shape shape) {
    Path2D outline = new Path2D.Double(shape, transform);
    if (outline.getPathIterator(null).isDone() || color.getAlpha() == 0) {
      return;
    }
    fills.add(new Fill(outline, color, clip));
  }

  @Override
  public void draw(Shape shape) {
    fill(stroke.createStrokedShape(shape));
  }

  @Override
  public void drawString(String text, float x, float y) {
    if (!text.isBlank()) {
      TextLayout layout = new TextLayout(text, font, getFontRenderContext());
      fill(layout.getOutline(AffineTransform.getTranslateInstance(x, y)));
    }
  }

  @Override
  public void drawString(String text, int x, int y) {
    drawString(text, (float) x, (float) y);
  }

  @Override
  public void drawString(AttributedCharacterIterator text, float x, float y) {
    TextLayout layout = new TextLayout(text, getFontRenderContext());
    fill(layout.getOutline(AffineTransform.getTranslateInstance(x, y)));
  }

  @Override
  public void drawString(AttributedCharacterIterator text, int x, int y) {
    drawString(text, (float) x, (float) y);
  }

  @Override
  public void drawGlyphVector(GlyphVector glyphs, float x, float y) {
    fill(glyphs.getOutline(x, y));
  }

  @Override
  public FontRenderContext getFontRenderContext() {
    return new FontRenderContext(null, true, true);
  }

  @Override
  public FontMetrics getFontMetrics(Font measured) {
    return measure.getFontMetrics(measured);
  }

  @Override
  public Font getFont() {
    return font;
  }

  @Override
  public void setFont(Font value) {
    font = value == null ? font : value;
  }

  @Override
  public Color getColor() {
    return color;
  }

  @Override
  public void setColor(Color value) {
    color = value == null ? color : value;
  }

  @Override
  public Paint getPaint() {
    return color;
  }

  @Override
  public void setPaint(Paint value) {
    if (value instanceof Color plain) {
      color = plain;
    } else if (value != null) {
      throw unsupported("paint " + value.getClass().getSimpleName());
    }
  }

  @Override
  public Color getBackground() {
    return background;
  }

  @Override
  public void setBackground(Color value) {
    background = value;
  }

  @Override
  public Stroke getStroke() {
    return stroke;
  }

  @Override
  public void setStroke(Stroke value) {
    stroke = value;
  }

  @Override
  public Composite getComposite() {
    return composite;
  }

  @Override
  public void setComposite(Composite value) {
    composite = value;
  }

  @Override
  public void setPaintMode() {
    // There is no other mode.
  }

  @Override
  public void setXORMode(Color other) {
    throw unsupported("exclusive-or");
  }

  @Override
  public AffineTransform getTransform() {
    return new AffineTransform(transform);
  }

  @Override
  public void setTransform(AffineTransform value) {
    transform = new AffineTransform(value);
  }

  @Override
  public void transform(AffineTransform change) {
    transform.concatenate(change);
  }

  @Override
  public void translate(int x, int y) {
    transform.translate(x, y);
  }

  @Override
  public void translate(double x, double y) {
    transform.translate(x, y);
  }

  @Override
  public void rotate(double angle) {
    transform.rotate(angle);
  }

  @Override
  public void rotate(double angle, double x, double y) {
    transform.rotate(angle, x, y);
  }

  @Override
  public void scale(double x, double y) {
    transform.scale(x, y);
  }

  @Override
  public void shear(double x, double y) {
    transform.shear(x, y);
  }

  @Override
  public Shape getClip() {
    if (clip == null) {
      return null;
    }
    try {
      return transform.createInverse().createTransformedShape(clip);
    } catch (NoninvertibleTransformException e) {
      return new Rectangle();
    }
  }

  @Override
  public Rectangle getClipBounds() {
    Shape inside = getClip();
    return inside == null ? null : inside.getBounds();
  }

  @Override
  public void setClip(Shape value) {
    clip = value == null ? null : transform.createTransformedShape(value);
  }

  @Override
  public void setClip(int x, int y, int width, int height) {
    setClip(new Rectangle(x, y, width, height));
  }

  @Override
  public void clip(Shape value) {
    Shape other = transform.createTransformedShape(value);
    if (clip == null) {
      clip = other;
      return;
    }
    Area common = new Area(clip);
    common.intersect(new Area(other));
    clip = common;
  }

  @Override
  public void clipRect(int x, int y, int width, int height) {
    clip(new Rectangle(x, y, width, height));
  }

  @Override
  public boolean hit(Rectangle area, Shape shape, boolean onStroke) {
    Shape outline = onStroke ? stroke.createStrokedShape(shape) : shape;
    return transform.createTransformedShape(outline).intersects(area);
  }

  @Override
  public void drawLine(int x1, int y1, int x2, int y2) {
    draw(new Line2D.Double(x1, y1, x2, y2));
  }

  @Override
  public void fillRect(int x, int y, int width, int height) {
    fill(new Rectangle(x, y, width, height));
  }

  @Override
  public void clearRect(int x, int y, int width, int height) {
    Color before = color;
    color = background;
    fillRect(x, y, width, height);
    color = before;
  }

  @Override
  public void drawRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
    draw(new RoundRectangle2D.Double(x, y, width, height, arcWidth, arcHeight));
  }

  @Override
  public void fillRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
    fill(new RoundRectangle2D.Double(x, y, width, height, arcWidth, arcHeight));
  }

  @Override
  public void drawOval(int x, int y, int width, int height) {
    draw(new Ellipse2D.Double(x, y, width, height));
  }

  @Override
  public void fillOval(int x, int y, int width, int height) {
    fill(new Ellipse2D.Double(x, y, width, height));
  }

  @Override
  public void drawArc(int x, int y, int width, int height, int start, int extent) {
    draw(new Arc2D.Double(x, y, width, height, start, extent, Arc2D.OPEN));
  }

  @Override
  public void fillArc(int x, int y, int width, int height, int start, int extent) {
    fill(new Arc2D.Double(x, y, width, height, start, extent, Arc2D.PIE));
  }

  @Override
  public void drawPolyline(int[] x, int[] y, int count) {
    if (count > 0) {
      draw(path(x, y, count));
    }
  }

  @Override
  public void drawPolygon(int[] x, int[] y, int count) {
    draw(closed(x, y, count));
  }

  @Override
  public void fillPolygon(int[] x, int[] y, int count) {
    fill(closed(x, y, count));
  }

  private static Path2D closed(int[] x, int[] y, int count) {
    Path2D path = path(x, y, count);
    if (count > 0) {
      path.closePath();
    }
    return path;
  }

  private static Path2D path(int[] x, int[] y, int count) {
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    for (int k = 0; k < count; k++) {
      if (k == 0) {
        path.moveTo(x[k], y[k]);
      } else {
        path.lineTo(x[k], y[k]);
      }
    }
    return path;
  }

  @Override
  public void setRenderingHint(RenderingHints.Key key, Object value) {
    hints.put(key, value);
  }

  @Override
  public Object getRenderingHint(RenderingHints.Key key) {
    return hints.get(key);
  }

  @Override
  public void setRenderingHints(Map<?, ?> values) {
    hints.clear();
    hints.putAll(values);
  }

  @Override
  public void addRenderingHints(Map<?, ?> values) {
    hints.putAll(values);
  }

  @Override
  public RenderingHints getRenderingHints() {
    return (RenderingHints) hints.clone();
  }

  @Override
  public GraphicsConfiguration getDeviceConfiguration() {
    return measure.getDeviceConfiguration();
  }

  private static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException("outlines hold no " + what);
  }

  private static UnsupportedOperationException images() {
    return unsupported("images");
  }

  @Override
  public void copyArea(int x, int y, int width, int height, int dx, int dy) {
    throw images();
  }

  @Override
  public boolean drawImage(Image image, AffineTransform place, ImageObserver observer) {
    throw images();
  }

  @Override
  public void drawImage(BufferedImage image, BufferedImageOp filter, int x, int y) {
    throw images();
  }

  @Override
  public void drawRenderedImage(RenderedImage image, AffineTransform place) {
    throw images();
  }

  @Override
  public void drawRenderableImage(RenderableImage image, AffineTransform place) {
    throw images();
  }

  @Override
  public boolean drawImage(Image image, int x, int y, ImageObserver observer) {
    throw images();
  }

  @Override
  public boolean drawImage(
      Image image, int x, int y, int width, int height, ImageObserver observer) {
    throw images();
  }

  @Override
  public boolean drawImage(Image image, int x, int y, Color behind, ImageObserver observer) {
    throw images();
  }

  @Override
  public boolean drawImage(
      Image image, int x, int y, int width, int height, Color behind, ImageObserver observer) {
    throw images();
  }

  @Override
  public boolean drawImage(
      Image image,
      int dx1,
      int dy1,
      int dx2,
      int dy2,
      int sx1,
      int sy1,
      int sx2,
      int sy2,
      ImageObserver observer) {
    throw images();
  }

  @Override
  public boolean drawImage(
      Image image,
      int dx1,
      int dy1,
      int dx2,
      int dy2,
      int sx1,
      int sy1,
      int sx2,
      int sy2,
      Color behind,
      ImageObserver observer) {
    throw images();
  }
}
