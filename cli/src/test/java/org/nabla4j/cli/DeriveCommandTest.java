package org.nabla4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nabla4j.cli.CommandLineRunner.Outcome;

class DeriveCommandTest {

  private static Outcome derive(String formula, String... more) {
    List<String> line = new ArrayList<>(List.of("derive", "--formula", formula));
    line.addAll(Arrays.asList(more));
    return CommandLineRunner.run(line.toArray(String[]::new));
  }

  @Test
  void gradientAsFormulas() {
    Outcome outcome = derive("b1*(1 - exp(-b2*x))", "--by", "b1,b2");
    assertEquals(0, outcome.code(), outcome.err());
    assertEquals("", outcome.err());
    assertEquals(
        "b1*(1 - exp(-b2*x))\nd/db1  1 - exp(-b2*x)\nd/db2  b1*x*exp(-b2*x)\n", outcome.out());
  }

  @Test
  void numbersAndStationaryPoint() {
    Outcome outcome = derive("x^3 - 3*x + y^2", "--hessian", "--at", "x=1", "--at", "y=0");
    assertEquals(0, outcome.code(), outcome.err());
    for (String line :
        List.of(
            "d2/dx dy  0",
            "value  -2.0",
            "gradient  x = 0.0",
            "Hessian  6.0 0.0",
            "stationary point  MINIMUM (relative gradient 0.0, eigenvalues [2.0, 6.0])")) {
      assertTrue(outcome.out().contains("\n" + line + "\n"), outcome.out());
    }
    String slope = derive("x^3", "--at", "x=1").out();
    assertFalse(slope.contains("stationary"), slope);
  }

  @Test
  void aKinkIsNoStationaryPoint() {
    String kink = derive("abs(x)", "--at", "x=0").out();
    assertTrue(kink.endsWith("\nnot differentiable  the slopes on both sides differ\n"), kink);
    assertFalse(kink.contains("stationary"), kink);
    Map<String, Object> json = derive("max(x, -x)", "--at", "x=0", "--json").json();
    assertEquals(
        "NOT_DIFFERENTIABLE", CommandLineRunner.object(json.get("stationaryPoint")).get("kind"));
  }

  @Test
  void taylorSeries() {
    Outcome outcome = derive("exp(sin(x))", "--taylor", "x:4");
    assertEquals(0, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().endsWith("\nTaylor  1 + x + 0.5*x^2 - 0.125*x^4 + O(x^5)\n"), outcome.out());
    String others = derive("a*x^2", "--taylor", "x:2", "--at", "a=3").out();
    assertTrue(others.contains("\nTaylor  3*x^2 + O(x^3)\n"), others);
    assertFalse(others.contains("value"), others);
  }

  @Test
  @SuppressWarnings("unchecked") // What the test itself expects.
  void json() {
    Map<String, Object> json =
        derive("x^3 - 3*x + y^2", "--hessian", "--at", "x=1,y=0", "--taylor", "x:2", "--json")
            .json();
    assertEquals("x^3 - 3*x + y^2", json.get("formula"));
    assertEquals("2*y", CommandLineRunner.object(json.get("gradient")).get("y"));
    assertEquals("2", ((List<List<Object>>) json.get("hessian")).get(1).get(1));
    assertEquals(-2.0, json.get("value"));
    assertEquals(Map.of("x", 0.0, "y", 0.0), json.get("gradientAt"));
    assertEquals(List.of(List.of(6.0, 0.0), List.of(0.0, 2.0)), json.get("hessianAt"));
    Map<String, Object> point = CommandLineRunner.object(json.get("stationaryPoint"));
    assertEquals("MINIMUM", point.get("kind"));
    assertEquals(List.of(2.0, 6.0), point.get("eigenvalues"));
    Map<String, Object> taylor = CommandLineRunner.object(json.get("taylor"));
    assertEquals(List.of(-2.0, 0.0, 3.0), taylor.get("coefficients"));
    assertEquals("-2 + 3*(x - 1)^2", taylor.get("formula"));
    assertEquals(1.0, taylor.get("at"));
    assertEquals(2.0, taylor.get("order"));
    assertEquals("x", taylor.get("variable"));

    Map<String, Object> formulas = derive("x*y", "--json").json();
    assertEquals(List.of("formula", "gradient"), List.copyOf(formulas.keySet()));
    Map<String, Object> outside = derive("log(x)", "--at", "x=-1", "--json").json();
    assertTrue(outside.containsKey("value"));
    assertNull(outside.get("value"));
    assertFalse(outside.containsKey("stationaryPoint"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "y = x | | has an equals sign | --formula \"x\"",
        "x*y | --by z | --by names z | the symbols are x, y",
        "x*y | --by x,x | --by gives x twice | ",
        "x*y | --by x, | --by has an empty name | ",
        "x*y | --at x=1 | --at has no value for y | x, y",
        "x*y | --at x=1,y=one | y = 'one' | ",
        "x*y | --at x=1,z=1 | --at names z | the symbols are x, y",
        "x*y | --taylor x:2 | --taylor x:2 needs a value for y | give --at y=",
        "x*y | --taylor z:2 | --taylor names z | the symbols are x, y",
        "x | --taylor x | expected NAME:ORDER | --taylor x:4",
        "x | --taylor x:-1 | expected NAME:ORDER | ",
        "x | --taylor x:1001 | an order up to 1000 | ",
        "sqrt(x) | --taylor x:2 | no derivative of order 1 at x = 0: sqrt(x) | ",
        "2 | --by x | --by names x | the formula has none",
      })
  void badInputEndsWithTwo(String formula, String options, String message, String hint) {
    Outcome outcome = derive(formula, options == null ? new String[0] : options.split(" ", -1));
    assertEquals(2, outcome.code(), outcome.out());
    assertEquals("", outcome.out());
    assertTrue(outcome.err().contains(message), outcome.err());
    assertTrue(hint == null || outcome.err().contains(hint), outcome.err());
  }

  @Test
  void formulaIsRequiredAndPointedAt() {
    String wrong = derive("x^*2").err();
    assertTrue(wrong.contains("x^*2\n") && wrong.contains("^\n"), wrong);
    Outcome outcome = CommandLineRunner.run("derive");
    assertEquals(2, outcome.code());
    assertTrue(outcome.err().contains("--formula"), outcome.err());
  }
}
