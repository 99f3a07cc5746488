package org.nabla4j.cli;

import java.awt.BasicStroke;
import java.awt.Color;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;

/** What all charts look like. */
final class ChartStyle {

  static final Color POINTS = new Color(0x1f, 0x4e, 0x79);
  static final Color CURVE = new Color(0xd1, 0x49, 0x2e);
  static final Color GRID = new Color(0xdd, 0xdd, 0xdd);

  private static final int LONGEST_TITLE = 100;

  private ChartStyle() {}

  /** Colours and lines, and axes over two ranges, which may be scaled. */
  static void apply(AxesChartStyler styler, AxisRange xRange, AxisRange yRange) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderColor(Color.GRAY);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(0.5f));
    styler.setChartTitleBoxVisible(false);
    styler.setLegendBorderColor(GRID);
    styler.setMarkerSize(6);
    styler.setXAxisTickMarkSpacingHint(80);
    double scaleX = xRange.scale();
    double scaleY = yRange.scale();
    styler.setXAxisMin(xRange.low() / scaleX);
    styler.setXAxisMax(xRange.high() / scaleX);
    styler.setYAxisMin(yRange.low() / scaleY);
    styler.setYAxisMax(yRange.high() / scaleY);
    styler.setXAxisTickLabelsFormattingFunction(tick -> xRange.label(tick * scaleX));
    styler.setYAxisTickLabelsFormattingFunction(tick -> yRange.label(tick * scaleY));
  }

  /** The legend below the plot, where it hides nothing and leaves the width alone. */
  static void legendBelow(Styler styler) {
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
  }

  /** A title that fits above a chart. */
  static String title(String text) {
    return text.length() <= LONGEST_TITLE ? text : text.substring(0, LONGEST_TITLE - 1) + "…";
  }
}
