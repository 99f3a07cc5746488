package org.nabla4j.cli;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Writes a drawing to a file, whose ending says the format. */
final class PlotFile {

  /** Pixels of an image for each unit of length. */
  private static final int SCALE = 2;

  /**
   * Something that can be drawn.
   *
   * @param width of the drawing
   * @param height of the drawing
   * @param title what a file tells about itself
   * @param painter draws it, on white
   */
  record Drawing(int width, int height, String title, Painter painter) {}

  /** Draws. */
  @FunctionalInterface
  interface Painter {
    void paint(Graphics2D graphics);
  }

  /** Makes a drawing; all that needs a font or a colour belongs here. */
  @FunctionalInterface
  interface Source {
    Drawing drawing();
  }

  private PlotFile() {}

  /**
   * Draws into a file.
   *
   * @param path the file, given by {@code --plot}
   * @param source what to draw; null if there is nothing
   * @return false if there is nothing to draw, and no file is written
   */
  static boolean write(Path path, Source source) {
    PlotFormat format = PlotFormat.of(path, "--plot");
    OutputFile.Content content;
    try {
      Drawing drawing = source.drawing();
      if (drawing == null) {
        return false;
      }
      content = content(drawing, format);
    } catch (LinkageError | InternalError e) {
      throw new InputException(
          "cannot draw " + path + ": this Java has no graphics (" + e + ")",
          "install the full Java runtime (not the headless one) and a font, or leave out --plot");
    }
    OutputFile.write(path, content);
    return true;
  }

  /** Everything is drawn here; what is left is to write it. */
  private static OutputFile.Content content(Drawing drawing, PlotFormat format) {
    if (format == PlotFormat.PNG || format == PlotFormat.JPG) {
      BufferedImage image = image(drawing);
      return stream -> {
        if (!ImageIO.write(image, format == PlotFormat.PNG ? "png" : "jpeg", stream)) {
          throw new IOException("this Java cannot write " + format);
        }
      };
    }
    PathGraphics graphics = new PathGraphics();
    drawing.painter().paint(graphics);
    List<PathGraphics.Fill> fills = graphics.fills();
    int width = drawing.width();
    int height = drawing.height();
    return format == PlotFormat.SVG
        ? stream -> SvgFile.write(stream, fills, width, height, drawing.title())
        : stream -> PdfFile.write(stream, fills, width, height, drawing.title());
  }

  private static BufferedImage image(Drawing drawing) {
    BufferedImage image =
        new BufferedImage(
            drawing.width() * SCALE, drawing.height() * SCALE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    graphics.scale(SCALE, SCALE);
    drawing.painter().paint(graphics);
    graphics.dispose();
    return image;
  }
}
