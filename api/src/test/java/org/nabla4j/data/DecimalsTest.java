package org.nabla4j.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Decimal numbers, bit for bit against {@link Double#parseDouble}. */
class DecimalsTest {

  private static double parse(String text) {
    char[] padded = ("9" + text + "9").toCharArray();
    return Decimals.parse(padded, 1, padded.length - 1, '.');
  }

  private static void assertSame(String text) {
    long expected = Double.doubleToRawLongBits(Double.parseDouble(text));
    if (expected != Double.doubleToRawLongBits(parse(text))) {
      assertEquals(Double.parseDouble(text), parse(text), text);
      throw new AssertionError(text + " has another sign");
    }
  }

  @Property(tries = 100_000)
  void everyDouble(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isFinite(value)) {
      assertSame(Double.toString(value));
    }
  }

  @Property(tries = 200_000)
  void everyMantissaAndExponent(
      @ForAll @LongRange(min = 0) long w, @ForAll @IntRange(min = -90, max = 90) int q) {
    assertSame(w + "e" + q);
    assertSame("-" + Long.toUnsignedString(~w) + "E" + q);
  }

  /** Halfway between two doubles, and the next decimals above and below. */
  @Property(tries = 50_000)
  void ties(@ForAll @LongRange(min = 0) long bits, @ForAll @IntRange(min = -70, max = 70) int e) {
    long mantissa = (1L << 52) | (bits & ((1L << 52) - 1));
    BigDecimal tie =
        BigDecimal.valueOf(2 * mantissa + 1)
            .multiply(e >= 0 ? pow2(e) : BigDecimal.ONE.divide(pow2(-e)));
    assertSame(tie.toString());
    assertSame(tie.toPlainString());
    BigDecimal unit = tie.ulp();
    assertSame(tie.add(unit).toString());
    assertSame(tie.subtract(unit).toString());
  }

  private static BigDecimal pow2(int e) {
    return BigDecimal.valueOf(2).pow(e);
  }

  @Test
  void textsOfEveryLength() {
    long seed = 20_261_123;
    Random random = new Random(seed);
    for (int k = 0; k < 300_000; k++) {
      StringBuilder text = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
      int whole = random.nextInt(12);
      int fraction = random.nextInt(14) + (whole == 0 ? 1 : 0);
      for (int i = 0; i < whole; i++) {
        text.append((char) ('0' + (random.nextInt(4) == 0 ? 0 : random.nextInt(10))));
      }
      if (fraction > 0 || random.nextBoolean()) {
        text.append('.');
      }
      for (int i = 0; i < fraction; i++) {
        text.append((char) ('0' + (random.nextInt(4) == 0 ? 0 : random.nextInt(10))));
      }
      if (random.nextInt(3) == 0) {
        text.append(random.nextBoolean() ? "e" : "E")
            .append(new String[] {"", "+", "-"}[random.nextInt(3)])
            .append(random.nextInt(random.nextBoolean() ? 30 : 400));
      }
      assertSame(text.toString());
    }
  }

  @Test
  void extremes() {
    for (String text :
        new String[] {
          "0",
          "-0",
          "+0.0",
          "-0.000e5",
          ".5",
          "5.",
          "+5",
          "1e0",
          "1E+05",
          "1e-05",
          "4.9e-324",
          "2.4703282292062327e-324",
          "2.4703282292062328e-324",
          "2.2250738585072011e-308",
          "1.7976931348623157e308",
          "1.7976931348623159e308",
          "1e309",
          "-1e999",
          "1e99999999999",
          "1e-99999999999",
          "9007199254740993",
          "9007199254740992.99999999999999999999",
          "9007199254740993.00000000000000000001",
          "18446744073709551615",
          "18446744073709551616",
          "99999999999999999999999",
          "0000000000000000000000001.5",
          "0.0000000000000000000000015",
          "0000000000000000000000000",
          "0.1000000000000000055511151231257827021181583404541015625",
          "1" + "0".repeat(400),
          "0." + "0".repeat(400) + "1e400",
          "0." + "0".repeat(1_300_000) + "1e1300001",
          "123456789012345678901234567890e-29"
        }) {
      assertSame(text);
      if (!text.startsWith("-") && !text.startsWith("+")) {
        assertSame("-" + text);
      }
    }
  }

  @Test
  void otherTextIsNoNumber() {
    for (String text :
        new String[] {
          "",
          "-",
          "+",
          ".",
          "-.",
          "e5",
          ".e5",
          "1e",
          "1e+",
          "1e5.",
          "1.2.3",
          "1,5",
          "--1",
          "+-1",
          "1d",
          "1f",
          "0x10",
          "0x1p3",
          "NaN",
          "Infinity",
          "inf",
          "1 000",
          " 1",
          "1 ",
          "1_000",
          "١",
          "1e5e5",
          "12a"
        }) {
      assertTrue(Double.isNaN(parse(text)), text);
    }
  }

  @Test
  void decimalComma() {
    char[] text = "1,25e2".toCharArray();
    assertEquals(125, Decimals.parse(text, 0, text.length, ','));
    text = "0,1234567890123456789012345".toCharArray();
    assertEquals(0.12345678901234568, Decimals.parse(text, 0, text.length, ','));
    text = "1.25".toCharArray();
    assertTrue(Double.isNaN(Decimals.parse(text, 0, text.length, ',')));
  }
}
