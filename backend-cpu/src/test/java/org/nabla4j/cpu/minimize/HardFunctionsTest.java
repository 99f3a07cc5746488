package org.nabla4j.cpu.minimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nabla4j.cpu.algebra.Vectors;
import org.nabla4j.cpu.minimize.FirstOrderSearchesTest.Kind;
import org.nabla4j.result.Status;

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

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void aLargeValueDoesNotMakeAnyGradientSmall(String name, Starter method) {
    // Adam's steps have the length of its rate: the minimum is too far for it
    if (!name.equals("ADAM")) {
      Search search = run(method, "(x1-1e8)^2", 0);
      assertTrue(search.status().converged(), () -> search.status().toString());
      assertEquals(1e8, search.best()[0], 1e-3);
      Search other = run(method, "(x1-1e7)^2+(x2-3)^2", 0, 0);
      assertTrue(other.status().converged(), () -> other.status().toString());
      assertArrayEquals(new double[] {1e7, 3}, other.best(), 1e-2);
    }
    // all that is beyond the first twelve digits
    assertEquals(1e12, run(method, "x1^2+1e12", 100).value(), name.equals("ADAM") ? 1e3 : 1);
  }

  @ParameterizedTest
  @EnumSource
  void slowConvergenceEndsOnceLittleIsLeft(TestMethod method) {
    Search search = run(start -> method.search(start, null, null), "x1^4+1e12", 15);
    assertSame(Status.CONVERGED_GRADIENT, search.status());
    assertEquals(1e12, search.value(), 1e3);
  }

  @ParameterizedTest
  @EnumSource
  void aLimitReachedFarFromTheMinimumIsReported(TestMethod method) {
    Search search =
        TestFunction.of("(x1-1e8)^2", 1).run(method.search(1, new double[] {0}, null, null));
    assertSame(Status.ITERATION_LIMIT, search.status());
    assertEquals(1, search.iterations());
  }

  /** The methods that look for the length of their steps along lines, or in regions. */
  static Stream<Arguments> lines() {
    return Stream.concat(
        Stream.of(TestMethod.values()).map(m -> named(m, start -> m.search(start, null, null))),
        Stream.of(Kind.LIMITED_MEMORY_BFGS, Kind.CONJUGATE_GRADIENT, Kind.STRONG_WOLFE)
            .map(kind -> named(kind, kind::search)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void squaresOfGradientsMayOverflow(String name, Starter method) {
    Search search = run(method, "exp(x1^2+x2^2)", 20, 10);
    assertTrue(search.status().converged(), () -> search.status().toString());
    assertEquals(1, search.value(), 1e-9);
    Search flat = run(method, "x1^40", 1e4);
    assertTrue(flat.status().converged(), () -> flat.status().toString());
    assertEquals(0, flat.value(), 1e-6);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void aStartWithoutAValueHasNoGradient(String name, Starter method) {
    Search search = run(method, "log(x1)+x2^2", -1, 2);
    assertSame(Status.NON_FINITE, search.status());
    if (search.gradient() != null) {
      assertEquals(Double.NaN, Vectors.norm(search.gradient()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void parametersStayFinite(String name, Starter method) {
    for (double x : run(method, "1/x1", 1).best()) {
      assertTrue(Double.isFinite(x), () -> "at " + x);
    }
    for (double x : run(method, "1/x1+1/(x1+x2)", 1, 1).best()) {
      assertTrue(Double.isFinite(x), () -> "at " + x);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void whatFallsWithoutEndIsUnbounded(String name, Starter method) {
    for (String formula :
        new String[] {"-exp(x1)", "-exp(x1^2)", "-exp(x1)-exp(x1/3)", "-x1^40", "-x1"}) {
      assertSame(Status.UNBOUNDED, run(method, formula, 1).status(), formula);
    }
    for (String formula : new String[] {"x1-x2", "x1-2*x2", "x2^2-exp(x1)", "1e-3*x1-1e3*x2"}) {
      assertSame(Status.UNBOUNDED, run(method, formula, 1, 1).status(), formula);
      assertSame(Status.UNBOUNDED, run(method, formula, 0, 3).status(), formula);
    }
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
