package org.nabla4j.cli;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nabla4j.data.Column;
import org.nabla4j.objective.FormulaModel;
import org.nabla4j.objective.LeastSquaresProblem;
import org.nabla4j.result.FitResult;

/**
 * Draws a fit: the points with ±σ and the curve, below them the residuals. A model of several
 * columns has no curve; its points are drawn over what the model predicts for them.
 */
final class FitPlot {

  /** Most points that are drawn; of more every so many-th is. */
  private static final int MAX_POINTS = 5000;

  private static final int CURVE_POINTS = 600;
  private static final int WIDTH = 900;
  private static final int MAIN_HEIGHT = 480;
  private static final int RESIDUAL_HEIGHT = 220;
  private static final int HEIGHT = MAIN_HEIGHT + RESIDUAL_HEIGHT;

  /** Least width left of the plots, for the labels of the y axes. */
  private static final int LEFT_WIDTH = 90;

  /** The points that are drawn; none has a missing value. */
  private final double[] x;

  private final double[] observed;
  private final double[] residual;
  private final double[] sigma;
  private final double[] curveX;
  private final double[] curveY;
  private final AxisRange xRange;
  private final String title;
  private final String xName;
  private final String yName;

  FitPlot(FitResult fit) {
    LeastSquaresProblem problem = fit.problem();
    FormulaModel model = (FormulaModel) problem.model();
    Set<String> symbols = model.prediction().symbols();
    List<String> predictors = model.columns().stream().filter(symbols::contains).toList();
    int[] rows = rows(Math.toIntExact(problem.points()));
    Map<String, double[]> data = new LinkedHashMap<>();
    for (String name : predictors) {
      data.put(name, values(problem.column(name), rows));
    }
    double[] all = fit.residuals();
    double[] shown = Arrays.stream(rows).mapToDouble(k -> all[k]).toArray();
    // A model without columns predicts the same everywhere.
    double[] predicted =
        predictors.isEmpty() ? constant(fit, model, rows.length) : fit.predict(data);
    double[] place =
        predictors.size() == 1
            ? data.get(predictors.get(0))
            : predictors.isEmpty()
                ? Arrays.stream(rows).mapToDouble(k -> k + 1.0).toArray()
                : predicted;
    double[] spread = spread(fit, rows);
    int[] keep =
        java.util.stream.IntStream.range(0, rows.length)
            .filter(k -> Double.isFinite(shown[k]) && Double.isFinite(place[k]))
            .toArray();
    x = pick(place, keep);
    residual = pick(shown, keep);
    sigma = spread == null ? null : pick(spread, keep);
    observed = pick(predicted, keep);
    for (int k = 0; k < observed.length; k++) {
      observed[k] += residual[k];
    }
    double low = Arrays.stream(x).min().orElse(0);
    double high = Arrays.stream(x).max().orElse(1);
    curveX = new double[CURVE_POINTS];
    // Not equally spaced: where all the places are, the chart puts its ticks on some of them.
    Arrays.setAll(
        curveX,
        k -> {
          double share = k / (CURVE_POINTS - 1.0);
          return k == CURVE_POINTS - 1 ? high : low + (high - low) * share * (0.9 + 0.1 * share);
        });
    xRange = AxisRange.of(low, high);
    curveY =
        predictors.size() == 1
            ? fit.predict(Map.of(predictors.get(0), curveX))
            : predictors.isEmpty() ? constant(fit, model, CURVE_POINTS) : curveX;
    title = model.toString();
    yName = model.response().toString();
    xName =
        predictors.size() == 1
            ? predictors.get(0)
            : predictors.isEmpty() ? "row" : "predicted " + yName;
  }

  /**
   * Draws a fit of a formula into a file.
   *
   * @param path the file, its ending says the format
   * @param fit the fit
   * @return false if no point has a finite residual, and no file is written
   */
  static boolean write(Path path, FitResult fit) {
    return PlotFile.write(
        path,
        () -> {
          FitPlot plot = new FitPlot(fit);
          return plot.x.length == 0
              ? null
              : new PlotFile.Drawing(WIDTH, HEIGHT, plot.title, plot::paint);
        });
  }

  /** The rows to draw. */
  private static int[] rows(int n) {
    int count = Math.min(n, MAX_POINTS);
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> (int) ((long) n * i / count));
    return rows;
  }

  private static double[] values(Column column, int[] rows) {
    return Arrays.stream(rows).mapToDouble(k -> column.value(0, k)).toArray();
  }

  private static double[] pick(double[] values, int[] keep) {
    return Arrays.stream(keep).mapToDouble(k -> values[k]).toArray();
  }

  private static double[] constant(FitResult fit, FormulaModel model, int length) {
    double[] values = new double[length];
    Arrays.fill(values, model.prediction().evaluate(fit.toMap()));
    return values;
  }

  /** σ of the points; null without σ and weights. */
  private static double[] spread(FitResult fit, int[] rows) {
    LeastSquaresProblem problem = fit.problem();
    if (problem.sigma().isPresent()) {
      return values(problem.sigma().get(), rows);
    }
    if (problem.weights().isPresent()) {
      return Arrays.stream(values(problem.weights().get(), rows))
          .map(w -> w > 0 ? 1 / Math.sqrt(w) : 0)
          .toArray();
    }
    return null;
  }

  private void paint(Graphics2D graphics) {
    XYChart main = mainChart();
    XYChart residuals = residualChart();
    align(main, residuals);
    main.paint(graphics, WIDTH, MAIN_HEIGHT);
    graphics.translate(0, MAIN_HEIGHT);
    residuals.paint(graphics, WIDTH, RESIDUAL_HEIGHT);
  }

  /** Gives both the wider margin, so that their x axes stand one above the other. */
  static void align(XYChart main, XYChart residuals) {
    double width = LEFT_WIDTH;
    for (XYChart chart : List.of(main, residuals)) {
      Graphics2D trial = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
      chart.paint(trial, chart.getWidth(), chart.getHeight());
      trial.dispose();
      width = Math.max(width, chart.getYAxisLeftWidth());
    }
    int hint = (int) Math.ceil(width);
    main.getStyler().setYAxisLeftWidthHint(hint);
    residuals.getStyler().setYAxisLeftWidthHint(hint);
  }

  XYChart mainChart() {
    AxisRange range = AxisRange.of(withSpread(observed), curveY);
    XYChart chart = chart(MAIN_HEIGHT, range);
    chart.setTitle(ChartStyle.title(title));
    chart.setYAxisTitle(yName);
    ChartStyle.legendBelow(chart.getStyler());
    chart.getStyler().setXAxisTitleVisible(false);
    addPoints(chart, "data", observed, range);
    addLine(chart, "fit", curveY, range);
    return chart;
  }

  XYChart residualChart() {
    AxisRange range = AxisRange.of(withSpread(residual), new double[] {0});
    XYChart chart = chart(RESIDUAL_HEIGHT, range);
    chart.setXAxisTitle(xName);
    chart.setYAxisTitle("residual");
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartTitleVisible(false);
    addPoints(chart, "residual", residual, range);
    addLine(chart, "zero", new double[CURVE_POINTS], range);
    return chart;
  }

  /** Both ends of the error bars, or the points themselves. */
  private double[] withSpread(double[] y) {
    if (sigma == null) {
      return y;
    }
    double[] ends = new double[2 * y.length];
    for (int k = 0; k < y.length; k++) {
      ends[2 * k] = y[k] - sigma[k];
      ends[2 * k + 1] = y[k] + sigma[k];
    }
    return ends;
  }

  private XYChart chart(int height, AxisRange yRange) {
    XYChart chart = new XYChart(WIDTH, height);
    AxesChartStyler styler = chart.getStyler();
    ChartStyle.apply(styler, xRange, yRange);
    styler.setErrorBarsColor(ChartStyle.POINTS);
    styler.setYAxisLeftWidthHint(LEFT_WIDTH);
    return chart;
  }

  private void addPoints(XYChart chart, String name, double[] y, AxisRange yRange) {
    double[] drawnX = xRange.drawn(x);
    double[] drawnY = yRange.drawn(y);
    XYSeries series =
        sigma == null
            ? chart.addSeries(name, drawnX, drawnY)
            : chart.addSeries(name, drawnX, drawnY, yRange.drawn(sigma));
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(ChartStyle.POINTS);
  }

  private void addLine(XYChart chart, String name, double[] values, AxisRange yRange) {
    double[] lineX = xRange.drawn(curveX);
    double[] lineY = yRange.drawn(values);
    List<double[]> finite = new ArrayList<>();
    for (int k = 0; k < lineX.length; k++) {
      if (Double.isFinite(lineY[k])) {
        finite.add(new double[] {lineX[k], lineY[k]});
      }
    }
    if (finite.isEmpty()) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            name,
            finite.stream().mapToDouble(p -> p[0]).toArray(),
            finite.stream().mapToDouble(p -> p[1]).toArray());
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(ChartStyle.CURVE);
    series.setLineWidth(1.6f);
  }
}
