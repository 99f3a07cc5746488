package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.backend.Cancellation;
import org.nabla4j.backend.Execution;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.FormulaException;
import org.nabla4j.objective.MissingData;

class DesignTest {

  /** Every combination of the levels of a (3), b (2) and c (2), four times, with random numbers. */
  private static ListRows crossed() {
    int n = 48;
    Random random = new Random(7);
    String[] a = new String[n];
    String[] b = new String[n];
    String[] c = new String[n];
    for (int i = 0; i < n; i++) {
      a[i] = "a" + (3 - i % 3);
      b[i] = "b" + (1 + i / 3 % 2);
      c[i] = "c" + (1 + i / 6 % 2);
    }
    return new ListRows()
        .numbers("y", random.doubles(n).toArray())
        .numbers("x", random.doubles(n).toArray())
        .texts("a", a)
        .texts("b", b)
        .numbers("z", random.doubles(n).toArray())
        .texts("c", c);
  }

  private static Design design(String formula) {
    return RegressionFormula.parse(formula).design(crossed(), DesignOptions.defaults());
  }

  private static String names(Design design) {
    return design.columns().stream().map(DesignColumn::name).collect(Collectors.joining(" "));
  }

  /** Columns as R's model.matrix has them, a2 standing for C(a)[a2]; R 4.2.2. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y ~ x | (Intercept) x",
        "y ~ x + z | (Intercept) x z",
        "y ~ 1 | (Intercept)",
        "y ~ x - 1 | x",
        "y ~ 0 + x | x",
        "y ~ x + 0 + 1 | (Intercept) x",
        "y ~ a | (Intercept) a2 a3",
        "y ~ C(a) | (Intercept) a2 a3",
        "y ~ a - 1 | a1 a2 a3",
        "y ~ a + b | (Intercept) a2 a3 b2",
        "y ~ 0 + a + b | a1 a2 a3 b2",
        "y ~ x + a - 1 | x a1 a2 a3",
        "y ~ a + b + a:b | (Intercept) a2 a3 b2 a2:b2 a3:b2",
        "y ~ a + a:b | (Intercept) a2 a3 a1:b2 a2:b2 a3:b2",
        "y ~ a:b + a | (Intercept) a2 a3 a1:b2 a2:b2 a3:b2",
        "y ~ b + b:a | (Intercept) b2 b1:a2 b2:a2 b1:a3 b2:a3",
        "y ~ 0 + a:b | a1:b1 a2:b1 a3:b1 a1:b2 a2:b2 a3:b2",
        "y ~ x:a | (Intercept) x:a1 x:a2 x:a3",
        "y ~ x + x:a | (Intercept) x x:a2 x:a3",
        "y ~ a + a:x | (Intercept) a2 a3 a1:x a2:x a3:x",
        "y ~ a:x + x + a | (Intercept) x a2 a3 a2:x a3:x",
        "y ~ x:z | (Intercept) x:z",
        "y ~ x + z + x:z | (Intercept) x z x:z",
        "y ~ a + b + c + a:b + a:c + b:c + a:b:c | (Intercept) a2 a3 b2 c2 a2:b2 a3:b2"
            + " a2:c2 a3:c2 b2:c2 a2:b2:c2 a3:b2:c2",
        "y ~ a + a:b:x | (Intercept) a2 a3 a1:b1:x a2:b1:x a3:b1:x a1:b2:x a2:b2:x a3:b2:x",
        "y ~ a:b:x | (Intercept) a1:b1:x a2:b1:x a3:b1:x a1:b2:x a2:b2:x a3:b2:x",
        "y ~ x + x:a + x:b + x:a:b | (Intercept) x x:a2 x:a3 x:b2 x:a2:b2 x:a3:b2",
        "y ~ x + x | (Intercept) x",
        "y ~ a + b - a | (Intercept) b2",
        "y ~ x:a + a - 1 | a1 a2 a3 x:a1 x:a2 x:a3",
        "y ~ a:x + x:b | (Intercept) a1:x a2:x a3:x x:b2",
        "y ~ a + b + a:x + b:x | (Intercept) a2 a3 b2 a1:x a2:x a3:x b2:x",
      })
  void columnsAreThoseOfR(String formula, String columns) {
    assertEquals(columns.replaceAll("([abc])(\\d)", "C($1)[$1$2]"), names(design(formula)));
  }

  /** Where R's columns are dependent: a:b beside the intercept has 7 of rank 6. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y ~ a:b | (Intercept) b2 a2:b1 a3:b1 a2:b2 a3:b2",
        "y ~ a + b:c | (Intercept) a2 a3 c2 b2:c1 b2:c2",
        "y ~ 0 + a + b:c | a1 a2 a3 c2 b2:c1 b2:c2",
      })
  void columnsAreIndependentWhereThoseOfRAreNot(String formula, String columns) {
    assertEquals(columns.replaceAll("([abc])(\\d)", "C($1)[$1$2]"), names(design(formula)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "y ~ . | (Intercept) x C(a)[a2] C(a)[a3] C(b)[b2] z C(c)[c2]",
        "log(y) ~ . - a - b - c | (Intercept) x z",
        "y ~ . + x:z - C(a) - b - c | (Intercept) x z x:z",
        "y ~ log(z) + . - a - b - c - 1 | log(z) x z",
        "cbind(y, x) ~ . - a - b - c | (Intercept) z",
        "y ~ C(a, ref=a2) + a:x | (Intercept) C(a)[a1] C(a)[a3] C(a)[a1]:x C(a)[a2]:x C(a)[a3]:x",
        "y ~ x:z + x*z | (Intercept) x*z",
        "y ~ x^2 + I(x + z) + I(-x) | (Intercept) x^2 I(x + z) I(-x)",
        "y ~ x - x + x | (Intercept) x",
        "y ~ z:x - x:z | (Intercept)",
        "y ~ x + offset(z) + 0 | x",
      })
  void columnsHaveNames(String formula, String columns) {
    assertEquals(columns, names(design(formula)));
  }

  @Test
  void columnsAreProductsOfNumbersAndIndicators() {
    Design design = design("y ~ x:C(b):log(z):a");
    Expression value = Expression.symbol("x").times(Expression.symbol("z").log());
    assertEquals(List.of("b", "a"), design.categories());
    assertEquals(List.of(List.of("b1", "b2"), List.of("a1", "a2", "a3")), design.levels());
    assertEquals(List.of("y", "x", "z"), design.numbers());
    assertEquals(7, design.width());
    assertEquals(0, design.intercept());
    DesignColumn column = design.columns().get(4);
    assertEquals("x:C(b)[b2]:log(z):C(a)[a2]", column.name());
    assertEquals(value, column.value());
    assertEquals(
        List.of(new DesignColumn.Indicator(0, 1), new DesignColumn.Indicator(1, 1)),
        column.indicators());
    assertEquals(-1, design("y ~ x - 1").intercept());
  }

  @Test
  void optionsGiveWeightOffsetAndClusters() {
    DesignOptions options =
        DesignOptions.defaults()
            .withWeight("z")
            .withOffset("log(x)")
            .withCluster("c")
            .withMissing(MissingData.OMIT);
    Design design = RegressionFormula.parse("y ~ . + offset(x) - b").design(crossed(), options);
    assertEquals("(Intercept) C(a)[a2] C(a)[a3]", names(design));
    assertEquals(Expression.symbol("z"), design.weight());
    assertEquals("log(x) + x", design.offset().toString());
    assertEquals(List.of("a", "c"), design.categories());
    assertEquals(1, design.cluster());
    assertTrue(design.omitMissing());
    Design plain = design("y ~ x");
    assertEquals(-1, plain.cluster());
    assertEquals(null, plain.weight());
    assertEquals(null, plain.offset());
    assertFalse(plain.omitMissing());
    Design same =
        RegressionFormula.parse("y ~ a")
            .design(crossed(), DesignOptions.defaults().withCluster("a"));
    assertEquals(0, same.cluster());
  }

  @Test
  void levelsAreReadOnceAndOnlyIfTheyAreNeeded() {
    ListRows rows = crossed();
    RegressionFormula.parse("y ~ x").design(rows, DesignOptions.defaults());
    assertEquals(0, rows.reads);
    RegressionFormula.parse("y ~ a + b:c").design(rows, DesignOptions.defaults());
    assertEquals(1, rows.reads);
    DesignOptions given = DesignOptions.defaults().withLevels("a", List.of("a2", "a1", "a3"));
    rows.rereadable = false;
    Design design = RegressionFormula.parse("y ~ a").design(rows, given);
    assertEquals(1, rows.reads);
    assertEquals("(Intercept) C(a)[a1] C(a)[a3]", names(design));
    Design other = RegressionFormula.parse("y ~ a").design(rows, given.withReference("a", "a3"));
    assertEquals("(Intercept) C(a)[a2] C(a)[a1]", names(other));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> RegressionFormula.parse("y ~ a + b + C(x)").design(rows, given));
    assertEquals(
        "the table can be read only once: the levels of 'b', 'x' have to be given beforehand",
        e.getMessage());
  }

  @Test
  void levelsAreInNaturalOrder() {
    ListRows rows =
        new ListRows()
            .numbers("y", 1, 2, 3, 4, 5)
            .numbers("year", 1999, 10, 9, Double.NaN, 2000)
            .texts("dose", "d10", null, "d9", "d10", "d1");
    Design design =
        RegressionFormula.parse("y ~ C(year) + dose").design(rows, DesignOptions.defaults());
    assertEquals(
        List.of(List.of("9", "10", "1999", "2000"), List.of("d1", "d9", "d10")), design.levels());
    assertEquals(
        "(Intercept) C(year)[10] C(year)[1999] C(year)[2000] C(dose)[d9] C(dose)[d10]",
        names(design));
  }

  @Test
  void namesNeedNotBeIdentifiers() {
    ListRows rows =
        new ListRows()
            .numbers("y", 1, 2)
            .numbers("unit price", 1, 2)
            .numbers("log", 1, 2)
            .texts("größe", "a", "b")
            .numbers("x.1", 3, 4);
    Design all = RegressionFormula.parse("y ~ .").design(rows, DesignOptions.defaults());
    assertEquals("(Intercept) `unit price` `log` C(`größe`)[b] `x.1`", names(all));
    assertEquals(List.of("y", "unit price", "log", "x.1"), all.numbers());
    Design some =
        RegressionFormula.parse("y ~ log(`log`):C(größe) + `x.1`^2")
            .design(rows, DesignOptions.defaults().withWeight("`unit price`"));
    assertEquals(
        "(Intercept) `x.1`^2 log(`log`):C(`größe`)[a] log(`log`):C(`größe`)[b]", names(some));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "y ~ x + w | 8 | the table has no column 'w'; it has 'y', 'x', 'a', 'b', 'z', 'c'",
        "w ~ x | 0 | the table has no column 'w'",
        "y ~ log(w) | 8 | the table has no column 'w'",
        "y ~ C(w) | 6 | the table has no column 'w'",
        "y ~ offset(w) | 11 | the table has no column 'w'",
        "a ~ x | 0 | the column 'a' holds text, but a number is needed here",
        "y ~ x + log(a) | 12 | the column 'a' holds text, but a number is needed here",
        "y ~ x + y | 8 | the response y cannot explain itself",
        "log(y) ~ log(y) | 9 | the response log(y) cannot explain itself",
        "y ~ x - z | 8 | there is no term z to take away",
        "y ~ . - w | 8 | the table has no column 'w'",
        "y ~ 0 | 5 | the formula leaves no term and no intercept",
        "y ~ x - x - 1 | 13 | the formula leaves no term and no intercept",
        "y ~ x^0 | 4 | x^0 is the same in every row",
        "y ~ C(a, ref=a1) + C(a, ref=a2) | 21 | C(a) has two reference levels, 'a1' and this one",
      })
  void whatDoesNotFitTheTableIsPointedAt(String formula, int position, String problem) {
    FormulaException e = assertThrows(FormulaException.class, () -> design(formula));
    assertTrue(e.problem().startsWith(problem), e.getMessage());
    assertEquals(position, e.position(), e.getMessage());
  }

  private static void refused(String message, String formula, DesignOptions options) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> RegressionFormula.parse(formula).design(crossed(), options));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void optionsThatDoNotFitAreRefused() {
    DesignOptions none = DesignOptions.defaults();
    refused("weight: the table has no column 'w'", "y ~ x", none.withWeight("w"));
    refused("weight: the column 'a' holds text", "y ~ x", none.withWeight("a"));
    refused("offset: the table has no column 'w'", "y ~ x", none.withOffset("log(w)"));
    refused("cluster: the table has no column 'w'", "y ~ x", none.withCluster("w"));
    refused("levels: the table has no column 'w'", "y ~ a", none.withLevels("w", List.of("1")));
    refused("levels: 'b' is no category", "y ~ a", none.withLevels("b", List.of("1")));
    refused(
        "levels: 'x' is no category of the formula y ~ x; a column of numbers becomes one as C(x)",
        "y ~ x",
        none.withLevels("x", List.of("1")));
    refused("reference: 'b' is no category", "y ~ a", none.withReference("b", "1"));
    refused(
        "reference level 'a9' of 'a' is none of its levels 'a1', 'a2', 'a3'",
        "y ~ a",
        none.withReference("a", "a9"));
    refused("reference level 'a9' of 'a' is none", "y ~ C(a, ref=a9)", none);
    refused(
        "reference of 'a' is 'a1' in the options and 'a2' in the formula",
        "y ~ C(a, ref=a2)",
        none.withReference("a", "a1"));
    refused("C(a) has one level, 'a1'", "y ~ a", none.withLevels("a", List.of("a1")));
    assertEquals(
        "levels of 'a' must be different labels, at least one, but are [b, b]",
        assertThrows(IllegalArgumentException.class, () -> none.withLevels("a", List.of("b", "b")))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> none.withLevels("a", List.of()));
    assertThrows(IllegalArgumentException.class, () -> none.withWeight("w = 2"));
    assertThrows(FormulaException.class, () -> none.withOffset("log("));
  }

  @Test
  void emptyAndConstantCategoriesAreRefused() {
    ListRows rows =
        new ListRows().numbers("y", 1, 2).texts("none", null, null).texts("same", "s", "s");
    DesignOptions options = DesignOptions.defaults();
    assertEquals(
        "'none' has no levels: the table holds no value of it",
        assertThrows(
                IllegalArgumentException.class,
                () -> RegressionFormula.parse("y ~ none").design(rows, options))
            .getMessage());
    FormulaException e =
        assertThrows(
            FormulaException.class,
            () -> RegressionFormula.parse("y ~ . - none").design(rows, options));
    assertEquals("C(same) has one level, 's', and nothing to compare it with", e.problem());
    assertEquals(4, e.position());
    assertEquals(
        "C(same)[s]", names(RegressionFormula.parse("y ~ same - 1").design(rows, options)));
  }

  @Test
  void tooManyLevelsAndColumnsAreRefused() {
    int n = 20_001;
    String[] id = IntStream.range(0, n).mapToObj(i -> "id" + i).toArray(String[]::new);
    String[] half = IntStream.range(0, n).mapToObj(i -> "h" + i % 150).toArray(String[]::new);
    String[] other = IntStream.range(0, n).mapToObj(i -> "o" + i % 140).toArray(String[]::new);
    ListRows rows =
        new ListRows()
            .numbers("y", new double[n])
            .texts("id", id)
            .texts("h", half)
            .texts("o", other);
    rows.blockRows = 4096;
    FormulaException e =
        assertThrows(
            FormulaException.class,
            () -> RegressionFormula.parse("y ~ h:o").design(rows, DesignOptions.defaults()));
    assertEquals("with C(h):C(o) the design would have more than 20000 columns", e.problem());
    IllegalArgumentException levels =
        assertThrows(
            IllegalArgumentException.class,
            () -> RegressionFormula.parse("y ~ id").design(rows, DesignOptions.defaults()));
    assertEquals(
        "'id' has at least 12288 levels in the first 12288 rows, but at most 10000 can be told"
            + " apart: is it a name or a number of each row?",
        levels.getMessage());
    Design clusters =
        RegressionFormula.parse("y ~ 1").design(rows, DesignOptions.defaults().withCluster("id"));
    assertEquals(n, clusters.levels().get(0).size());
  }

  @Test
  void readingLevelsIsWatchedAndCancelled() {
    AtomicLong told = new AtomicLong();
    Execution watched = Execution.defaults().withListener((done, total) -> told.set(done * total));
    RegressionFormula.parse("y ~ a").design(crossed(), DesignOptions.defaults(), watched);
    assertEquals(48 * 48, told.get());
    Cancellation cancellation = new Cancellation();
    cancellation.cancel();
    Execution cancelled = Execution.defaults().withCancellation(cancellation);
    assertThrows(
        CancellationException.class,
        () ->
            RegressionFormula.parse("y ~ a")
                .design(crossed(), DesignOptions.defaults(), cancelled));
  }

  /** Columns are independent, and span what all products of indicators would. */
  @Property(tries = 300)
  void codingHasFullRank(@ForAll long seed) {
    Random random = new Random(seed);
    String[] factors = {"a", "b", "c", "x", "z"};
    List<List<String>> terms = new ArrayList<>();
    for (int i = random.nextInt(5); i >= 0; i--) {
      List<String> term = new ArrayList<>();
      for (int k = random.nextInt(4); k >= 0; k--) {
        String factor = factors[random.nextInt(factors.length)];
        if (!term.contains(factor)) {
          term.add(factor);
        }
      }
      terms.add(term);
    }
    boolean intercept = random.nextBoolean();
    String formula =
        "y ~ "
            + (intercept ? "1 + " : "0 + ")
            + terms.stream().map(t -> String.join(":", t)).collect(Collectors.joining(" + "));
    ListRows rows = crossed();
    Design design = design(formula);
    int width = design.width();
    assertEquals(width, rank(values(design, rows)), formula);
    List<DesignColumn> naive = new ArrayList<>();
    if (intercept) {
      naive.add(new DesignColumn("1", Expression.constant(1), List.of()));
    }
    for (List<String> term : terms) {
      addAll(naive, design, term, 0, Expression.constant(1), List.of());
    }
    List<DesignColumn> both = new ArrayList<>(design.columns());
    both.addAll(naive);
    assertEquals(width, rank(values(with(design, naive), rows)), formula);
    assertEquals(width, rank(values(with(design, both), rows)), formula);
  }

  private static Design with(Design design, List<DesignColumn> columns) {
    return new Design(
        design.numbers(),
        design.categories(),
        design.levels(),
        columns,
        design.responses(),
        null,
        null,
        -1,
        false);
  }

  private static void addAll(
      List<DesignColumn> target,
      Design design,
      List<String> term,
      int at,
      Expression value,
      List<DesignColumn.Indicator> indicators) {
    if (at == term.size()) {
      target.add(new DesignColumn("t", value, indicators));
      return;
    }
    int category = design.categories().indexOf(term.get(at));
    if (category < 0) {
      addAll(
          target, design, term, at + 1, value.times(Expression.symbol(term.get(at))), indicators);
      return;
    }
    for (int level = 0; level < design.levels().get(category).size(); level++) {
      List<DesignColumn.Indicator> more = new ArrayList<>(indicators);
      more.add(new DesignColumn.Indicator(category, level));
      addAll(target, design, term, at + 1, value, more);
    }
  }

  private static double[][] values(Design design, ListRows rows) {
    double[][] matrix = new double[(int) rows.count()][design.width()];
    for (int i = 0; i < matrix.length; i++) {
      Map<String, Double> numbers = new HashMap<>();
      for (String name : design.numbers()) {
        numbers.put(name, ((double[]) rows.columns.get(name))[i]);
      }
      for (int j = 0; j < design.width(); j++) {
        DesignColumn column = design.columns().get(j);
        double value = column.value().evaluate(numbers);
        for (DesignColumn.Indicator indicator : column.indicators()) {
          String label = rows.label(design.categories().get(indicator.category()), i);
          String level = design.levels().get(indicator.category()).get(indicator.level());
          value = level.equals(label) ? value : 0;
        }
        matrix[i][j] = value;
      }
    }
    return matrix;
  }

  /** By elimination with complete pivoting. */
  private static int rank(double[][] a) {
    int rank = 0;
    int n = a.length;
    int p = n == 0 ? 0 : a[0].length;
    while (rank < Math.min(n, p)) {
      int row = rank;
      int column = rank;
      for (int i = rank; i < n; i++) {
        for (int j = rank; j < p; j++) {
          if (Math.abs(a[i][j]) > Math.abs(a[row][column])) {
            row = i;
            column = j;
          }
        }
      }
      if (Math.abs(a[row][column]) < 1e-9) {
        break;
      }
      double[] swapped = a[row];
      a[row] = a[rank];
      a[rank] = swapped;
      for (double[] line : a) {
        double value = line[column];
        line[column] = line[rank];
        line[rank] = value;
      }
      for (int i = rank + 1; i < n; i++) {
        double factor = a[i][rank] / a[rank][rank];
        for (int j = rank; j < p; j++) {
          a[i][j] -= factor * a[rank][j];
        }
      }
      rank++;
    }
    return rank;
  }
}
