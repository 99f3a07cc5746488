package org.nabla4j.regression;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.Formula;
import org.nabla4j.objective.MissingData;

/**
 * What a design needs to know beside its formula. Immutable; every {@code with} method returns a
 * changed copy.
 */
public final class DesignOptions {

  private static final DesignOptions DEFAULTS =
      new DesignOptions(null, null, null, MissingData.REFUSE, Map.of(), Map.of());

  private final Expression weight;
  private final Expression offset;
  private final String cluster;
  private final MissingData missing;
  private final Map<String, List<String>> levels;
  private final Map<String, String> references;

  private DesignOptions(
      Expression weight,
      Expression offset,
      String cluster,
      MissingData missing,
      Map<String, List<String>> levels,
      Map<String, String> references) {
    this.weight = weight;
    this.offset = offset;
    this.cluster = cluster;
    this.missing = missing;
    this.levels = levels;
    this.references = references;
  }

  /**
   * No weight, no offset, no clusters, missing values refused, levels read from the table.
   *
   * @return the options
   */
  public static DesignOptions defaults() {
    return DEFAULTS;
  }

  /**
   * Weighs rows.
   *
   * @param expression prior weight of a row, of the table's columns, finite and ≥ 0
   * @return a changed copy
   * @throws org.nabla4j.expression.FormulaException if the text is no expression
   */
  public DesignOptions withWeight(String expression) {
    Objects.requireNonNull(expression, "expression");
    return withWeight(expression("weight", expression));
  }

  /**
   * Weighs rows.
   *
   * @param expression prior weight of a row, of the table's columns, finite and ≥ 0
   * @return a changed copy
   */
  public DesignOptions withWeight(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    return new DesignOptions(expression, offset, cluster, missing, levels, references);
  }

  /**
   * Adds a known part to the linear predictor; offsets of the formula come on top.
   *
   * @param expression of the table's columns
   * @return a changed copy
   * @throws org.nabla4j.expression.FormulaException if the text is no expression
   */
  public DesignOptions withOffset(String expression) {
    Objects.requireNonNull(expression, "expression");
    return withOffset(expression("offset", expression));
  }

  /**
   * Adds a known part to the linear predictor; offsets of the formula come on top.
   *
   * @param expression of the table's columns
   * @return a changed copy
   */
  public DesignOptions withOffset(Expression expression) {
    Objects.requireNonNull(expression, "expression");
    return new DesignOptions(weight, expression, cluster, missing, levels, references);
  }

  private static Expression expression(String argument, String text) {
    Formula formula = Formula.parse(text);
    if (formula.response().isPresent()) {
      throw new IllegalArgumentException(
          argument + " must be an expression without '=', but is " + formula);
    }
    return formula.expression();
  }

  /**
   * Says which rows belong together.
   *
   * @param column a column of the table, numbers or text: rows with the same value are a cluster
   * @return a changed copy
   */
  public DesignOptions withCluster(String column) {
    Objects.requireNonNull(column, "column");
    return new DesignOptions(weight, offset, column, missing, levels, references);
  }

  /**
   * Says what becomes of rows in which something that is needed is missing.
   *
   * @param policy whether they are refused or left out
   * @return a changed copy
   */
  public DesignOptions withMissing(MissingData policy) {
    Objects.requireNonNull(policy, "policy");
    return new DesignOptions(weight, offset, cluster, policy, levels, references);
  }

  /**
   * Gives the levels of a category, so that the table need not be searched for them. The first one
   * is the reference unless another is asked for. A label in the table that is not among them is an
   * error when rows are summed.
   *
   * @param column a category of the formula, or the clusters' column
   * @param labels all levels in their order, at least one
   * @return a changed copy
   * @throws IllegalArgumentException if there is no label, or one twice
   */
  public DesignOptions withLevels(String column, List<String> labels) {
    Objects.requireNonNull(column, "column");
    List<String> copy = List.copyOf(Objects.requireNonNull(labels, "labels"));
    if (copy.isEmpty() || new HashSet<>(copy).size() < copy.size()) {
      throw new IllegalArgumentException(
          "levels of '" + column + "' must be different labels, at least one, but are " + copy);
    }
    return new DesignOptions(
        weight, offset, cluster, missing, added(levels, column, copy), references);
  }

  /**
   * Chooses the level with which a category's others are compared.
   *
   * @param column a category of the formula
   * @param label one of its levels
   * @return a changed copy
   */
  public DesignOptions withReference(String column, String label) {
    Objects.requireNonNull(column, "column");
    Objects.requireNonNull(label, "label");
    return new DesignOptions(
        weight, offset, cluster, missing, levels, added(references, column, label));
  }

  private static <T> Map<String, T> added(Map<String, T> map, String key, T value) {
    Map<String, T> copy = new LinkedHashMap<>(map);
    copy.put(key, value);
    return Collections.unmodifiableMap(copy);
  }

  /**
   * The prior weight.
   *
   * @return an expression of the table's columns, empty for 1
   */
  public Optional<Expression> weight() {
    return Optional.ofNullable(weight);
  }

  /**
   * The known part of the linear predictor.
   *
   * @return an expression of the table's columns, empty for 0
   */
  public Optional<Expression> offset() {
    return Optional.ofNullable(offset);
  }

  /**
   * The column that says which rows belong together.
   *
   * @return its name, empty where every row stands for itself
   */
  public Optional<String> cluster() {
    return Optional.ofNullable(cluster);
  }

  /**
   * What becomes of rows in which something is missing.
   *
   * @return the policy
   */
  public MissingData missing() {
    return missing;
  }

  /**
   * Levels of categories.
   *
   * @return for each column that was given its labels, unmodifiable
   */
  public Map<String, List<String>> levels() {
    return levels;
  }

  /**
   * Reference levels of categories.
   *
   * @return for each column that was given its label, unmodifiable
   */
  public Map<String, String> references() {
    return references;
  }
}
