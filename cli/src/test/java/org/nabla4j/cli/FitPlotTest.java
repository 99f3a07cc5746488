package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;
import org.nabla4j.CurveFit;
import org.nabla4j.result.FitResult;

/** The axes of a plot's two panels. */
class FitPlotTest {

  /** Equally spaced points a decimal does not hold, values with long labels. */
  private static FitPlot decay() {
    double[] x = new double[14];
    Arrays.setAll(x, k -> k / 1.3);
    double[] y = new double[14];
    Arrays.setAll(y, k -> 1234567 * Math.exp(-0.3 * k) + (k % 3 - 1) * 0.08);
    return new FitPlot(fit("y = a*exp(-b*x)", new double[] {1e6, 0.4}, x, y));
  }

  private static FitResult fit(String formula, double[] start, double[] x, double[] y) {
    return CurveFit.of(formula).start(start).backend(new ReferenceBackend()).fit(x, y);
  }

  private static void paint(XYChart chart) {
    BufferedImage image =
        new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
    chart.paint(image.createGraphics(), chart.getWidth(), chart.getHeight());
  }

  /** Places of ticks with their labels. */
  private static Map<Double, String> ticks(XYChart chart, boolean horizontal) {
    Map<Double, String> ticks = new TreeMap<>();
    var styler = chart.getStyler();
    var label =
        horizontal
            ? styler.getXAxisTickLabelsFormattingFunction()
            : styler.getYAxisTickLabelsFormattingFunction();
    java.util.function.Function<Double, String> recorder =
        tick -> {
          ticks.put(tick, label.apply(tick));
          return label.apply(tick);
        };
    if (horizontal) {
      styler.setXAxisTickLabelsFormattingFunction(recorder);
    } else {
      styler.setYAxisTickLabelsFormattingFunction(recorder);
    }
    paint(chart);
    return ticks;
  }

  @Test
  void panelsShareTheirAxis() {
    FitPlot plot = decay();
    XYChart main = plot.mainChart();
    XYChart residuals = plot.residualChart();
    FitPlot.align(main, residuals);
    Map<Double, String> ticks = ticks(main, true);
    assertEquals(ticks, ticks(residuals, true));
    assertEquals("0", ticks.get(0.0));
    assertTrue(ticks.values().contains("2") && ticks.values().contains("10"), ticks.toString());
    paint(main);
    paint(residuals);
    for (double x : new double[] {0, 5, 10}) {
      assertEquals(main.getScreenXFromChart(x), residuals.getScreenXFromChart(x), 0.51);
    }
  }

  @Test
  void theLegendIsOutsideOfThePlot() {
    assertEquals(
        Styler.LegendPosition.OutsideS, decay().mainChart().getStyler().getLegendPosition());
  }

  @Test
  void smallResidualsHaveLabels() {
    Map<Double, String> ticks = ticks(decay().residualChart(), false);
    assertTrue(ticks.values().contains("0.04"), ticks.toString());
    assertTrue(ticks.values().contains("-0.04"), ticks.toString());
  }

  @Test
  void exactFitsHaveTicks() {
    double[] x = {0, 0.1, 0.2, 0.3};
    FitPlot plot =
        new FitPlot(fit("y = a + b*x", new double[] {1, 1}, x, new double[] {1, 1.2, 1.4, 1.6}));
    Map<Double, String> ticks = ticks(plot.residualChart(), false);
    assertEquals("0", ticks.get(0.0), ticks.toString());
    assertTrue(ticks.size() >= 3, ticks.toString());
    for (String label : ticks.values()) {
      assertTrue(label.length() <= 7, ticks.toString());
    }
  }

  /** Amperes of a small current: an axis has ticks however short it is. */
  @Test
  void smallValuesHaveTicks() {
    double[] x = {0, 1e-9, 2e-9, 3e-9};
    double[] y = {1e-12, 3e-12, 5.2e-12, 7e-12};
    FitPlot plot = new FitPlot(fit("y = 1e-12*(a + b*1e9*x)", new double[] {1, 1}, x, y));
    Map<Double, String> across = ticks(plot.mainChart(), true);
    assertTrue(across.values().containsAll(java.util.List.of("0", "1e-9", "2e-9")), across + "");
    Map<Double, String> up = ticks(plot.mainChart(), false);
    assertTrue(up.values().containsAll(java.util.List.of("2e-12", "4e-12")), up.toString());
    Map<Double, String> residuals = ticks(plot.residualChart(), false);
    assertTrue(residuals.values().contains("1e-13"), residuals.toString());
  }

  @Test
  void constantsHaveARange() {
    double[] ones = {1, 1, 1};
    FitPlot plot = new FitPlot(fit("y = a*x", new double[] {2}, ones, ones));
    assertTrue(ticks(plot.mainChart(), true).size() >= 2);
    assertTrue(ticks(plot.mainChart(), false).size() >= 2);
  }

  @Test
  void rangesHoldWhatTheyAreGiven() {
    double max = Double.MAX_VALUE;
    double[][] cases = {
      {0}, {5}, {-3e-300}, {0, 1e-16}, {1e9, 1e9 + 1}, {-max, max}, {Double.NaN, 2}, {}
    };
    for (double[] values : cases) {
      AxisRange range = AxisRange.of(values);
      String what = range + " of " + Arrays.toString(values);
      assertTrue(range.low() < range.high(), what);
      for (double value : values) {
        assertFalse(value < range.low() || value > range.high(), what);
      }
    }
  }

  @Test
  void labelsTellTicksApart() {
    AxisRange small = new AxisRange(-0.12, 0.12);
    assertEquals("0.05", small.label(0.05));
    assertEquals("-0.05", small.label(-0.05));
    assertEquals("0.1", small.label(0.1));
    assertEquals("0", small.label(-1.4e-17));
    assertEquals("100000", new AxisRange(0, 120000).label(100000));
    assertEquals("2e8", new AxisRange(0, 5e8).label(2e8));
    assertEquals("-1.5e-16", new AxisRange(-2e-16, 2e-16).label(-1.5e-16));
    AxisRange far = new AxisRange(1e9, 1e9 + 10);
    assertEquals("1.000000005e9", far.label(1e9 + 5));
    assertEquals("1.000000006e9", far.label(1e9 + 6));
  }
}
