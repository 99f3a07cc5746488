package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.minimize.FirstOrderSearchesTest.Kind;

/** Functions with holes, cusps and huge values: what every method must make of them. */
class HardFunctionsTest {

  /** A method from a start, without bounds. */
  @FunctionalInterface
  private interface Starter {
    Search search(double... start);
  }

  private static Arguments named(Enum<?> name, Starter starter) {
    return Arguments.of(name.toString(), starter);
  }

  /** All methods. */
  static Stream<Arguments> methods() {
    return Stream.concat(
        Stream.of(TestMethod.values()).map(m -> named(m, start -> m.search(start, null, null))),
        Stream.of(Kind.values()).map(kind -> named(kind, kind::search)));
  }

  private static Search run(Starter method, String formula, double... start) {
    return TestFunction.of(formula, start.length).run(method.search(start));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void theValueIsThatOfTheParameters(String name, Starter method) {
    check(method, "sqrt(x1)", 1);
    check(method, "log(abs(x1-1)+1e-9)", 3);
    check(method, "sqrt(abs(x1))+abs(x2-1)", 1, 3);
    check(method, "x1*log(x1)", 2);
  }

  private static void check(Starter method, String formula, double... start) {
    Search search = run(method, formula, start);
    TestFunction f = TestFunction.of(formula, start.length);
    String where = formula + " " + search.status();
    assertEquals(f.value(search.best()), search.value(), where);
    if (search.gradient() != null) {
      assertArrayEquals(f.gradient(search.best()), search.gradient(), where);
    }
  }
}
