package org.nabla4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nabla4j.expression.Expression;
import org.nabla4j.expression.FormulaException;

class RegressionFormulaTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "y~x | y ~ x",
        "y ~ x1 + x2 + log(x3) + x1:x2 + C(kind) | y ~ x1 + x2 + log(x3) + x1:x2 + C(kind)",
        "y ~ . | y ~ .",
        "y ~ . - id | y ~ . - id",
        "y ~ x - 1 | y ~ x - 1",
        "y ~ x + 0 | y ~ x - 1",
        "y ~ 0 + x | y ~ - 1 + x",
        "y ~ -1 + x | y ~ - 1 + x",
        "y ~ x - 0 | y ~ x + 1",
        "y ~ x + -1 | y ~ x - 1",
        "y ~ x - -z | y ~ x + z",
        "y ~ 1 | y ~ 1",
        "y ~ -x | y ~ - x",
        "y ~ x − z | y ~ x - z",
        "log(y) ~ ln(x) | log(y) ~ log(x)",
        "y1 + y2 ~ x | y1 + y2 ~ x",
        "cbind(y1, log(y2)) ~ x | cbind(y1, log(y2)) ~ x",
        "cbind(y, atan2(a, b)) ~ x | cbind(y, atan2(a, b)) ~ x",
        "cbind(y) ~ x | y ~ x",
        "cbind ~ x | cbind ~ x",
        "y ~ x^2 + x**-2 + 1e-5*x | y ~ x^2 + x^-2 + 1e-5*x",
        "y ~ I(x^2) | y ~ x^2",
        "y ~ I(a + b):c | y ~ I(a + b):c",
        "y ~ (a - b) | y ~ I(a - b)",
        "y ~ I(-a) | y ~ I(-a)",
        "y ~ a:-b | y ~ a:I(-b)",
        "y ~ x*-2 | y ~ x*(-2)",
        "y ~ I | y ~ I",
        "y ~ log(I(x) + 1) | y ~ log(x + 1)",
        "y ~ x > -2 + z | y ~ I(x > -2) + z",
        "y ~ where(x > 2, x - 2, 0) | y ~ where(x > 2, x - 2, 0)",
        "y ~ a:a:b | y ~ a:b",
        "y ~ C(a):C(b):x | y ~ C(a):C(b):x",
        "y ~ factor(a) + C | y ~ C(a) + C",
        "y ~ C(a, ref=b) | y ~ C(a, ref=b)",
        "y ~ C(a,ref='b') | y ~ C(a, ref=b)",
        "y ~ C(a, ref = -1.5) | y ~ C(a, ref=-1.5)",
        "y ~ C(a, ref=größer) | y ~ C(a, ref=größer)",
        "y ~ C(a, ref=\"b c\") | y ~ C(a, ref=\"b c\")",
        "y ~ C(a, ref='say \"hi\"') | y ~ C(a, ref=\"say \\\"hi\\\"\")",
        "y ~ C(a, ref='') | y ~ C(a, ref=\"\")",
        "y ~ `unit price` + `log` + `x` | y ~ `unit price` + `log` + x",
        "y ~ C(`my kind`) + C(größe) | y ~ C(`my kind`) + C(`größe`)",
        "`a ~ b` ~ `c + d`:`(` | `a ~ b` ~ `c + d`:`(`",
        "y ~ x + offset(log(n)) | y ~ x + offset(log(n))",
        "y ~ offset | y ~ offset",
        "y ~ x + x | y ~ x + x",
      })
  void formulasArePrintedInStandardSpelling(String text, String printed) {
    RegressionFormula formula = RegressionFormula.parse(text);
    assertEquals(printed, formula.toString());
    assertEquals(text, formula.text());
    RegressionFormula again = RegressionFormula.parse(printed);
    assertEquals(formula, again);
    assertEquals(formula.hashCode(), again.hashCode());
    assertEquals(printed, again.toString());
  }

  @Test
  void equalFormulasHaveTheSameSteps() {
    assertNotEquals(RegressionFormula.parse("y ~ x"), RegressionFormula.parse("y ~ x - 1"));
    assertNotEquals(RegressionFormula.parse("y ~ C(x)"), RegressionFormula.parse("y ~ x"));
    assertEquals(
        List.of(Expression.symbol("a"), Expression.symbol("b").log()),
        RegressionFormula.parse("cbind(a, log(b)) ~ x").responses());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "'' | 0 | a formula must not be empty",
        "y | 1 | a regression's formula has '~' between the response and the terms",
        "y = x | 2 | a regression's formula has '~'",
        "~ x | 0 | the response, left of '~', is missing",
        "2 ~ x | 0 | the response must have a column",
        "y ~ | 3 | expected a term after '~'",
        "y ~ x + | 7 | expected a term after '+'",
        "y ~ x ~ z | 6 | '~' stands once",
        "y ~ log(x ~ z) | 10 | '~' stands once",
        "y ~ x + 2 | 8 | a number is no term",
        "y ~ x:2 | 4 | a term must have a column",
        "y ~ log(2) | 4 | a term must have a column",
        "y ~ x: | 6 | expected a factor after ':'",
        "y ~ :x | 4 | expected a factor before ':'",
        "y ~ x + epx(z) | 8 | unknown function 'epx', did you mean 'exp'?",
        "y ~ (x | 4 | '(' is never closed",
        "y ~ x) | 5 | ')' closes nothing",
        "y ~ x = z | 6 | '=' has no meaning here",
        "y ~ .:x | 4 | '.' stands for all columns, and only alone",
        "y ~ x - . | 8 | '.' stands for all columns and cannot be taken away",
        "y ~ sepal.length | 9 | such a name stands in backquotes: `sepal.length`",
        "y ~ x.1 | 5 | such a name stands in backquotes: `x.1`",
        "y ~ größe | 6 | such a name stands in backquotes: `größe`",
        "y ~ C(sepal.length) | 11 | such a name stands in backquotes: `sepal.length`",
        "y ~ `x | 4 | the name in backquotes never ends",
        "y ~ C(a, ref='b) | 13 | the label in quotation marks never ends",
        "y ~ C(a, b) | 8 | expected the reference level, C(a, ref=label)",
        "y ~ C(a, ref=) | 8 | expected the reference level",
        "y ~ C(a, ref=b c) | 14 | a label with other signs",
        "y ~ C(a + b) | 8 | C(…) takes the name of a column",
        "y ~ C(2) | 6 | expected the name of a column in C(…)",
        "y ~ 2*C(a) | 6 | C(…) is no number",
        "y ~ C() | 6 | expected the name of a column in C(…)",
        "y ~ offset() | 11 | expected an expression",
        "cbind() ~ x | 6 | expected a response",
        "y ~ log() | 4 | 'log' takes 1 argument",
        "y ~ x - offset(n) | 8 | an offset cannot be taken away",
        "y ~ offset(2) | 4 | a term must have a column",
        "cbind(y, y) ~ x | 9 | the response y stands twice",
        "cbind(y, ) ~ x | 9 | expected a response",
        "y ~ x %in% z | 6 | a formula has no character '%'",
        "y ~ x + 'z' | 8 | a formula has no character '''",
      })
  void errorsPointAtThePlace(String text, int position, String problem) {
    String formula = text.equals("''") ? "" : text;
    FormulaException e =
        assertThrows(FormulaException.class, () -> RegressionFormula.parse(formula));
    assertTrue(e.problem().startsWith(problem), e.getMessage());
    assertEquals(position, e.position(), e.getMessage());
    assertEquals(formula, e.text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(", ")", "+", "-", ":", "~", "`", "'", "\"", "I(", "C(", "x+", "x:", "^", ",", "."
      })
  void longTextsAreReadOrRefusedSoon(String piece) {
    for (int length : new int[] {99_000, 3_000_000}) {
      String text = "y ~ " + piece.repeat(length / piece.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(20),
          () -> {
            try {
              RegressionFormula.parse(text);
            } catch (FormulaException e) {
              assertTrue(e.getMessage().length() < 400, "a message stays short");
            }
          });
    }
  }

  @Test
  void manyTermsAreRead() {
    StringBuilder text = new StringBuilder("y ~ x0");
    for (int i = 1; i < 8000; i++) {
      text.append(" + x").append(i);
    }
    RegressionFormula formula = RegressionFormula.parse(text.toString());
    assertEquals(8000, formula.steps().size());
    assertEquals(text.toString(), formula.toString());
  }

  @Test
  void noTermIsCutWhenItIsPrinted() {
    RegressionFormula longest = RegressionFormula.parse("y ~ I(" + "1e14+".repeat(398) + "x)");
    assertTrue(longest.toString().length() > 7000);
    assertEquals(
        longest,
        RegressionFormula.parse(
            longest.toString().replace("100000000000000", "1e14").replace(" ", "")));
    assertThrows(
        FormulaException.class, () -> RegressionFormula.parse("y ~ " + "x*".repeat(1000) + "x"));
  }

  @Property(tries = 3000)
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 60) String text) {
    readOrRefuse(text);
    readOrRefuse("y ~ " + text);
  }

  @Property(tries = 20_000)
  void anyMixOfTokensIsReadOrRefused(@ForAll long seed) {
    String[] tokens = {
      "x", "z", "kind", "1", "0", "2.5", "+", "-", "−", ":", "*", "/", "^", "(", ")", "I(", "C(",
      "log(", "offset(", ", ref=", "'a b'", "`q q`", ".", ",", " ", "<", "==", "~", "cbind(", "3e-2"
    };
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("y ~ x");
    for (int i = random.nextInt(12); i >= 0; i--) {
      text.append(tokens[random.nextInt(tokens.length)]);
    }
    readOrRefuse(text.toString());
  }

  private static void readOrRefuse(String text) {
    RegressionFormula formula;
    try {
      formula = RegressionFormula.parse(text);
    } catch (FormulaException e) {
      return;
    }
    String printed = formula.toString();
    RegressionFormula again = RegressionFormula.parse(printed);
    assertEquals(formula, again, () -> text + " is printed " + printed);
    assertEquals(printed, again.toString());
    assertEquals(formula.steps().size(), again.steps().size(), text);
  }
}
