package org.nabla4j.regression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.nabla4j.backend.Execution;
import org.nabla4j.data.Rows;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.expression.Op;
import org.nabla4j.expression.Simplifier;
import org.nabla4j.objective.MissingData;

/** Makes the design that a formula means for a table: looks up names, codes categories. */
final class DesignBuilder {
  static final int MOST_COLUMNS = 20_000;
  static final int MOST_LEVELS = 10_000;
  static final int MOST_CLUSTERS = 10_000_000;

  private static final int MOST_SHOWN = 12;

  private final RegressionFormula formula;
  private final Rows rows;
  private final DesignOptions options;
  private final Execution execution;

  /** The table's columns. */
  private final Map<String, Rows.Kind> fields = new LinkedHashMap<>();

  /** Columns that '.' does not stand for. */
  private final Set<String> taken = new HashSet<>();

  /** Terms in the model, with where they stand in the text. */
  private final Map<Term, Integer> terms = new LinkedHashMap<>();

  private final Map<String, String> references = new HashMap<>();
  private boolean intercept = true;
  private Expression offset;

  /** Categories and their levels. */
  private final List<String> categories = new ArrayList<>();

  private final List<List<String>> levels = new ArrayList<>();

  private final List<DesignColumn> columns = new ArrayList<>();

  DesignBuilder(RegressionFormula formula, Rows rows, DesignOptions options, Execution execution) {
    this.formula = formula;
    this.rows = rows;
    this.options = options;
    this.execution = execution;
    for (Rows.Field field : rows.fields()) {
      fields.put(field.name(), field.kind());
    }
  }

  Design build() {
    resolveFrame();
    for (RegressionFormula.Step step : formula.steps()) {
      take(step);
    }
    refuseResponses();
    List<Term> ordered = new ArrayList<>(terms.keySet());
    ordered.sort(Comparator.comparingInt(term -> term.factors().size()));
    if (ordered.isEmpty() && !intercept) {
      throw error("the formula leaves no term and no intercept", formula.text().length());
    }
    findCategories(ordered);
    code(ordered);
    return new Design(
        numbers(),
        categories,
        levels,
        columns,
        formula.responses(),
        options.weight().orElse(null),
        offset,
        options.cluster().map(categories::indexOf).orElse(-1),
        options.missing() == MissingData.OMIT);
  }

  /** Responses, weight, offset and clusters. */
  private void resolveFrame() {
    for (Expression response : formula.responses()) {
      for (String name : response.symbols()) {
        int place = formula.responsePlaces().getOrDefault(name, 0);
        requireNumber(name, place);
        taken.add(name);
      }
    }
    options.weight().ifPresent(expression -> requireNumbers("weight", expression));
    options.offset().ifPresent(expression -> requireNumbers("offset", expression));
    offset = options.offset().orElse(null);
    if (options.cluster().isPresent()) {
      String cluster = options.cluster().get();
      if (!fields.containsKey(cluster)) {
        throw new IllegalArgumentException("cluster: " + unknown(cluster));
      }
      taken.add(cluster);
    }
    for (RegressionFormula.Step step : formula.steps()) {
      if (step.kind() == RegressionFormula.Kind.OFFSET) {
        for (String name : step.offset().symbols()) {
          requireNumber(name, step.names().getOrDefault(name, step.place()));
          taken.add(name);
        }
        offset = offset == null ? step.offset() : offset.plus(step.offset());
      }
    }
  }

  private void requireNumbers(String argument, Expression expression) {
    for (String name : expression.symbols()) {
      Rows.Kind kind = fields.get(name);
      if (kind != Rows.Kind.NUMBER) {
        throw new IllegalArgumentException(
            argument + ": " + (kind == null ? unknown(name) : textual(name)));
      }
      taken.add(name);
    }
  }

  private void requireNumber(String name, int place) {
    Rows.Kind kind = fields.get(name);
    if (kind != Rows.Kind.NUMBER) {
      throw error(kind == null ? unknown(name) : textual(name), place);
    }
  }

  private String unknown(String name) {
    List<String> known = List.copyOf(fields.keySet());
    return rows.description()
        + " has no column '"
        + name
        + "'; it has "
        + known.stream()
            .limit(MOST_SHOWN)
            .map(column -> "'" + column + "'")
            .collect(Collectors.joining(", "))
        + (known.size() > MOST_SHOWN ? " and " + (known.size() - MOST_SHOWN) + " more" : "");
  }

  private static String textual(String name) {
    return "the column '" + name + "' holds text, but a number is needed here";
  }

  private void take(RegressionFormula.Step step) {
    switch (step.kind()) {
      case INTERCEPT -> intercept = step.added();
      case ALL_COLUMNS -> addAllColumns(step);
      case TERM -> {
        Term term = resolve(step);
        if (step.added()) {
          terms.putIfAbsent(term, step.place());
        } else if (terms.remove(term) == null) {
          throw error("there is no term " + term.text() + " to take away", step.place());
        }
      }
      case OFFSET -> {
        // Part of the frame.
      }
    }
  }

  private void addAllColumns(RegressionFormula.Step step) {
    fields.forEach(
        (name, kind) -> {
          if (!taken.contains(name)) {
            Factor factor =
                kind == Rows.Kind.TEXT
                    ? new Factor.Category(name, null)
                    : new Factor.Quantity(symbol(name, step.place()));
            terms.putIfAbsent(new Term(Set.of(factor)), step.place());
          }
        });
  }

  private Expression symbol(String name, int place) {
    try {
      return Expression.quotedSymbol(name);
    } catch (IllegalArgumentException e) {
      throw error("a column of the table has no usable name: " + e.getMessage(), place);
    }
  }

  /** The term in which columns of text are categories. */
  private Term resolve(RegressionFormula.Step step) {
    Set<Factor> factors = new LinkedHashSet<>();
    for (Factor factor : step.term().factors()) {
      factors.add(
          factor instanceof Factor.Category category
              ? resolve(category, step)
              : resolve((Factor.Quantity) factor, step));
    }
    Term term = new Term(factors);
    if (term.categories().size() > CategoryCoding.MOST_CATEGORIES) {
      throw error(
          "a term has at most "
              + CategoryCoding.MOST_CATEGORIES
              + " categories, but this one has "
              + term.categories().size(),
          step.place());
    }
    return term;
  }

  private Factor resolve(Factor.Category category, RegressionFormula.Step step) {
    String name = category.column();
    int place = step.names().getOrDefault(name, step.place());
    if (!fields.containsKey(name)) {
      throw error(unknown(name), place);
    }
    if (category.reference() != null) {
      String before = references.putIfAbsent(name, category.reference());
      if (before != null && !before.equals(category.reference())) {
        throw error(
            "C(" + name + ") has two reference levels, '" + before + "' and this one", place);
      }
    }
    return category.withoutReference();
  }

  private Factor resolve(Factor.Quantity quantity, RegressionFormula.Step step) {
    Expression expression = quantity.expression();
    if (expression.op() == Op.SYMBOL && fields.get(expression.name()) == Rows.Kind.TEXT) {
      return new Factor.Category(expression.name(), null);
    }
    for (String name : expression.symbols()) {
      requireNumber(name, step.names().getOrDefault(name, step.place()));
    }
    if (Simplifier.simplify(expression).op() == Op.CONSTANT) {
      throw error(quantity.text() + " is the same in every row", step.place());
    }
    return quantity;
  }

  private void refuseResponses() {
    for (Expression response : formula.responses()) {
      Integer place = terms.get(new Term(Set.of(new Factor.Quantity(response))));
      if (place != null) {
        throw error("the response " + response + " cannot explain itself", place);
      }
    }
  }

  private void findCategories(List<Term> ordered) {
    Set<String> coded = new LinkedHashSet<>();
    ordered.forEach(term -> coded.addAll(term.categories()));
    for (String name : options.references().keySet()) {
      if (!coded.contains(name)) {
        throw new IllegalArgumentException("reference: " + noCategory(name));
      }
    }
    categories.addAll(coded);
    options.cluster().filter(name -> !coded.contains(name)).ifPresent(categories::add);
    for (String name : options.levels().keySet()) {
      if (!categories.contains(name)) {
        throw new IllegalArgumentException("levels: " + noCategory(name));
      }
    }
    List<String> asked =
        categories.stream().filter(name -> !options.levels().containsKey(name)).toList();
    Map<String, List<String>> found = read(asked, coded);
    for (String name : categories) {
      List<String> labels = options.levels().getOrDefault(name, found.get(name));
      if (labels.isEmpty()) {
        throw new IllegalArgumentException(
            "'" + name + "' has no levels: " + rows.description() + " holds no value of it");
      }
      levels.add(labels);
    }
  }

  private String noCategory(String name) {
    if (!fields.containsKey(name)) {
      return unknown(name);
    }
    boolean number = fields.get(name) == Rows.Kind.NUMBER;
    return "'"
        + name
        + "' is no category of the formula "
        + formula
        + (number ? "; a column of numbers becomes one as C(" + name + ")" : "");
  }

  private Map<String, List<String>> read(List<String> asked, Set<String> coded) {
    Map<String, List<String>> found = new HashMap<>();
    if (asked.isEmpty()) {
      return found;
    }
    if (!rows.rereadable()) {
      throw new IllegalStateException(
          rows.description()
              + " can be read only once: the levels of "
              + asked.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "))
              + " have to be given beforehand");
    }
    List<Integer> limits =
        asked.stream().map(name -> coded.contains(name) ? MOST_LEVELS : MOST_CLUSTERS).toList();
    List<List<String>> read = CategoryLevels.read(rows, asked, limits, execution);
    for (int i = 0; i < asked.size(); i++) {
      found.put(asked.get(i), read.get(i));
    }
    return found;
  }

  private void code(List<Term> ordered) {
    CategoryCoding coding = new CategoryCoding();
    Set<DesignColumn> different = new HashSet<>();
    if (intercept) {
      coding.addIntercept();
      columns.add(new DesignColumn("(Intercept)", Expression.constant(1), List.of()));
    }
    for (Term term : ordered) {
      for (CategoryCoding.Block block : coding.add(term)) {
        addColumns(term, block, different);
      }
    }
  }

  /** One column for each combination of the levels that the block has, the first fastest. */
  private void addColumns(Term term, CategoryCoding.Block block, Set<DesignColumn> different) {
    List<String> names = term.categories();
    List<List<Integer>> choices = new ArrayList<>();
    long combinations = 1;
    for (int i = 0; i < names.size(); i++) {
      boolean present = (block.present() >> i & 1) != 0;
      boolean full = (block.full() >> i & 1) != 0;
      List<Integer> choice = present ? coded(names.get(i), full, term) : List.of();
      choices.add(choice);
      combinations =
          present ? Math.min(combinations * choice.size(), MOST_COLUMNS + 1L) : combinations;
    }
    if (columns.size() + combinations > MOST_COLUMNS) {
      throw error(
          "with " + term.text() + " the design would have more than " + MOST_COLUMNS + " columns",
          terms.get(term));
    }
    Expression value = null;
    for (Expression quantity : term.quantities()) {
      value = value == null ? quantity : value.times(quantity);
    }
    value = value == null ? Expression.constant(1) : value;
    for (int combination = 0; combination < combinations; combination++) {
      List<DesignColumn.Indicator> indicators = new ArrayList<>();
      List<String> parts = new ArrayList<>();
      int rest = combination;
      int next = 0;
      for (Factor factor : term.factors()) {
        if (factor instanceof Factor.Category category) {
          List<Integer> choice = choices.get(next++);
          if (!choice.isEmpty()) {
            int index = categories.indexOf(category.column());
            int level = choice.get(rest % choice.size());
            rest /= choice.size();
            indicators.add(new DesignColumn.Indicator(index, level));
            parts.add(category.text() + "[" + levels.get(index).get(level) + "]");
          }
        } else {
          parts.add(factor.text());
        }
      }
      DesignColumn column = new DesignColumn(String.join(":", parts), value, indicators);
      // x1:x2 and x1*x2 are two terms of one column.
      if (different.add(new DesignColumn("", value, indicators))) {
        columns.add(column);
      }
    }
  }

  /** The levels of a category that have columns. */
  private List<Integer> coded(String category, boolean full, Term term) {
    List<String> labels = levels.get(categories.indexOf(category));
    int reference = reference(category, labels);
    List<Integer> coded = new ArrayList<>();
    for (int level = 0; level < labels.size(); level++) {
      if (full || level != reference) {
        coded.add(level);
      }
    }
    if (coded.isEmpty()) {
      throw error(
          "C("
              + category
              + ") has one level, '"
              + labels.get(0)
              + "', and nothing to compare it with",
          terms.get(term));
    }
    return coded;
  }

  private int reference(String category, List<String> labels) {
    String asked = options.references().get(category);
    String written = references.get(category);
    if (asked != null && written != null && !asked.equals(written)) {
      throw new IllegalArgumentException(
          "reference of '"
              + category
              + "' is '"
              + asked
              + "' in the options and '"
              + written
              + "' in the formula");
    }
    String label = asked == null ? written : asked;
    int index = label == null ? 0 : labels.indexOf(label);
    if (index < 0) {
      throw new IllegalArgumentException(
          "reference level '"
              + label
              + "' of '"
              + category
              + "' is none of its levels "
              + labels.stream()
                  .limit(MOST_SHOWN)
                  .map(level -> "'" + level + "'")
                  .collect(Collectors.joining(", "))
              + (labels.size() > MOST_SHOWN ? ", …" : ""));
    }
    return index;
  }

  /** The columns that some expression reads, in the order of the table. */
  private List<String> numbers() {
    List<Expression> all = new ArrayList<>(formula.responses());
    columns.forEach(column -> all.add(column.value()));
    options.weight().ifPresent(all::add);
    if (offset != null) {
      all.add(offset);
    }
    Set<String> used = new HashSet<>();
    new HashSet<>(all).forEach(expression -> used.addAll(expression.symbols()));
    return fields.keySet().stream().filter(used::contains).toList();
  }

  private FormulaException error(String problem, int place) {
    return new FormulaException(problem, formula.text(), place);
  }
}
