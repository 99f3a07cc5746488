package org.nabla4j.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nabla4j.objective.Constraint;
import org.nabla4j.objective.MinimizationProblem;
import org.nabla4j.objective.Objective;
import org.nabla4j.result.Minimum;

/**
 * Draws a minimisation. Of two free parameters: lines of equal f, constraints and bounds with ticks
 * on the side that they forbid, and the way of the search. Of one: f and the way of the search.
 */
final class MinimumPlot {

  private static final int WIDTH = 900;
  private static final int HEIGHT = 720;

  /** Places on each axis of a grid, and on the only one. */
  private static final int GRID = 321;

  private static final int LEAST_GRID = 65;
  private static final int CURVE_POINTS = 801;
  private static final int LEAST_CURVE_POINTS = 101;

  private static final Color LOW = new Color(0x1f, 0x4e, 0x79);
  private static final Color HIGH = new Color(0xa9, 0xc8, 0xe3);
  private static final Color LIMIT = new Color(0x55, 0x55, 0x55);
  private static final Color FOUND = new Color(0x11, 0x11, 0x11);

  /** Colours of constraints, again and again. */
  private static final Color[] CONSTRAINTS = {
    new Color(0x2e, 0x7d, 0x32), new Color(0x7b, 0x3f, 0x98), new Color(0xb3, 0x6b, 0x00)
  };

  private static final int LONGEST_ENTRY = 34;

  /** Pixels between the ticks of a limit, and their length. */
  private static final double TICK_DISTANCE = 11;

  private static final double TICK_LENGTH = 6;

  /** About what the axes take of the drawing: enough for lengths and angles of ticks. */
  private static final double PLOT_WIDTH = WIDTH - 110.0;

  private static final double PLOT_HEIGHT = HEIGHT - 150.0;

  /** Pixels by which a line that is drawn may differ from the one that was found. */
  private static final double THINNING = 0.08;

  /** Steps of which each is marked. */
  private static final int MARKED_STEPS = 400;

  /** Paths from several starts; they hide the rest if each step is marked. */
  private static final int MARKED_PATHS = 8;

  /** Part of the values of f over one parameter that may lie beyond the axis on each side. */
  private static final double CUT = 0.05;

  private final MinimizationProblem problem;
  private final List<Minimum> found;
  private final MinimumView view;
  private final boolean many;
  private final AxisRange xRange;
  private AxisRange yRange;
  private XYChart chart;

  /** Lines of equal f with their labels, from the lowest. */
  private final List<String> labels = new ArrayList<>();

  private final List<List<ContourLines.Line>> labelled = new ArrayList<>();

  /** In the plane of the drawing. */
  private List<List<double[]>> paths;

  private List<double[]> starts;
  private List<double[]> ends;

  private MinimumPlot(List<Minimum> found, Iterates iterates, boolean many) {
    this.problem = found.get(0).problem();
    this.found = found;
    this.many = many;
    view = new MinimumView(found, iterates, many);
    xRange = view.range(0);
  }

  /**
   * Draws searches for one problem into a file.
   *
   * @param path the file, its ending says the format
   * @param found what they found, at least one
   * @param iterates their steps
   * @param many whether there were several starts
   * @return false if f has no two different values where the searches went, and no file is written
   */
  static boolean write(Path path, List<Minimum> found, Iterates iterates, boolean many) {
    return PlotFile.write(
        path,
        () -> {
          MinimumPlot plot = new MinimumPlot(found, iterates, many);
          boolean drawn =
              !plot.view.minima().isEmpty()
                  && (plot.problem.freeCount() == 1 ? plot.curve() : plot.contours());
          return drawn ? new PlotFile.Drawing(WIDTH, HEIGHT, plot.title(), plot::paint) : null;
        });
  }

  private String title() {
    return "minimise " + problem.objective();
  }

  private void begin(String yTitle) {
    chart = new XYChart(WIDTH, HEIGHT);
    ChartStyle.apply(chart.getStyler(), xRange, yRange);
    ChartStyle.legendBelow(chart.getStyler());
    chart.getStyler().setMarkerSize(10);
    chart.getStyler().setPlotContentSize(1);
    chart.setTitle(ChartStyle.title(title()));
    chart.setXAxisTitle(view.name(0));
    chart.setYAxisTitle(yTitle);
  }

  /** Lines of equal f over two parameters. */
  private boolean contours() {
    double[] x = view.grid(0, GRID, LEAST_GRID);
    double[] y = view.grid(1, GRID, LEAST_GRID);
    Objective drawn = view.drawn(LEAST_GRID);
    double[] values = MinimumView.values(drawn, x, y);
    List<BigDecimal> levels = ContourLevels.of(values);
    if (levels.isEmpty()) {
      return false;
    }
    yRange = view.range(1);
    paths = view.paths();
    starts = view.starts();
    ends = view.minima();
    begin(view.name(1));
    boolean named = false;
    for (int k = 0; k < levels.size(); k++) {
      List<ContourLines.Line> lines = ContourLines.of(x, y, values, levels.get(k).doubleValue());
      float share = levels.size() == 1 ? 0 : k / (levels.size() - 1f);
      if (!lines.isEmpty()) {
        XYSeries series = add("equal f " + k, lines, mix(share), 1.1f);
        series.setLabel("equal f" + view.drawnNote(drawn)).setShowInLegend(!named);
        named = true;
        labels.add(ContourLevels.label(levels.get(k)));
        labelled.add(lines);
      }
    }
    double least = found.get(0).value();
    if (!problem.constraints().isEmpty() && Double.isFinite(least)) {
      List<ContourLines.Line> lines = ContourLines.of(x, y, values, least);
      if (!lines.isEmpty()) {
        add("f = " + ContourLevels.label(least), lines, LOW, 1.8f, 7, 4);
      }
    }
    for (int k = 0; k < problem.constraints().size(); k++) {
      double[] g = MinimumView.values(problem.constraintFunctions().get(k), x, y);
      addConstraint(k, ContourLines.of(x, y, g, 0));
    }
    addBounds();
    addSearches();
    return true;
  }

  /** f over one parameter. */
  private boolean curve() {
    double[] x = view.grid(0, CURVE_POINTS, LEAST_CURVE_POINTS);
    Objective drawn = view.drawn(LEAST_CURVE_POINTS);
    double[] f = MinimumView.values(drawn, x);
    double[] sorted = Arrays.stream(f).filter(Double::isFinite).sorted().toArray();
    if (sorted.length < 2) {
      return false;
    }
    paths = view.paths().stream().map(this::withValues).filter(path -> path.size() > 1).toList();
    starts = withValues(view.starts());
    ends = withValues(view.minima());
    // A pole must not flatten all the rest.
    List<Double> shown = new ArrayList<>();
    shown.add(sorted[(int) (CUT * (sorted.length - 1))]);
    shown.add(sorted[(int) ((1 - CUT) * (sorted.length - 1))]);
    paths.forEach(path -> path.forEach(point -> shown.add(point[1])));
    starts.forEach(point -> shown.add(point[1]));
    ends.forEach(point -> shown.add(point[1]));
    double[] decisive = shown.stream().mapToDouble(Double::doubleValue).toArray();
    double height = sorted[sorted.length - 1] - sorted[0];
    AxisRange close = AxisRange.of(decisive);
    yRange =
        height < 3 * (close.high() - close.low())
            ? AxisRange.of(decisive, new double[] {sorted[0], sorted[sorted.length - 1]})
            : close;
    begin("f");
    add("f" + view.drawnNote(drawn), List.of(new ContourLines.Line(x, f, false)), LOW, 1.6f);
    for (int k = 0; k < problem.constraints().size(); k++) {
      double[] g = MinimumView.values(problem.constraintFunctions().get(k), x);
      List<ContourLines.Line> lines = new ArrayList<>();
      for (int i = 0; i + 1 < x.length; i++) {
        if (g[i] >= 0 != g[i + 1] >= 0 && Double.isFinite(g[i] - g[i + 1])) {
          double place = x[i] + (x[i + 1] - x[i]) * (g[i] / (g[i] - g[i + 1]));
          lines.add(across(0, place, g[i] >= 0));
        }
      }
      addConstraint(k, lines);
    }
    addBounds();
    addSearches();
    return true;
  }

  private List<double[]> withValues(List<double[]> points) {
    double[] values = view.values(points);
    List<double[]> all = new ArrayList<>();
    for (int k = 0; k < values.length; k++) {
      if (Double.isFinite(values[k])) {
        all.add(new double[] {points.get(k)[0], values[k]});
      }
    }
    return all;
  }

  private static Color mix(float share) {
    return new Color(
        Math.round(LOW.getRed() * (1 - share) + HIGH.getRed() * share),
        Math.round(LOW.getGreen() * (1 - share) + HIGH.getGreen() * share),
        Math.round(LOW.getBlue() * (1 - share) + HIGH.getBlue() * share));
  }

  /** A straight line through the whole plot. What it allows is on the lower side or not. */
  private ContourLines.Line across(int axis, double place, boolean lowerAllowed) {
    AxisRange other = axis == 0 ? yRange : xRange;
    // The side that is allowed is the left one.
    boolean ascending = (axis == 0) == lowerAllowed;
    double[] along = {
      ascending ? other.low() : other.high(), ascending ? other.high() : other.low()
    };
    double[] fixed = {place, place};
    return axis == 0
        ? new ContourLines.Line(fixed, along, false)
        : new ContourLines.Line(along, fixed, false);
  }

  private void addConstraint(int k, List<ContourLines.Line> lines) {
    if (lines.isEmpty()) {
      return;
    }
    Constraint constraint = problem.constraints().get(k);
    List<ContourLines.Line> all = new ArrayList<>(lines);
    if (!constraint.isEquality()) {
      lines.forEach(line -> all.addAll(ticks(line)));
    }
    String text = constraint.toString();
    String shown =
        text.length() <= LONGEST_ENTRY ? text : text.substring(0, LONGEST_ENTRY - 1) + "…";
    add("constraint " + k, all, CONSTRAINTS[k % CONSTRAINTS.length], 2f).setLabel(shown);
  }

  private void addBounds() {
    List<ContourLines.Line> lines = new ArrayList<>();
    for (int axis = 0; axis < problem.freeCount(); axis++) {
      AxisRange range = axis == 0 ? xRange : yRange;
      for (boolean lower : new boolean[] {true, false}) {
        double bound = lower ? view.lower(axis) : view.upper(axis);
        if (bound >= range.low() && bound <= range.high()) {
          ContourLines.Line line = across(axis, bound, !lower);
          lines.add(line);
          lines.addAll(ticks(line));
        }
      }
    }
    if (!lines.isEmpty()) {
      add("bounds", lines, LIMIT, 1.2f);
    }
  }

  /** Pixels for each unit of x, about. */
  private double perX() {
    return PLOT_WIDTH / (xRange.high() - xRange.low());
  }

  private double perY() {
    return PLOT_HEIGHT / (yRange.high() - yRange.low());
  }

  /** Short lines on the right of a line, at equal distances on the paper. */
  private List<ContourLines.Line> ticks(ContourLines.Line line) {
    double perX = perX();
    double perY = perY();
    List<ContourLines.Line> ticks = new ArrayList<>();
    double missing = TICK_DISTANCE / 2;
    for (int k = 0; k + 1 < line.x().length; k++) {
      double across = (line.x()[k + 1] - line.x()[k]) * perX;
      double up = (line.y()[k + 1] - line.y()[k]) * perY;
      double length = Math.hypot(across, up);
      for (; missing <= length && length > 0; missing += TICK_DISTANCE) {
        double share = missing / length;
        double x = line.x()[k] + share * (line.x()[k + 1] - line.x()[k]);
        double y = line.y()[k] + share * (line.y()[k + 1] - line.y()[k]);
        ticks.add(
            new ContourLines.Line(
                new double[] {x, x + TICK_LENGTH * up / length / perX},
                new double[] {y, y - TICK_LENGTH * across / length / perY},
                false));
      }
      missing -= length;
    }
    return ticks;
  }

  private void addSearches() {
    List<ContourLines.Line> lines = new ArrayList<>();
    for (List<double[]> path : paths) {
      lines.add(new ContourLines.Line(coordinate(path, 0), coordinate(path, 1), false));
    }
    if (!lines.isEmpty()) {
      int steps = paths.get(0).size() - 1;
      String name =
          lines.size() > 1
              ? "paths of " + lines.size() + " searches"
              : "path, " + steps + (steps == 1 ? " step" : " steps");
      add("path", lines, ChartStyle.CURVE, many ? 0.8f : 1.4f).setLabel(name);
    }
    if (!starts.isEmpty()) {
      addMarkers(
          many ? "starts" : "start",
          starts,
          many ? SeriesMarkers.PLUS : SeriesMarkers.SQUARE,
          ChartStyle.CURVE);
    }
    if (!ends.isEmpty()) {
      Minimum best = found.get(0);
      String value = "f = " + ContourLevels.label(best.value());
      String name =
          !best.converged()
              ? "end, " + value
              : found.size() == 1 ? "minimum, " + value : found.size() + " minima, lowest " + value;
      addMarkers(name, ends, SeriesMarkers.DIAMOND, FOUND);
    }
  }

  private static double[] coordinate(List<double[]> points, int axis) {
    return points.stream().mapToDouble(point -> point[axis]).toArray();
  }

  private void addMarkers(String name, List<double[]> points, Marker marker, Color color) {
    XYSeries series =
        chart.addSeries(
            name, xRange.drawn(coordinate(points, 0)), yRange.drawn(coordinate(points, 1)));
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(marker);
    series.setMarkerColor(color);
  }

  /** One series of several lines: where y is no number the pen is lifted. */
  private XYSeries add(
      String name, List<ContourLines.Line> lines, Color color, float width, float... dashes) {
    List<ContourLines.Line> drawn =
        lines.stream().map(line -> line.thinned(perX(), perY(), THINNING)).toList();
    int size = drawn.stream().mapToInt(line -> line.x().length + 1).sum();
    double[] x = new double[size];
    double[] y = new double[size];
    int k = 0;
    for (ContourLines.Line line : drawn) {
      System.arraycopy(line.x(), 0, x, k, line.x().length);
      for (double value : line.y()) {
        y[k++] = Double.isFinite(value) ? value : Double.NaN;
      }
      x[k] = x[k - 1];
      y[k++] = Double.NaN;
    }
    XYSeries series = chart.addSeries(name, xRange.drawn(x), yRange.drawn(y));
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(
        new BasicStroke(
            width,
            BasicStroke.CAP_BUTT,
            BasicStroke.JOIN_ROUND,
            1,
            dashes.length == 0 ? null : dashes,
            0));
    series.setLineWidth(width);
    series.setLineColor(color);
    return series;
  }

  private void paint(Graphics2D graphics) {
    chart.paint(graphics, WIDTH, HEIGHT);
    List<double[]> steps = new ArrayList<>();
    for (List<double[]> path : paths) {
      // The last one has a marker of its own.
      for (double[] point : path.subList(0, Math.max(0, path.size() - 1))) {
        steps.add(new double[] {screenX(point[0]), screenY(point[1])});
      }
    }
    if (steps.size() <= MARKED_STEPS && paths.size() <= MARKED_PATHS) {
      graphics.setColor(ChartStyle.CURVE);
      for (double[] step : steps) {
        graphics.fill(new Ellipse2D.Double(step[0] - 2.5, step[1] - 2.5, 5, 5));
      }
    }
    ends.forEach(end -> steps.add(new double[] {screenX(end[0]), screenY(end[1])}));
    paintLabels(graphics, steps);
  }

  private double screenX(double x) {
    return chart.getScreenXFromChart(x / xRange.scale());
  }

  private double screenY(double y) {
    return chart.getScreenYFromChart(y / yRange.scale());
  }

  /** Writes each level on one of its lines, where nothing else stands. */
  private void paintLabels(Graphics2D graphics, List<double[]> steps) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 10));
    graphics.setStroke(new BasicStroke(1));
    FontMetrics metrics = graphics.getFontMetrics(graphics.getFont());
    Rectangle2D plot =
        new Rectangle2D.Double(
            screenX(xRange.low()),
            screenY(yRange.high()),
            screenX(xRange.high()) - screenX(xRange.low()),
            screenY(yRange.low()) - screenY(yRange.high()));
    List<Rectangle2D> taken = new ArrayList<>();
    steps.forEach(step -> taken.add(new Rectangle2D.Double(step[0] - 5, step[1] - 5, 10, 10)));
    for (int level = labels.size() - 1; level >= 0; level--) {
      double width = metrics.stringWidth(labels.get(level)) + 4.0;
      double height = metrics.getAscent();
      Rectangle2D box = place(labelled.get(level), width, height, plot, taken);
      if (box != null) {
        taken.add(box);
        graphics.setColor(new Color(255, 255, 255, 215));
        graphics.fill(box);
        graphics.setColor(new Color(0x33, 0x33, 0x33));
        graphics.drawString(labels.get(level), (float) box.getX() + 2, (float) (box.getMaxY() - 2));
      }
    }
  }

  /** A box around a point of one of the lines, the longest first; null if none is free. */
  private Rectangle2D place(
      List<ContourLines.Line> lines,
      double width,
      double height,
      Rectangle2D plot,
      List<Rectangle2D> taken) {
    List<ContourLines.Line> longest = new ArrayList<>(lines);
    longest.sort((a, b) -> b.x().length - a.x().length);
    for (ContourLines.Line line : longest) {
      int n = line.x().length;
      // Of a line too short for its label nothing would be left.
      if (n < 12) {
        continue;
      }
      for (int tried = 0; tried < 32; tried++) {
        // Halves, then quarters, then eighths: far from each other as long as there is room.
        double share = (Integer.reverse(tried) >>> 27) / 32.0;
        int k = (int) ((0.5 + share) % 1 * (n - 1));
        Rectangle2D box =
            new Rectangle2D.Double(
                screenX(line.x()[k]) - width / 2, screenY(line.y()[k]) - height / 2, width, height);
        if (plot.contains(box) && taken.stream().noneMatch(box::intersects)) {
          return box;
        }
      }
    }
    return null;
  }
}
