package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.nabla4j.backend.Backend;
import org.nabla4j.backend.Backends;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;

/** Values of rows under a fit: predictions and diagnostics, from one pass over the rows. */
final class Predictor {

  private final RegressionFit fit;
  private final FitRecord record;
  private final Family family;
  private final double[] beta;

  Predictor(RegressionFit fit) {
    this.fit = fit;
    record = fit.values();
    if (record.covarianceUnknown()) {
      throw new IllegalStateException("the fit has no coefficients: " + record.status);
    }
    family = record.family == null ? Family.gaussian() : record.family;
    beta = record.coefficients.clone();
    for (int j = 0; j < beta.length; j++) {
      beta[j] = Double.isNaN(beta[j]) ? 0 : beta[j];
    }
  }

  void predict(Rows rows, double level, Execution execution, Predictions.Sink sink) {
    double quantile = fit.quantile(level);
    Expression error = RowPass.LEVERAGE.sqrt();
    if (!isKnown(record.covariance)) {
      error = Expression.constant(Double.NaN);
    }
    Expression eta = RowPass.ETA;
    Expression half = error.times(quantile);
    List<Expression> values = new ArrayList<>();
    values.add(family.mean());
    values.add(family.link().slope(eta).abs().times(error));
    Expression low = end(eta.minus(half));
    Expression high = end(eta.plus(half));
    boolean falling = family.link() == Link.INVERSE;
    values.add(falling ? high : low);
    values.add(falling ? low : high);
    if (family.equals(Family.gaussian())) {
      Expression spread = error.times(error).plus(record.dispersion).sqrt().times(quantile);
      values.add(eta.minus(spread));
      values.add(eta.plus(spread));
    }
    map(
        predicting(record.design),
        rows,
        execution,
        values,
        record.covariance,
        (count, block) -> sink.accept(new Predictions(count, block)));
  }

  /** The mean at an end of an interval of η, which may have left the range of η. */
  private Expression end(Expression eta) {
    return family.link().mean(family.link().isPositive() ? eta.max(0) : eta);
  }

  void diagnose(Rows rows, Execution execution, Diagnostics.Sink sink) {
    boolean known = record.bread != null && isKnown(record.bread);
    Expression h =
        known ? family.fisher().times(RowPass.LEVERAGE) : Expression.constant(Double.NaN);
    Expression residual = RowPass.RESPONSE.minus(family.mean());
    Expression pearson = family.pearson();
    Expression rest = Family.ONE.minus(h);
    Expression none = Expression.constant(Double.NaN);
    Expression influence = pearson.dividedBy(rest);
    List<Expression> values =
        List.of(
            residual,
            pearson,
            pearson.sign().times(family.deviance().max(0).sqrt()),
            Family.ifRest(rest, pearson.dividedBy(rest.times(record.dispersion).sqrt()), none),
            h,
            Family.ifRest(
                rest,
                influence.times(influence).times(h).dividedBy(record.dispersion * record.rank),
                none));
    map(
        leavingOut(record.design),
        rows,
        execution,
        values,
        known ? record.bread : record.covariance,
        (count, block) -> sink.accept(new Diagnostics(count, block)));
  }

  private boolean isKnown(double[][] covariance) {
    for (int j = 0; j < beta.length; j++) {
      if (!Double.isNaN(record.coefficients[j]) && Double.isNaN(covariance[j][j])) {
        return false;
      }
    }
    return true;
  }

  private void map(
      Design design,
      Rows rows,
      Execution execution,
      List<Expression> values,
      double[][] covariance,
      RowPasses.RowSink sink) {
    RowPass pass =
        RowPass.counting().withCoefficients(beta).withLeverageFactor(LeverageFactor.of(covariance));
    Backend backend = record.engine == null ? Backends.shared() : record.engine;
    try (RowPasses passes = backend.passes(design, rows, execution)) {
      passes.map(
          values,
          pass,
          (count, block) -> {
            double[][] own = new double[block.length][];
            for (int k = 0; k < own.length; k++) {
              own[k] = Arrays.copyOf(block[k], count);
            }
            sink.accept(count, own);
          });
    }
  }

  /** The design with rows left out in which something is missing. */
  private static Design leavingOut(Design d) {
    return new Design(
        d.numbers(),
        d.categories(),
        d.levels(),
        d.columns(),
        d.responses(),
        d.weight(),
        d.offset(),
        d.cluster(),
        true);
  }

  /** What of the design the linear predictor needs: no response, no weight, no cluster. */
  private static Design predicting(Design d) {
    Set<String> symbols = new LinkedHashSet<>();
    Set<Integer> used = new LinkedHashSet<>();
    for (DesignColumn column : d.columns()) {
      symbols.addAll(column.value().symbols());
      column.indicators().forEach(one -> used.add(one.category()));
    }
    if (d.offset() != null) {
      symbols.addAll(d.offset().symbols());
    }
    List<Integer> categories = List.copyOf(used);
    List<DesignColumn> columns = new ArrayList<>();
    for (DesignColumn column : d.columns()) {
      List<DesignColumn.Indicator> indicators =
          column.indicators().stream()
              .map(
                  one ->
                      new DesignColumn.Indicator(categories.indexOf(one.category()), one.level()))
              .toList();
      columns.add(new DesignColumn(column.name(), column.value(), indicators));
    }
    return new Design(
        d.numbers().stream().filter(symbols::contains).toList(),
        categories.stream().map(d.categories()::get).toList(),
        categories.stream().map(d.levels()::get).toList(),
        columns,
        List.of(),
        null,
        d.offset(),
        -1,
        true);
  }

  /** Blocks one after the other. */
  static double[][] joined(List<double[][]> blocks, int width) {
    int rows = 0;
    for (double[][] block : blocks) {
      rows = Math.addExact(rows, block[0].length);
    }
    double[][] all = new double[width][rows];
    int from = 0;
    for (double[][] block : blocks) {
      for (int k = 0; k < width; k++) {
        System.arraycopy(block[k], 0, all[k], from, block[k].length);
      }
      from += block[0].length;
    }
    return all;
  }
}
