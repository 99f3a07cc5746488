package org.nabla4j.cli;

import java.awt.Graphics2D;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.nabla4j.expression.Expression;
import org.nabla4j.regression.Design;
import org.nabla4j.regression.DesignColumn;
import org.nabla4j.regression.RegressionFit;
import org.nabla4j.regression.RowPass;

/**
 * Draws a regression: the response over the only number that explains it, or over what is fitted;
 * residuals against fitted values; and their quantiles against those of the normal distribution. Of
 * many rows a sample is drawn.
 */
final class RegressionPlot {

  /** Most rows that are drawn. */
  private static final int MOST_ROWS = 4000;

  private static final int CURVE_POINTS = 400;
  private static final int WIDTH = 1200;
  private static final int UPPER_HEIGHT = 420;
  private static final int LOWER_HEIGHT = 360;

  private final String title;
  private final String response;
  private final double[] fitted;
  private final double[] observed;
  private final double[] residuals;
  private final double[] standardized;
  private final String xName;
  private final double[] x;
  private final double[] curveX;
  private final double[] curveY;

  /**
   * Goes through the rows.
   *
   * @param predictions of the regression
   * @param mean what is fitted, of the row's symbols
   * @param scale what a residual is divided by, of the row's symbols
   * @param title of the drawing
   */
  RegressionPlot(RowPredictions predictions, Expression mean, Expression scale, String title) {
    this.title = title;
    RegressionFit fit = predictions.fit();
    Design design = fit.design();
    response = fit.response();
    RowSample sample = new RowSample(MOST_ROWS, 3);
    long[] before = {0};
    predictions.map(
        design,
        List.of(mean, RowPass.RESPONSE, scale),
        (count, values) -> {
          for (int i = 0; i < count; i++) {
            double f = values[0][i];
            double y = values[1][i];
            double s = values[2][i];
            if (Double.isFinite(f) && Double.isFinite(y) && Double.isFinite(s)) {
              sample.offer(before[0] + i, f, y, s);
            }
          }
          before[0] += count;
        });
    fitted = sample.column(0);
    observed = sample.column(1);
    residuals = new double[fitted.length];
    Arrays.setAll(residuals, i -> observed[i] - fitted[i]);
    double[] scales = sample.column(2);
    standardized = new double[fitted.length];
    Arrays.setAll(standardized, i -> residuals[i] / scales[i]);
    String only = onlyPredictor(design);
    if (only == null || fitted.length == 0) {
      xName = "fitted " + response;
      x = fitted;
      AxisRange range = AxisRange.of(fitted);
      curveX = new double[] {range.low(), range.high()};
      curveY = curveX;
    } else {
      xName = Expression.quotedSymbol(only).toString();
      x = predictor(predictions, only, sample.rows());
      curveX = grid(x);
      curveY = curve(fit, only, mean);
    }
  }

  /** The column of numbers on which alone everything depends, or null. */
  private static String onlyPredictor(Design design) {
    Set<String> names = new LinkedHashSet<>();
    for (DesignColumn column : design.columns()) {
      names.addAll(column.value().symbols());
      if (!column.indicators().isEmpty()) {
        return null;
      }
    }
    return names.size() == 1 && design.offset() == null ? names.iterator().next() : null;
  }

  /** The predictor's values in the rows of the sample. */
  private static double[] predictor(RowPredictions predictions, String name, long[] rows) {
    Design design = predictions.fit().design();
    List<Expression> responses = new ArrayList<>();
    responses.add(Expression.quotedSymbol(name));
    responses.addAll(design.responses());
    Design reading =
        new Design(
            design.numbers(),
            design.categories(),
            design.levels(),
            design.columns(),
            responses,
            design.weight(),
            design.offset(),
            design.cluster(),
            design.omitMissing());
    Map<Long, Integer> places = new HashMap<>();
    for (int i = 0; i < rows.length; i++) {
      places.put(rows[i], i);
    }
    double[] values = new double[rows.length];
    long[] before = {0};
    predictions.map(
        reading,
        List.of(RowPass.RESPONSE),
        (count, block) -> {
          for (int i = 0; i < count; i++) {
            Integer place = places.get(before[0] + i);
            if (place != null) {
              values[place] = block[0][i];
            }
          }
          before[0] += count;
        });
    return values;
  }

  private static double[] grid(double[] values) {
    double low = Arrays.stream(values).min().orElse(0);
    double high = Arrays.stream(values).max().orElse(1);
    double[] grid = new double[CURVE_POINTS];
    Arrays.setAll(grid, k -> low + (high - low) * k / (CURVE_POINTS - 1.0));
    return grid;
  }

  private double[] curve(RegressionFit fit, String name, Expression mean) {
    List<DesignColumn> columns = fit.design().columns();
    double[] coefficients = fit.coefficients();
    double[] values = new double[curveX.length];
    for (int k = 0; k < values.length; k++) {
      Map<String, Double> row = Map.of(name, curveX[k]);
      double eta = 0;
      for (int j = 0; j < coefficients.length; j++) {
        if (!Double.isNaN(coefficients[j])) {
          eta += coefficients[j] * columns.get(j).value().evaluate(row);
        }
      }
      values[k] =
          mean.evaluate(Map.of(RowPass.ETA.name(), eta, RowPass.WEIGHT.name(), 1.0, "offset", 0.0));
    }
    return values;
  }

  /**
   * Draws into a file.
   *
   * @param path the file, its ending says the format
   * @return false if no row has a finite residual, and no file is written
   */
  boolean write(Path path) {
    return fitted.length > 0
        && PlotFile.write(
            path,
            () -> new PlotFile.Drawing(WIDTH, UPPER_HEIGHT + LOWER_HEIGHT, title, this::paint));
  }

  private void paint(Graphics2D graphics) {
    fitChart().paint(graphics, WIDTH, UPPER_HEIGHT);
    graphics.translate(0, UPPER_HEIGHT);
    residualChart().paint(graphics, WIDTH / 2, LOWER_HEIGHT);
    graphics.translate(WIDTH / 2, 0);
    quantileChart().paint(graphics, WIDTH / 2, LOWER_HEIGHT);
  }

  XYChart fitChart() {
    AxisRange xRange = AxisRange.of(x, curveX);
    AxisRange yRange = AxisRange.of(observed, curveY);
    XYChart chart = chart(WIDTH, UPPER_HEIGHT, xRange, yRange, xName, response);
    chart.getStyler().setChartTitleVisible(true);
    chart.setTitle(ChartStyle.title(title));
    addPoints(chart, "data", xRange.drawn(x), yRange.drawn(observed));
    addLine(chart, "fit", xRange.drawn(curveX), yRange.drawn(curveY));
    return chart;
  }

  XYChart residualChart() {
    AxisRange xRange = AxisRange.of(fitted);
    AxisRange yRange = AxisRange.of(residuals, new double[] {0});
    XYChart chart =
        chart(WIDTH / 2, LOWER_HEIGHT, xRange, yRange, "fitted " + response, "residual");
    addPoints(chart, "residual", xRange.drawn(fitted), yRange.drawn(residuals));
    addLine(
        chart,
        "zero",
        xRange.drawn(new double[] {xRange.low(), xRange.high()}),
        yRange.drawn(new double[2]));
    return chart;
  }

  /** Points on the line are normal with the variance that was estimated. */
  XYChart quantileChart() {
    double[] sorted = Arrays.stream(standardized).filter(Double::isFinite).sorted().toArray();
    double[] normal = new double[sorted.length];
    NormalDistribution distribution = NormalDistribution.of(0, 1);
    Arrays.setAll(
        normal, i -> distribution.inverseCumulativeProbability((i + 0.5) / normal.length));
    AxisRange xRange = AxisRange.of(normal);
    AxisRange yRange = AxisRange.of(sorted, normal);
    XYChart chart =
        chart(WIDTH / 2, LOWER_HEIGHT, xRange, yRange, "normal quantile", "standardised residual");
    if (sorted.length > 0) {
      addPoints(chart, "residual", xRange.drawn(normal), yRange.drawn(sorted));
      double[] ends = {xRange.low(), xRange.high()};
      addLine(chart, "normal", xRange.drawn(ends), yRange.drawn(ends));
    }
    return chart;
  }

  private static XYChart chart(
      int width, int height, AxisRange xRange, AxisRange yRange, String xTitle, String yTitle) {
    XYChart chart = new XYChart(width, height);
    ChartStyle.apply(chart.getStyler(), xRange, yRange);
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setChartTitleVisible(false);
    chart.getStyler().setMarkerSize(4);
    chart.setXAxisTitle(ChartStyle.title(xTitle));
    chart.setYAxisTitle(ChartStyle.title(yTitle));
    return chart;
  }

  private static void addPoints(XYChart chart, String name, double[] x, double[] y) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setMarkerColor(ChartStyle.POINTS);
  }

  private static void addLine(XYChart chart, String name, double[] x, double[] y) {
    int[] finite =
        java.util.stream.IntStream.range(0, x.length)
            .filter(k -> Double.isFinite(x[k]) && Double.isFinite(y[k]))
            .toArray();
    if (finite.length == 0) {
      return;
    }
    XYSeries series =
        chart.addSeries(
            name,
            Arrays.stream(finite).mapToDouble(k -> x[k]).toArray(),
            Arrays.stream(finite).mapToDouble(k -> y[k]).toArray());
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(ChartStyle.CURVE);
    series.setLineWidth(1.6f);
  }
}
