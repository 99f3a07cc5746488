package org.nabla4j.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Texts that are made to cost time, memory or stack, or to be mistaken for code. */
class HostileTextTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private static String refusal(String text) {
    return assertTimeoutPreemptively(
        SOON,
        () -> {
          FormulaException e = assertThrows(FormulaException.class, () -> Formula.parse(text));
          String message = e.getMessage();
          assertTrue(message.length() < 400, "a message stays short");
          return message.substring(0, message.indexOf('\n'));
        });
  }

  @Test
  void millionsOfCharactersAreRefusedUnread() {
    String limit = "a formula has at most 100000 characters, but this one has ";
    assertEquals(limit + 1_000_000, refusal("(".repeat(1_000_000)));
    assertEquals(limit + 8_000_001, refusal("x+".repeat(4_000_000) + "x"));
    assertEquals(limit + 100_001, refusal("x".repeat(100_001)));
  }

  @Test
  void nestingIsLimited() {
    String limit = "a formula has at most 1000 parentheses inside each other";
    assertEquals(limit, refusal("(".repeat(50_000) + "x" + ")".repeat(49_000)));
    assertEquals(limit, refusal("sin(".repeat(1001) + "x" + ")".repeat(1001)));
    assertEquals(limit, refusal("(".repeat(100_000)));
    String deepest = "sin(".repeat(1000) + "x" + ")".repeat(1000);
    assertEquals(deepest, Formula.parse(deepest).toString());
  }

  @Test
  void longChainsOfSignsAndPowersAreRead() {
    Expression signs = read("-".repeat(99_999) + "x");
    assertEquals(-3, signs.evaluate(Map.of("x", 3.0)));
    Expression powers = read("x^".repeat(49_999) + "x");
    assertEquals(1, powers.evaluate(Map.of("x", 1.0)));
    Expression mixed = read("2^-".repeat(30_000) + "x");
    assertTrue(Double.isFinite(mixed.evaluate(Map.of("x", 1.0))));
    Expression sums = read("x+".repeat(49_999) + "x");
    assertEquals(50_000, sums.evaluate(Map.of("x", 1.0)));
    Expression divisions = read("x/".repeat(49_999) + "x");
    assertEquals(1, divisions.evaluate(Map.of("x", 1.0)));
  }

  /** Reads, prints, simplifies and derives within the time limit. */
  private static Expression read(String text) {
    return assertTimeoutPreemptively(
        SOON,
        () -> {
          Expression e = Formula.parse(text).expression();
          assertTrue(e.toString().length() < 11_000);
          assertEquals(List.of("x"), List.copyOf(Simplifier.simplify(e).symbols()));
          assertTrue(Derivatives.derivative(e, "x").toString().length() < 11_000);
          return e;
        });
  }

  @Test
  void wrongNumbersOfArgumentsByTheThousand() {
    assertEquals(
        "'min' takes 2 arguments, min(a, b), but is given 49000",
        refusal("min(" + "1,".repeat(48_999) + "1)"));
  }

  @Test
  void longNamesAndNumbers() {
    assertEquals(
        "a name has at most 200 characters, but this one has 90000", refusal("b".repeat(90_000)));
    assertEquals(
        "number is beyond the range of double (1.8e308); infinity is written Infinity",
        refusal("9".repeat(99_999)));
    assertTimeoutPreemptively(
        SOON, () -> assertEquals(1, valueOf("0." + "9".repeat(99_000)), "rounds to one"));
    assertTimeoutPreemptively(
        SOON, () -> assertEquals(0, valueOf("0." + "0".repeat(99_000) + "1e-9")));
    assertEquals(Double.POSITIVE_INFINITY, valueOf("1/0"));
  }

  private static double valueOf(String text) {
    return Formula.parse(text).expression().evaluate(Map.of());
  }

  @Test
  void thousandsOfNamesOfOneHash() {
    // "Aa" and "BB" have the same String hash, and so has every string of equally many of them.
    StringBuilder text = new StringBuilder("x");
    for (int i = 0; i < 4096; i++) {
      text.append('+');
      for (int bit = 0; bit < 11; bit++) {
        text.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
    }
    assertTrue(text.length() < 100_000);
    assertTimeoutPreemptively(
        SOON, () -> assertEquals(2049, Formula.parse(text.toString()).symbols().size()));
  }

  @Test
  void codeIsNotAFormula() {
    for (String code :
        new String[] {
          "x; System.exit(1)",
          "java.lang.Runtime.getRuntime()",
          "${jndi:ldap://a/b}",
          "x\"); } static { int y = (\"",
          "a[0]",
          "a->b",
          "a = () -> b",
          "#include <x>",
          "a /* b */ c",
          "x // y",
          "x\\u0022",
          "<init>",
          "%s%n",
          "a && b || c",
          "new Object()",
          "asm(\"trap;\")",
          "x ? y : z",
          "'x'",
          "{x}",
          "x @ y",
          "~x",
          "x % y",
          "x\u2028+y",
          "x\u00a0+ y",
          "\ufeffx"
        }) {
      assertTimeoutPreemptively(
          SOON, () -> assertThrows(FormulaException.class, () -> Formula.parse(code), code));
    }
  }

  @Property(tries = 2000)
  void anyTextIsReadOrRefused(@ForAll @StringLength(max = 60) String text) {
    readOrRefuse(text);
  }

  @Property(tries = 5000)
  void anyMixOfTokensIsReadOrRefused(@ForAll long seed) {
    String[] tokens = {
      "x", "y", "2", ".5", "1e3", "+", "-", "*", "/", "^", "**", "(", ")", ",", "=", "==", "<",
      "<=", "exp", "exp(", "min(", "where(", "pi", " ", "NaN", "-2"
    };
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(14); i >= 0; i--) {
      text.append(tokens[random.nextInt(tokens.length)]);
    }
    readOrRefuse(text.toString());
  }

  /** No exception but the one; and what was read is written and read again as the same. */
  private static void readOrRefuse(String text) {
    Formula formula;
    try {
      formula = Formula.parse(text);
    } catch (FormulaException e) {
      assertTrue(e.position() >= 0 && e.position() <= text.length());
      return;
    }
    assertEquals(formula, Formula.parse(formula.toString()));
  }
}
